"""Asking Mixpanel for the numbers of a report, and judging what came back."""
