"""What tracking costs without a request, beside other clients, in one run.

``nox -s benchmarks`` makes the environments and runs it; README.md says how to read it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from figures import row
from sink import Sink

HERE = Path(__file__).parent
OURS = "mixpanel-pyramid"
PEERS = ("mixpanel", "posthog", "segment")
BUSY_MS = 0.1
EVENTS_A_SECOND = 50_000
KILLED = 5_037
BAR = 50


class Clients:
    """Runs clients, ours and peers, in processes of their own.

    Args:
        sink: What they send to.
        peers: A Python that has the peers; None to leave them out.
        folder: For outboxes.
    """

    def __init__(self, sink: Sink, peers: str | None, folder: Path) -> None:
        self.sink, self.folder = sink, folder
        self.pythons = {OURS: sys.executable}
        if peers:
            self.pythons |= dict.fromkeys(PEERS, peers)

    def run(self, client: str, measure: str, outbox: str = "") -> Any:  # noqa: ANN401
        """Measure a client, and give the result; None if it gave none."""
        script = [self.pythons[client], "-Wignore", str(HERE / "client_process.py")]
        arguments = [client, measure, self.sink.url, outbox]
        done = subprocess.run(
            [*script, *arguments],
            env=self.sink.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=600,
            check=False,
        )
        lines = done.stdout.splitlines()
        return json.loads(lines[-1]) if lines else None

    def rounds(self, measure: str, number: int) -> dict[str, list[dict[str, float]]]:
        """Measure all clients in turn, several times."""
        found: dict[str, list[dict[str, float]]] = {name: [] for name in self.pythons}
        for _ in range(number):
            for name in self.pythons:
                found[name].append(self.run(name, measure))
        return found


def medians(found: dict[str, list[dict[str, float]]], key: str) -> dict[str, float]:
    """Give the median of what was measured in the rounds."""
    return {n: statistics.median(each[key] for each in found[n]) for n in found}


def print_table(title: str, found: dict[str, float], *, less: bool) -> None:
    """Print a figure of each client, and how many times better ours is."""
    print(row(title, "", "ours is better"))
    ours = found[OURS]
    for name, value in found.items():
        if value:
            ratio = value / ours if less else ours / value
            print(row(f"  {name}", value, f"{ratio:.1f} x"))
    print()


def print_curve(name: str, curve: list[tuple[int, int]]) -> None:
    """Draw how much memory a client had after so many events."""
    print(f"memory of {name} with the sink down, MiB after so many events")
    most = max(mib for _, mib in curve)
    for number, mib in curve:
        print(f"{number:>10,} {mib:>6} {'#' * max(1, BAR * mib // most)}")
    print()


def arrivals(clients: Clients, client: str) -> int:
    """Count what arrives of a client that is killed, after it was started again."""
    clients.sink.ask("reset")
    outbox = str(clients.folder / "kill.sqlite") if client == OURS else ""
    clients.run(client, "kill", outbox)
    clients.run(client, "restart", outbox)
    return int(clients.sink.ask("count")["unique"])


def measure(clients: Clients, rounds: int) -> list[str]:
    """Measure and print everything; give what is not held."""
    sink = clients.sink
    sink.ask("delay", 0.05)
    busy = medians(clients.rounds("busy", rounds), "p99")
    busy = {name: value / 1000 for name, value in busy.items()}
    print_table("p99 of track() while delivering, ms", busy, less=True)
    sink.ask("delay", 0.0)
    rates = clients.rounds("rate", rounds)
    delivered = medians(rates, "all")
    print_table("tracked and delivered, a CPU second", delivered, less=False)
    alone = medians(rates, "thread")
    print_table("delivered by a thread, a CPU second of it", alone, less=False)
    sink.ask("delay", 0.05)
    arrived = {name: float(arrivals(clients, name)) for name in clients.pythons}
    print_table(f"of {KILLED:,} and SIGKILL, arrived", arrived, less=False)
    sink.ask("down")
    for name in clients.pythons:
        print_curve(name, clients.run(name, "memory"))
    sink.ask("up")
    missed = []
    if busy[OURS] > BUSY_MS:
        missed.append(f"track() takes {busy[OURS]:.3f} ms at p99, held: {BUSY_MS}")
    if delivered[OURS] < EVENTS_A_SECOND:
        text = f"{delivered[OURS]:,.0f} events a CPU second, held: {EVENTS_A_SECOND:,}"
        missed.append(text)
    if arrived[OURS] != KILLED:
        missed.append(f"{arrived[OURS]:.0f} arrived after SIGKILL, held: {KILLED}")
    return missed


def main() -> int:
    """Measure in interleaved rounds, and report; 1 if something is not held."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--peers", help="a Python that has the other clients")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, Sink(Path(name)) as sink:
        clients = Clients(sink, options.peers, Path(name))
        missed = measure(clients, options.rounds)
    print(*missed, sep="\n")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
