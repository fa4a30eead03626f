"""What all benchmarks measure with: steady cores, percentiles, noise, peers.

Processes that run in the environment of a peer import it too: it needs Python alone.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from benchmarks.rows import Row
from benchmarks.table import missed, table

__all__ = [
    "ROOT",
    "Given",
    "NotMeasuredError",
    "Steadiness",
    "alone",
    "groups",
    "last_line",
    "parser_of",
    "pin",
    "quantile",
    "quiet_environment",
    "resident_mib",
    "timed",
]

ROOT = Path(__file__).parents[1]
LOOPS = 60_000


class NotMeasuredError(Exception):
    """A row cannot be measured; the text says why."""


def pin(core: int) -> None:
    """Keep this process on one core, where there are at least two to choose from."""
    if hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, {core})


def quantile(values: Sequence[float], percent: int) -> float:
    """Give a percentile; 50 is the median."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def resident_mib() -> float:
    """Give the memory that this process has now, or had at most where that is all."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        pages = int(statm.read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def groups(values: Sequence[list[float]], number: int) -> list[list[float]]:
    """Put what rounds found together into so many groups of neighbouring rounds."""
    number = min(number, len(values))
    bounds = [len(values) * at // number for at in range(number + 1)]
    return [
        [value for each in values[start:end] for value in each]
        for start, end in pairwise(bounds)
    ]


class Steadiness:
    """How steady the machine is: the same work, timed between the rounds of a row."""

    def __init__(self) -> None:
        self.samples: list[float] = []
        self.sample()

    def sample(self) -> None:
        """Time the work."""
        times = [timed(lambda: sum(n * n for n in range(LOOPS))) for _ in range(5)]
        self.samples.append(statistics.median(times))

    @property
    def noise(self) -> float:
        """Give how many times as long as the fastest sample the slowest one took."""
        return max(self.samples) / min(self.samples)


@dataclass(frozen=True)
class Given:
    """What a benchmark is told.

    Args:
        quick: Measure just enough to see that everything works.
        pythons: Where peers are: the Python of each environment.
    """

    quick: bool = False
    pythons: dict[str, str] = field(default_factory=dict)

    def python(self, environment: str, distribution: str) -> str:
        """Give the Python that has a peer.

        Raises:
            NotMeasuredError: If there is none.
        """
        python = self.pythons.get(environment)
        if python is None:
            text = f"no Python was named by --peer {environment}=PYTHON"
            raise NotMeasuredError(text)
        code = f"import importlib.metadata as m; print(m.version({distribution!r}))"
        done = subprocess.run([python, "-c", code], capture_output=True, check=False)
        if done.returncode:
            text = f"{distribution} is not installed in the environment {environment!r}"
            raise NotMeasuredError(text)
        return python


def quiet_environment(**more: str) -> dict[str, str]:
    """Give an environment for children: no proxy, and compiled modules are kept."""
    dropped = ("http_proxy", "https_proxy", "all_proxy", "pythondontwritebytecode")
    own = os.environ.items()
    kept = {key: value for key, value in own if key.lower() not in dropped}
    return {**kept, "NO_PROXY": "*", "no_proxy": "*", **more}


def last_line(text: str) -> str:
    """Give the last line that a program wrote, as the reason of a failure."""
    lines = text.strip().splitlines()
    return lines[-1][:160].replace("|", "/") if lines else "it ended without a word"


def parser_of(about: str | None) -> argparse.ArgumentParser:
    """Make a parser with what each benchmark takes."""
    parser = argparse.ArgumentParser(description=(about or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a short run")
    parser.add_argument(
        "--peer",
        action="append",
        default=[],
        metavar="NAME=PYTHON",
        help="an environment of peers, and its Python",
    )
    parser.add_argument("--json", type=Path, help=argparse.SUPPRESS)
    return parser


def given_of(options: argparse.Namespace) -> Given:
    """Read what a benchmark is told."""
    return Given(options.quick, dict(pair.split("=", 1) for pair in options.peer))


def alone(
    area: str,
    about: str | None,
    measure: Callable[[Given], list[Row]],
    parser: argparse.ArgumentParser | None = None,
) -> int:
    """Run a benchmark by itself: print its part of the table, and what is not held.

    Args:
        area: The heading of its rows.
        about: What it measures, in the first line.
        measure: Does it.
        parser: To read arguments with, where it takes others, too.
    """
    options = (parser or parser_of(about)).parse_args()
    rows = measure(given_of(options))
    if options.json:
        documents = [row.document() for row in rows]
        options.json.write_text(json.dumps({"area": area, "rows": documents}))
        return 0
    print(table([(area, rows)]))
    broken = missed([(area, rows)])
    print(*broken, sep="\n", file=sys.stderr)
    return int(bool(broken))
