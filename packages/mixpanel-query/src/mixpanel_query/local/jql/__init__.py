"""Scripts in JQL: how they are asked for, and the events that they get."""
