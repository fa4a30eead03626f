"""The HTTP side of a local project."""
