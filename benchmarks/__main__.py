"""Measure everything in one run, print one table, and keep it as results.

    python -m benchmarks --peer pyramid=PYTHON --peer clients=PYTHON --peer readers=...

``nox -s bench`` makes the environments of the peers and runs it. A whole run writes
benchmarks/results and shows it in docs/performance.md; a quick one writes .nox/bench.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.machine import kind, load, machine, now, says, versions
from benchmarks.measuring import ROOT, Given, given_of, last_line, parser_of
from benchmarks.results import FOLDER, PAGE, areas_of, page_with, written_out
from benchmarks.rows import Row
from benchmarks.table import missed

QUICK_FOLDER = ROOT / ".nox" / "bench"
AREAS = {
    "Tracking in a Pyramid request": "tracking.request_cost",
    "Tracking without a request": "tracking.client_cost",
    "Asking": "query.own_work",
    "Exporting": "query.export_speed",
    "Reading JQL": "query.jql_speed",
    "Declaring": "schema_cost",
    "A local project": "local.speed",
    "Reporting": "report.own_time",
    "Start-up": "start_cost",
}


def measured(area: str, module: str, given: Given) -> dict[str, Any]:
    """Run a benchmark in a process of its own; one that fails is a row that says so."""
    print(f"{now()}  {area}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "rows.json")
        command = [sys.executable, "-Wignore", "-m", f"benchmarks.{module}"]
        command += ["--json", str(file)]
        if given.quick:
            command.append("--quick")
        for pair in given.pythons.items():
            command += ["--peer", "=".join(pair)]
        done = subprocess.run(
            command, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False
        )
        if done.returncode == 0:
            found: dict[str, Any] = json.loads(file.read_text("utf-8"))
            return found
    print(done.stderr, file=sys.stderr)
    row = Row("everything of it", "", (), not_measured=last_line(done.stderr))
    return {"area": area, "rows": [row.document()]}


def run(given: Given) -> dict[str, Any]:
    """Measure all areas, one after the other."""
    began, taken, before = time.monotonic(), now(), load()
    areas = [measured(area, module, given) for area, module in AREAS.items()]
    return {
        "taken": taken,
        "is_quick": given.quick,
        "minutes": round((time.monotonic() - began) / 60, 1),
        "machine": machine(),
        "load": {"before": before, "after": load(), "says": says(before)},
        "versions": versions(given),
        "areas": areas,
    }


def main() -> int:
    """Measure, print, and keep; 1 if nothing of ours was measured somewhere."""
    given = given_of(parser_of(__doc__).parse_args())
    document = run(given)
    text = written_out(document)
    print(text)
    print(*missed(areas_of(document)), sep="\n", file=sys.stderr)
    folder = QUICK_FOLDER if given.quick else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{document['taken'][:10]}-{kind()}"
    for suffix, content in ((".json", json.dumps(document, indent=1)), (".md", text)):
        path = folder / f"{name}{suffix}"
        path.write_text(content.rstrip() + "\n", "utf-8")
        print(f"written: {path.relative_to(ROOT)}", file=sys.stderr)
    if not given.quick:
        PAGE.write_text(page_with(PAGE.read_text("utf-8"), document), "utf-8")
        print(f"shown: {PAGE.relative_to(ROOT)}", file=sys.stderr)
    areas = areas_of(document)
    return int(any(row.not_measured for _, rows in areas for row in rows))


if __name__ == "__main__":
    raise SystemExit(main())
