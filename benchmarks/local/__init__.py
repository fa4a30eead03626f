"""What a local project can take."""
