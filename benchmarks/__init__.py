"""Measures what the packages cost, beside others: ``python -m benchmarks``."""
