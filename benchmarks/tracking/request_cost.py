"""What tracking adds to a Pyramid request, beside pyramid_mixpanel, in one run.

    python -m benchmarks.tracking.request_cost --peer pyramid=PYTHON

PYTHON has pyramid_mixpanel 0.13; README.md says how to read the rows.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.measuring import (
    ROOT,
    Given,
    NotMeasuredError,
    Steadiness,
    alone,
    groups,
    last_line,
    quantile,
)
from benchmarks.rows import Beside, Row
from benchmarks.tracking.sink import Sink

AREA = "Tracking in a Pyramid request"
PEER_NAME = "pyramid_mixpanel 0.13"
FLOORS = ("none", "1+1 floor", "60+0 floor")
# Cases that wait for the network get few requests a round; the sink takes 50 ms.
PEER_CALLS = {
    "none": 100,
    "idle": 100,
    "1+1 recorded": 100,
    "60+0 recorded": 10,
    "1+0 sent": 3,
    "10+0 sent": 3,
    "60+0 sent": 3,
    "1+1 sent": 3,
    "1+1 sent, customer.io": 3,
}


class Line(NamedTuple):
    """A case, what its row is called, which cases are beside it, and what is held."""

    case: str
    what: str
    floor: str = ""
    peer: str = ""
    at_most: float = 0.0
    times_floor: float = 0.0


ONE = "1 event, 1 profile"
MEMORY, OUTBOX = "queue in memory", "outbox"
CIO = "also for Customer.io"
LINES = (
    Line("idle", "nothing tracked", "", "idle", 20.0),
    Line("1+1 recorded", f"{ONE}; recorded", "1+1 floor", "1+1 recorded", 0, 8),
    Line("60+0 recorded", "60 events; recorded", "60+0 floor", "60+0 recorded", 0, 1.5),
    Line("1+0 sent", f"1 event; {MEMORY}", "", "1+0 sent"),
    Line("1+0 sent, outbox", f"1 event; {OUTBOX}", "", "1+0 sent"),
    Line("10+0 sent", f"10 events; {MEMORY}", "", "10+0 sent"),
    Line("10+0 sent, outbox", f"10 events; {OUTBOX}", "", "10+0 sent"),
    Line("60+0 sent", f"60 events; {MEMORY}", "", "60+0 sent"),
    Line("60+0 sent, outbox", f"60 events; {OUTBOX}", "", "60+0 sent"),
    Line("1+1 sent", f"{ONE}; {MEMORY}", "1+1 floor", "1+1 sent", 0, 8),
    Line("1+1 sent, outbox", f"{ONE}; {OUTBOX}", "1+1 floor", "1+1 sent", 0, 20),
    Line("1+1 sent, outbox, full", f"{ONE}; {OUTBOX}, outbox_sync = full"),
    Line(
        "1+1 sent, customer.io",
        f"{ONE}; {MEMORY}, {CIO}",
        "1+1 floor",
        "1+1 sent, customer.io",
        0,
        8,
    ),
    Line(
        "1+1 sent, outbox, customer.io",
        f"{ONE}; {OUTBOX}, {CIO}",
        "1+1 floor",
        "1+1 sent, customer.io",
    ),
)


class Measured:
    """A process that measures one package, in an environment of its own.

    Raises:
        NotMeasuredError: If it does not start.
    """

    def __init__(self, python: str, adapter: str, sink: Sink, folder: Path) -> None:
        self.log = folder / f"{adapter}.log"
        command = [python, "-Wignore", "-m", "benchmarks.tracking.request_process"]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [*command, adapter, sink.url, str(folder)],
                cwd=ROOT,
                env=sink.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.answer()
        self.took: dict[str, list[list[float]]] = {}

    def answer(self) -> Any:  # noqa: ANN401  # what JSON holds
        """Read an answer."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise NotMeasuredError(last_line(self.log.read_text()))
        return json.loads(line)

    def measure(self, case: str, count: int) -> None:
        """Measure so many requests of a case, as a round."""
        print(json.dumps([case, count]), file=self.process.stdin, flush=True)
        self.took.setdefault(case, []).append(self.answer())

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()

    def added(self, case: str, number: int) -> list[float]:
        """Give the microseconds added to a request, in so many groups of rounds."""
        with_it = groups(self.took[case], number)
        without = groups(self.took["none"], number)
        pairs = zip(with_it, without, strict=True)
        return [quantile(one, 50) - quantile(other, 50) for one, other in pairs]

    def whole(self, case: str, number: int) -> list[float]:
        """Give the p99 of whole requests, in microseconds, in groups of rounds."""
        return [quantile(each, 99) for each in groups(self.took[case], number)]


