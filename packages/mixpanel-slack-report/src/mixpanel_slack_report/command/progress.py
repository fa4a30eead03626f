"""Says on a terminal what is being asked, as Mixpanel may take minutes to answer."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Literal

import click

from mixpanel_slack_report.collection.collecting import EventCounts

if TYPE_CHECKING:
    from mixpanel_query import TimeSeries

__all__ = ["telling"]


@contextmanager
def telling(source: EventCounts, *, calls: int) -> Iterator[EventCounts]:
    """Give a source whose questions are told on stderr, if that is a terminal.

    Args:
        source: Whom to ask.
        calls: How many questions are planned.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield source
        return
    told = ToldSource(source, calls)
    try:
        yield told
    finally:
        told.tell("")


class ToldSource:
    """Passes questions on and counts them, each in the place of the one before."""

    def __init__(self, source: EventCounts, calls: int) -> None:
        self.source = source
        self.calls = calls
        self.asked = 0
        self.shown = ""

    def event_names(self) -> list[str]:
        """Pass the question on."""
        self.tell_next()
        return self.source.event_names()

    def events(
        self,
        events: Collection[str],
        from_date: date,
        to_date: date,
        *,
        type: Literal["general", "unique"],
        unit: Literal["day", "week", "month"],
    ) -> TimeSeries:
        """Pass the question on."""
        self.tell_next()
        return self.source.events(events, from_date, to_date, type=type, unit=unit)

    def segmentation(
        self,
        event: str,
        from_date: date,
        to_date: date,
        *,
        interval: int,
        type: Literal["unique"],
    ) -> TimeSeries:
        """Pass the question on."""
        self.tell_next()
        return self.source.segmentation(
            event, from_date, to_date, interval=interval, type=type
        )

    def tell_next(self) -> None:
        """Say which question is being asked."""
        self.asked += 1
        self.tell(f"Asking Mixpanel … ({self.asked} of {self.calls})")

    def tell(self, line: str) -> None:
        """Write a line over the one before."""
        wiped = " " * len(self.shown)
        click.echo(f"\r{wiped}\r{line}", nl=False, err=True)
        self.shown = line
