"""Tells a Slack channel that its report failed, once, and how to mend it."""
