"""Says on a terminal what is being asked, as Mixpanel may take minutes to answer."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from mixpanel_slack_report.collection.progress import Tell, tell_nobody

__all__ = ["telling"]


@contextmanager
def telling() -> Iterator[Tell]:
    """Give what tells on stderr how far the questions are, if that is a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield tell_nobody
        return
    line = Line()
    try:
        yield line.tell
    finally:
        line.write("")


class Line:
    """A line of a terminal that is written over and over; used by one thread."""

    def __init__(self) -> None:
        self.shown = ""

    def tell(self, purpose: str, done: int, planned: int) -> None:
        """Say what is being asked, and how many answers there are."""
        self.write(f"Asking Mixpanel for {purpose} … ({done} of {planned} answered)")

    def write(self, text: str) -> None:
        """Write over what is shown."""
        wiped = " " * len(self.shown)
        click.echo(f"\r{wiped}\r{text}", nl=False, err=True)
        self.shown = text
