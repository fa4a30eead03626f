"""What tracking costs without a request, and what is lost, beside other clients.

    python -m benchmarks.tracking.client_cost --peer clients=PYTHON

PYTHON has mixpanel, posthog and segment-analytics-python; README.md says how to read
the rows.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.measuring import (
    ROOT,
    Given,
    NotMeasuredError,
    Steadiness,
    alone,
    last_line,
)
from benchmarks.rows import Beside, Row
from benchmarks.tracking.client_process import A_SECOND
from benchmarks.tracking.sink import Sink

AREA = "Tracking without a request"
OURS, OUTBOX = "mixpanel-pyramid", "mixpanel-pyramid, outbox"
PEERS = {
    "mixpanel": "mixpanel",
    "posthog": "posthog",
    "segment": "segment-analytics-python",
}
DISTRIBUTIONS = {OURS: OURS, **PEERS}
BUSY_US, EVENTS_A_SECOND, KILLED = 100.0, 50_000.0, 5_037
# How many events each measure tracks; a kill and an outage always have 5,037.
COUNTS = {"busy": 10_000, "rate": 20_000, "memory": 400_000, "restart": 3}
QUICK = {"busy": 1_000, "rate": 2_000, "memory": 40_000, "restart": 1}
# Seconds that a client may take for one measure.
DEADLINE = 120
Rounds = dict[str, list[dict[str, float]]]


class Clients:
    """Runs clients, ours and peers, in processes of their own.

    Args:
        sink: What they send to.
        given: Where the peers are.
        folder: For outboxes.
    """

    def __init__(self, sink: Sink, given: Given, folder: Path) -> None:
        self.sink, self.folder, self.steadiness = sink, folder, Steadiness()
        self.counts = QUICK if given.quick else COUNTS
        self.down_seconds = 1 if given.quick else 5
        self.pythons = {OURS: sys.executable}
        self.reasons: dict[str, str] = {}
        for name, distribution in PEERS.items():
            try:
                self.pythons[name] = given.python("clients", distribution)
            except NotMeasuredError as error:
                self.reasons[name] = str(error)

    def run(self, client: str, measure: str, outbox: str = "") -> Any:  # noqa: ANN401
        """Measure a client, and give the result; None if it gave none.

        Raises:
            NotMeasuredError: If it failed.
        """
        count = str(self.counts.get(measure, KILLED))
        module = "benchmarks.tracking.client_process"
        script = [self.pythons[client], "-Wignore", "-m", module, client, measure]
        with (self.folder / "client.log").open("w+") as log:
            process = subprocess.Popen(
                [*script, count, self.sink.url, outbox],
                cwd=ROOT,
                env=self.sink.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
            if measure == "outage":
                assert process.stdout is not None
                process.stdout.readline()
                time.sleep(self.down_seconds)
                self.sink.ask("up")
            try:
                lines = process.communicate(timeout=DEADLINE)[0].splitlines()
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                text = f"it was not done after {DEADLINE} s"
                raise NotMeasuredError(text) from None
            if process.returncode and measure != "kill":
                log.seek(0)
                raise NotMeasuredError(last_line(log.read()))
        self.steadiness.sample()
        return json.loads(lines[-1]) if lines else None

    def rounds(self, measure: str, number: int) -> Rounds:
        """Measure all clients in turn, several times; leave out what fails."""
        self.steadiness = Steadiness()
        found: Rounds = {name: [] for name in self.pythons}
        for _ in range(number):
            for name in self.pythons:
                if name in self.reasons:
                    continue
                try:
                    found[name].append(self.run(name, measure))
                except NotMeasuredError as error:
                    self.reasons[name] = str(error)
        if not found[OURS]:
            raise NotMeasuredError(self.reasons[OURS])
        return found

    def beside(self, found: dict[str, list[float]]) -> Iterator[Beside]:
        """Give what was found of each peer, or why it was not."""
        for name in PEERS:
            values = found.get(name, [])
            yield Beside(
                DISTRIBUTIONS[name], values, "" if values else self.reasons[name]
            )

    def row(self, what: str, unit: str, found: Rounds, key: str, **more: float) -> Row:
        """Make a row of one figure of what was found."""
        values = {name: [each[key] for each in found[name]] for name in found}
        limit = more.get("limit")
        noise = 1.0 if more.get("is_counted") else self.steadiness.noise
        return Row(
            what,
            unit,
            values[OURS],
            [*self.beside(values)],
            noise,
            more_is_better=bool(more.get("more_is_better")),
            limit=limit,
        )


def arrivals(clients: Clients, client: str, measure: str, outbox: str) -> float:
    """Count what arrives of a client that is killed, or that meets an outage."""
    sink = clients.sink
    sink.ask("reset")
    sink.ask("down" if measure == "outage" else "up")
    clients.run(client, measure, outbox)
    if measure == "kill":
        clients.run(client, "restart", outbox)
    return float(sink.ask("count")["unique"])


def losses(clients: Clients, measure: str, what: str) -> Row:
    """Count what arrives of each client, in one run each."""
    folder = clients.folder
    ours = arrivals(clients, OURS, measure, str(folder / f"{measure}.sqlite"))
    memory = arrivals(clients, OURS, measure, "")
    found: dict[str, list[float]] = {}
    for name in PEERS:
        if name not in clients.reasons:
            try:
                found[name] = [arrivals(clients, name, measure, "")]
            except NotMeasuredError as error:
                clients.reasons[name] = str(error)
    clients.sink.ask("up")
    beside = [Beside("ours, queue in memory", [memory]), *clients.beside(found)]
    return Row(what, "events", [ours], beside, more_is_better=True, limit=KILLED)


def measure(given: Given) -> list[Row]:
    """Measure and count everything."""
    with tempfile.TemporaryDirectory() as name, Sink(Path(name)) as sink:
        clients, number = Clients(sink, given, Path(name)), 1 if given.quick else 3
        sink.ask("delay", 0.05)
        busy = clients.rounds("busy", number)
        calls = "track() while events are delivered"
        rows = [
            clients.row(f"{calls}, p50", "µs", busy, "median"),
            clients.row(f"{calls}, p99", "µs", busy, "p99", limit=BUSY_US),
            clients.row(f"{calls}, mean", "µs", busy, "mean"),
        ]
        sink.ask("delay", 0.0)
        rate = clients.rounds("rate", number)
        what = "tracked and delivered in a CPU second"
        better = {"more_is_better": True, "limit": EVENTS_A_SECOND}
        rows.append(clients.row(what, "events", rate, "all", **better))
        sink.ask("delay", 0.05)
        text = f"arrived of {KILLED:,} and"
        rows.append(losses(clients, "kill", f"{text} a SIGKILL; ours has an outbox"))
        what = f"{text} an outage of {clients.down_seconds} s; ours has an outbox"
        rows.append(losses(clients, "outage", what))
        sink.ask("down")
        memory = clients.rounds("memory", 1)
        count = clients.counts["memory"]
        tracked = f"{count:,} events or {count // A_SECOND} s"
        what = f"memory while nothing answers, after {tracked}"
        rows.append(clients.row(what, "MiB", memory, "mib", is_counted=True))
        counted = {"more_is_better": True, "is_counted": True}
        what = "events that it then has tracked"
        rows.append(clients.row(what, "events", memory, "tracked", **counted))
    return rows


if __name__ == "__main__":
    raise SystemExit(alone(AREA, __doc__, measure))