class Peer:
    """The other package's process, or the reason why there is none."""

    def __init__(self, given: Given, sink: Sink, folder: Path) -> None:
        self.process: Measured | None = None
        self.reason = ""
        try:
            python = given.python("pyramid", "pyramid_mixpanel")
            self.process = Measured(python, "pyramid_peer", sink, folder)
        except NotMeasuredError as error:
            self.reason = str(error)

    def round(self, cases: dict[str, int]) -> None:
        """Measure a round of its cases; it may end over one."""
        if self.process is None:
            return
        try:
            for case, count in cases.items():
                self.process.measure(case, count)
        except NotMeasuredError as error:
            self.end()
            self.process, self.reason = None, str(error)

    def end(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.end()

    def beside(self, case: str, kind: str, number: int) -> Beside:
        """Give what was found, or why it was not."""
        if self.process is None:
            return Beside(PEER_NAME, (), self.reason)
        find = self.process.added if kind == "added" else self.process.whole
        return Beside(PEER_NAME, find(case, number))


def measure(given: Given) -> list[Row]:
    """Measure in interleaved rounds."""
    rounds, share = (3, 10) if given.quick else (15, 1)
    ours_calls = dict.fromkeys(FLOORS, 100)
    ours_calls |= {line.case: 30 if "60+0" in line.case else 100 for line in LINES}
    with tempfile.TemporaryDirectory() as name, Sink(Path(name)) as sink:
        sink.ask("delay", 0.05)
        folder, steadiness = Path(name), Steadiness()
        ours = Measured(sys.executable, "pyramid_ours", sink, folder)
        peer = Peer(given, sink, folder)
        for _ in range(rounds):
            for case, count in ours_calls.items():
                ours.measure(case, max(10, count // share))
            peer.round({case: max(1, n // share) for case, n in PEER_CALLS.items()})
            steadiness.sample()
        ours.end()
        peer.end()
    return rows_of(ours, peer, min(rounds, 5), steadiness.noise)


def rows_of(ours: Measured, peer: Peer, number: int, noise: float) -> list[Row]:
    """Make the rows: what is added in the middle, then the p99 of what is sent."""
    rows = []
    for line in LINES:
        beside = []
        if line.peer:
            beside.append(peer.beside(line.peer, "added", number))
        if line.floor:
            floor = ours.added(line.floor, number)
            name = "building and orjson alone"
            beside.append(Beside(name, floor, at_most=line.times_floor))
        found = ours.added(line.case, number)
        limit = line.at_most or None
        what = f"added by {line.what}, p50"
        rows.append(Row(what, "µs", found, beside, noise, limit=limit))
    for line in LINES:
        if "+0 sent" not in line.case and "full" not in line.case:
            continue
        beside = [peer.beside(line.peer, "whole", number)] if line.peer else []
        bare = ours.whole("none", number)
        beside.append(Beside("a request that tracks nothing", bare))
        found = ours.whole(line.case, number)
        rows.append(Row(f"request with {line.what}, p99", "µs", found, beside, noise))
    return rows


if __name__ == "__main__":
    raise SystemExit(alone(AREA, __doc__, measure))
