"""How a local project is watched, limited and set from outside."""
