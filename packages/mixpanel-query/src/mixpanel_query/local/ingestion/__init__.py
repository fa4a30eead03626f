"""What arrives at a local project, and what becomes of it."""
