"""What was posted, and what was about to be: the memory between runs."""
