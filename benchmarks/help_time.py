"""Measure what ``--help`` of a command costs, beside a bare click program.

The runs are interleaved, so that a busy machine slows all of them alike:

    python benchmarks/help_time.py mixpanel-query mixpanel-slack-report

Commands are looked for beside this Python first, then on the PATH.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
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


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("command", nargs="+", help="console scripts to measure")
    parser.add_argument("--runs", type=int, default=21, help="runs of each (21)")
    parser.add_argument(
        "--at-most", type=float, metavar="RATIO", help="fail if a command costs more"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder, "bare.py")
        bare.write_text(BARE, encoding="utf-8")
        programs = {"bare click": [sys.executable, str(bare)]}
        for name in options.command:
            programs[name] = [sys.executable, find(name)]
        medians = measure(programs, runs=options.runs)
    print_table(medians)
    worst = max(medians.values()) / medians["bare click"]
    if options.at_most and worst > options.at_most:
        sys.exit(f"{worst:.2f} x bare click; at most {options.at_most} are allowed")


def find(name: str) -> str:
    """Return the path of a console script."""
    beside = Path(sys.executable).with_name(name)
    path = str(beside) if beside.exists() else shutil.which(name)
    if path is None:
        sys.exit(f"{name} is not installed for {sys.executable}; install its package")
    return path


def measure(programs: dict[str, list[str]], *, runs: int) -> dict[str, float]:
    """Return the median seconds of ``--help``, all programs taking turns."""
    times: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(runs + 1):
        for name, command in programs.items():
            seconds = time_once([*command, "--help"])
            if turn:  # the first turn fills the caches
                times[name].append(seconds)
    return {name: statistics.median(each) for name, each in times.items()}


def time_once(command: Sequence[str]) -> float:
    """Return the seconds that a command takes."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def print_table(medians: dict[str, float]) -> None:
    """Print a row a program."""
    width = max(map(len, medians))
    sys.stdout.write(f"{'program':{width}}  median ms  ratio\n")
    for name, median in medians.items():
        ratio = median / medians["bare click"]
        sys.stdout.write(f"{name:{width}}  {median * 1000:9.1f}  {ratio:5.2f}\n")


if __name__ == "__main__":
    main()
