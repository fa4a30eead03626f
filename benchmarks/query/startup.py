"""Measure what importing mixpanel-query costs, and ``--help`` of its command.

Each start is a process of its own, and the processes take turns, so that a busy
machine slows all of them alike. What counts is the median of the ratios of neighbours:

    python benchmarks/query/startup.py

Run it in an environment whose packages have their bytecode (pip sees to that).
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BARE = """\
import sys
import click

@click.group()
def program():
    "A program with nothing in it."

@program.command()
def nothing():
    "Do nothing."

sys.exit(program())
"""
HTTPX = "import httpx"
# What is measured, beside what, and how many times as much it may take.
CASES = [
    ("import mixpanel_query", HTTPX, 1.3),
    ("from mixpanel_query import Client", HTTPX, 1.3),
    ("from mixpanel_query import AsyncClient", HTTPX, 1.3),
]


def main() -> None:
    """Measure, print, and fail where something is not held."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=31, help="starts of each (31)")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder, "bare.py")
        bare.write_text(BARE, encoding="utf-8")
        rows = [
            (code, other, limit, *compared(["-c", code], ["-c", other], runs))
            for code, other, limit in CASES
        ]
        command = ["-m", "mixpanel_query", "--help"]
        found = compared(command, [str(bare), "--help"], runs)
        rows.append(("mixpanel-query --help", "bare click --help", 1.3, *found))
    print(f"{'start':40}{'ms':>7}  {'beside':20}{'ms':>7}{'ratio':>7}{'held':>7}")
    for name, other, limit, ours, theirs, ratio in rows:
        held = "yes" if ratio <= limit else "no"
        print(
            f"{name:40}{ours * 1000:7.1f}  {other:20}{theirs * 1000:7.1f}"
            f"{ratio:7.2f}{held:>7}"
        )
    sys.exit(any(ratio > limit for _, _, limit, _, _, ratio in rows))


def compared(
    ours: list[str], theirs: list[str], runs: int
) -> tuple[float, float, float]:
    """Return the median seconds of two programs, and the median of their ratios."""
    for warm_up in (ours, theirs):
        seconds(warm_up)
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
    ratio = statistics.median(one / other for one, other in pairs)
    medians = [statistics.median(column) for column in zip(*pairs, strict=True)]
    return medians[0], medians[1], ratio


def seconds(arguments: list[str]) -> float:
    """Return how long a Python with these arguments takes."""
    started = time.perf_counter()
    command = [sys.executable, *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
