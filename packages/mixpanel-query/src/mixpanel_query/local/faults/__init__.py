"""Answers of a local project that go wrong on purpose."""
