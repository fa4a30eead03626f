"""What tracking adds to a Pyramid request, beside pyramid_mixpanel, in one run.

``nox -s benchmarks`` makes the environments and runs it; README.md says how to read it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from figures import quantile, row
from sink import Sink

HERE = Path(__file__).parent
FLOORS = ["none", "1+1 floor", "60+0 floor"]
# Cases that wait for the network get few requests a round; the sink takes 50 ms.
OURS = {
    "idle": 100,
    "1+1 recorded": 100,
    "60+0 recorded": 30,
    "1+1 sent": 100,
    "1+1 sent, customer.io": 100,
    "1+1 sent, outbox": 100,
    "1+1 sent, outbox, customer.io": 100,
}
PEER = {
    "idle": 100,
    "1+1 recorded": 100,
    "60+0 recorded": 10,
    "1+1 sent": 3,
    "1+1 sent, customer.io": 3,
}
# The most that a case may cost, in multiples of a floor.
HELD = {
    "1+1 recorded": ("1+1 floor", 8.0),
    "1+1 sent": ("1+1 floor", 8.0),
    "1+1 sent, customer.io": ("1+1 floor", 8.0),
    "1+1 sent, outbox": ("1+1 floor", 20.0),
    "60+0 recorded": ("60+0 floor", 1.5),
}
IDLE_MS = 0.02


class Measured:
    """A process that measures one package, in an environment of its own."""

    def __init__(self, python: str, adapter: str, sink: Sink, folder: Path) -> None:
        command = [python, "-Wignore", str(HERE / "request_process.py"), adapter]
        self.process = subprocess.Popen(
            [*command, sink.url, str(folder)],
            env=sink.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.name = str(self.answer())
        self.took: dict[str, list[float]] = {}

    def answer(self) -> Any:  # noqa: ANN401  # what JSON holds
        """Read an answer."""
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def measure(self, case: str, count: int) -> None:
        """Measure so many requests of a case."""
        print(json.dumps([case, count]), file=self.process.stdin, flush=True)
        self.took.setdefault(case, []).extend(self.answer())

    def end(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.communicate()

    def added(self, case: str, percent: int = 50) -> float:
        """Give the milliseconds that a case adds to a request that tracks nothing."""
        base = quantile(self.took["none"], percent)
        return (quantile(self.took[case], percent) - base) / 1000


def report(ours: Measured, peer: Measured | None) -> list[str]:
    """Print the table; give what is not held."""
    print(
        row("added to a request, ms", "median", "p99", "x floor", "peer", "peer / ours")
    )
    missed = []
    for case in ["1+1 floor", "60+0 floor", *OURS]:
        added = ours.added(case)
        floor, most = HELD.get(case, (f"{case.partition(' ')[0]} floor", 0.0))
        multiple = added / ours.added(floor) if floor in ours.took else 0.0
        cells: list[object] = [added, ours.added(case, 99), multiple or ""]
        if peer is not None and case in PEER:
            cells += [peer.added(case), peer.added(case) / added]
        print(row(case, *cells))
        if most and multiple > most:
            missed.append(f"{case} is {multiple:.1f} times the floor, held: {most}")
    if ours.added("idle") > IDLE_MS:
        missed.append(f"idle adds {ours.added('idle'):.3f} ms, held: {IDLE_MS}")
    return missed


def main() -> int:
    """Measure in interleaved rounds, and report; 1 if something is not held."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--peer", help="a Python that has pyramid_mixpanel 0.13")
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, Sink(Path(name)) as sink:
        sink.ask("delay", 0.05)
        folder = Path(name)
        ours = Measured(sys.executable, "pyramid_ours", sink, folder)
        plan = [(ours, dict.fromkeys(FLOORS, 100) | OURS)]
        if options.peer:
            peer = Measured(options.peer, "pyramid_peer", sink, folder)
            plan.append((peer, {"none": 100, **PEER}))
        for _ in range(options.rounds):
            for measured, cases in plan:
                for case, count in cases.items():
                    measured.measure(case, count)
        for measured, _ in plan:
            measured.end()
    missed = report(ours, peer if options.peer else None)
    print(*missed, sep="\n")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
