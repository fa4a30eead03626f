"""A Django shop that tracks what its visitors do."""
