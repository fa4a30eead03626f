"""The parameters of requests: reading them, and refusing what has no answer."""
