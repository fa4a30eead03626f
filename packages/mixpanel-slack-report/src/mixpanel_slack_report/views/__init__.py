"""Reports for a terminal, a browser and a program."""
