"""What arrives at a local project, whatever it is about: reading and judging it."""
