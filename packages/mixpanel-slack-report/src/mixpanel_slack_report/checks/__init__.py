"""What can go wrong in a first set-up, looked at one thing after the other."""
