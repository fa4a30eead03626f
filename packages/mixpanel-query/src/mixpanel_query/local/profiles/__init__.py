"""Profiles of a local project: updating, filtering and paging them."""
