"""An app, its visitors and its sink: what they do, and what must hold after it."""

from __future__ import annotations

import json
import logging
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from pyramid.registry import Registry
from tests.mixpanel_pyramid.faults.scripted_sink import ScriptedSink

from mixpanel_pyramid import delivery_stats, flush

__all__ = ["UNKNOWN", "FaultRun", "messages_in"]

UNKNOWN = "SELECT body FROM dead_letters WHERE state = 'unknown'"


@dataclass
class FaultRun:
    """An app that tracks into a scripted sink, and those who visit it.

    Attributes:
        sink: The sink.
        registry: The app's registry.
        visitors: A connection to the app.
        outbox: The app's outbox, if it has one.
        pages: The insert id of each visit, by visitor.
        seconds: How long the answers took, with tracking and without.
    """

    sink: ScriptedSink
    registry: Registry
    visitors: HTTPConnection
    outbox: Path | None
    pages: dict[str, list[str]] = field(default_factory=dict)
    seconds: dict[str, list[float]] = field(
        default_factory=lambda: {"plain": [], "tracked": []}
    )

    def visit(self, number: int) -> None:
        """Make visits, each of which is answered, and compare with plain ones."""
        for count in range(number):
            who, page = f"visitor-{count % 3}", uuid4().hex
            self.get("plain", "")
            self.get("tracked", f"?who={who}&page={page}")
            self.pages.setdefault(who, []).append(page)

    def get(self, view: str, query: str) -> None:
        """Ask for a view, and note how long the answer took."""
        began = time.perf_counter()
        self.visitors.request("GET", f"/{view}{query}")
        response = self.visitors.getresponse()
        body = response.read()
        self.seconds[view].append(time.perf_counter() - began)
        assert (response.status, body.decode()) == (200, view)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait, at most ten seconds, until something holds."""
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline
            time.sleep(0.005)

    def has_failed(self) -> bool:
        """Tell whether the delivery has met the fault."""
        stats = delivery_stats(self.registry)
        return stats.retried + stats.unknown > 0

    def flush(self, timeout: float) -> bool:
        """Ask the delivery to try at once."""
        return flush(self.registry, timeout)

    def unknown(self) -> int:
        """Count the updates of which nobody knows whether they were applied."""
        counted = delivery_stats(self.registry).unknown
        if self.outbox is not None:
            assert len(messages_in(self.outbox, UNKNOWN)) == counted
        return counted

    def asked(self) -> dict[str, int]:
        """Count the visits of each visitor."""
        return {who: len(pages) for who, pages in self.pages.items()}

    def delay(self) -> str:
        """Say how much later the answers came than those without tracking."""
        plain, tracked = ([s * 1000 for s in each] for each in self.seconds.values())
        later = statistics.median(tracked) - statistics.median(plain)
        return (
            f"{later:+.2f} ms; worst {max(tracked):.1f}, of the plain {max(plain):.1f}"
        )

    def survive(self) -> None:
        """Visit the app while it cannot deliver, until it has tried several times."""
        self.visit(8)
        self.wait_until(self.has_failed)
        for _ in range(3):
            assert not self.flush(0.1)
        self.visit(8)

    def assert_nothing_lost(self) -> None:
        """Check that all events arrived, all ``$set``, and no update counted twice."""
        assert self.flush(20)
        held, asked = self.sink.holdings, Counter(self.asked())
        lengths = Counter({who: len(items) for who, items in held.items.items()})
        missing = (asked - held.sums).total() + (asked - lengths).total()

        assert held.events.keys() == {p for each in self.pages.values() for p in each}
        assert held.names == {who: who for who in self.pages}
        assert held.sums <= asked
        for who, pages in self.pages.items():
            assert Counter(held.items[who]) <= Counter(pages)
        assert missing <= self.unknown()

    def assert_all_exact(self) -> None:
        """Check that everything arrived, and counted exactly once."""
        self.assert_nothing_lost()

        assert self.sink.holdings.sums == Counter(self.asked())
        assert self.sink.holdings.items == self.pages
        assert set(self.sink.holdings.events.values()) == {1}
        assert self.unknown() == 0

    def assert_logged_once(self, caplog: pytest.LogCaptureFixture) -> None:
        """Check that the outage is one line in the log, and its end another."""
        lines = [
            (record.levelno, record.getMessage())
            for record in caplog.records
            if record.name == "mixpanel_pyramid.delivery"
        ]

        assert [level for level, _ in lines] == [logging.WARNING, logging.INFO]
        assert "takes no messages" in lines[0][1]
        assert "takes messages again" in lines[1][1]


def messages_in(outbox: Path, statement: str) -> list[Any]:
    """Read the JSON that an outbox keeps in a column."""
    with closing(sqlite3.connect(outbox)) as connection:
        return [json.loads(body) for (body,) in connection.execute(statement)]
