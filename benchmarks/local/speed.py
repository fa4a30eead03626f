"""Measure the local project: loading, questions, scripts and imports, over HTTP.

    python benchmarks/local/speed.py

Each row is measured in a process of its own, in which the project serves, beside a
plain way of doing the same by hand with DuckDB or SQLite, in the same run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from made_events import write_events
from rows import ROWS, measure

NOISE_ROUNDS = 5


def noise() -> float:
    """Return how much longer the slowest of some equal works took than the fastest."""
    times = []
    for _ in range(NOISE_ROUNDS):
        began = time.perf_counter()
        sum(number * number for number in range(3_000_000))
        times.append(time.perf_counter() - began)
    return max(times) / min(times)


def main() -> None:
    """Measure all rows, print the table, and fail if a limit is not kept."""
    parser = argparse.ArgumentParser(description="Measure the local project.")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--row", choices=ROWS, help="measure only this one, here")
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.row and given.folder:
        print(json.dumps(measure(given.row, Path(given.folder))), flush=True)
        return
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        write_events(Path(folder, "events.jsonl"), given.events)
        write_events(Path(folder, "wide.jsonl"), given.events // 5, extra=18)
        print(f"{'':44}{'found':>12}{'limit':>10}{'by hand':>10}  unit")
        for name, row in ROWS.items():
            if given.row in (None, name):
                found = measured(name, folder)
                kept = row.keeps(found["found"])
                failed |= not kept
                print(
                    f"{name:44}{found['found']:12,.2f}{row.limit:10,.2f}"
                    f"{found['plain']:10,.2f}  {row.unit}{'' if kept else '  MISSED'}"
                )
    print(f"machine noise: equal works took up to {noise():.2f} times as long")
    sys.exit(failed)


def measured(name: str, folder: str) -> dict[str, float]:
    """Measure a row in a process of its own."""
    command = [sys.executable, __file__, "--row", name, "--folder", folder]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name}: {done.stderr}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
