"""What the tests of the command line share: a report file, and how a run ended."""

from __future__ import annotations

from collections.abc import Callable

REPORT = """
[[metric]]
name = "Signups"
event = "Sign Up"
kind = "total"

[[metric]]
name = "New users"
event = "Sign Up"
kind = "unique"
"""
Run = Callable[..., "Outcome"]


class Outcome:
    """What a run of the command left behind.

    Attributes:
        code: Its exit code.
        out: What it printed on stdout.
        err: What it printed on stderr.
    """

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err
