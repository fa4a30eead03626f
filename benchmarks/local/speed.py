"""Measure the local project: loading, questions, scripts and imports, over HTTP.

    python -m benchmarks.local.speed

Each row is measured in a process of its own, in which the project serves, beside a
plain way of doing the same by hand with DuckDB or SQLite, in the same run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.local.cases import CASES, figures_of
from benchmarks.local.made_events import write_events
from benchmarks.measuring import (
    ROOT,
    Given,
    Steadiness,
    alone,
    last_line,
    parser_of,
    quiet_environment,
)
from benchmarks.rows import Beside, Row

AREA = "A local project"
EVENTS, FEW = 1_000_000, 50_000
FEW_ROWS = ("load a million events", "weekly uniques by event", "import")


def measure(given: Given, events: int = 0, only: str = "") -> list[Row]:
    """Make the events, and measure each row once, ours and by hand."""
    events = events or (FEW if given.quick else EVENTS)
    names = FEW_ROWS if given.quick else tuple(CASES)
    with tempfile.TemporaryDirectory() as folder:
        write_events(Path(folder, "events.jsonl"), events)
        write_events(Path(folder, "wide.jsonl"), events // 5, extra=18)
        return [
            row_of(name, folder, events == EVENTS)
            for name in names
            if only in ("", name)
        ]


def row_of(name: str, folder: str, is_whole: bool) -> Row:
    """Measure a row in a process of its own; limits are those of a million events."""
    steadiness, case = Steadiness(), CASES[name]
    command = [sys.executable, "-m", "benchmarks.local.speed"]
    done = subprocess.run(
        [*command, "--row", name, "--folder", folder],
        cwd=ROOT,
        env=quiet_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    steadiness.sample()
    more = case.unit == "events/s"
    what = name if is_whole else f"{name} (of fewer events)"
    if done.returncode:
        reason = last_line(done.stderr)
        return Row(what, case.unit, (), more_is_better=more, not_measured=reason)
    found = json.loads(done.stdout.splitlines()[-1])
    beside = []
    if found["plain"] == found["plain"]:  # else there is no plain way
        beside.append(Beside("by hand", [found["plain"]]))
    return Row(
        what,
        case.unit,
        [found["found"]],
        beside,
        1.0 if case.unit == "GB" else steadiness.noise,
        more_is_better=more,
        limit=case.limit if is_whole else None,
    )


def main() -> int:
    """Measure all rows, one, or one in this very process."""
    parser = parser_of(__doc__)
    parser.add_argument("--events", type=int, default=0, help="how many (a million)")
    parser.add_argument("--row", choices=CASES, default="", help="only this one")
    parser.add_argument("--folder", help="where the events are, to measure one here")
    given = parser.parse_args()
    if given.row and given.folder:
        print(json.dumps(figures_of(given.row, Path(given.folder))), flush=True)
        return 0
    chosen = partial(measure, events=given.events, only=given.row)
    return alone(AREA, __doc__, chosen, parser)


if __name__ == "__main__":
    raise SystemExit(main())
