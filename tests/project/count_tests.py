"""Print how many tests ran in each suite, from pytest's own result files.

Run as ``python tests/project/count_tests.py RESULT.xml…``. Fails when a suite has no
result, ran no test, or had a failure, so that a run which tested nothing is never
taken for a good one.
"""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree as ET  # the files are pytest's own, made a moment ago


def count(path: Path) -> dict[str, int] | None:
    """Count one suite's tests by outcome; None if it left no result."""
    if not path.exists():
        return None
    suite = ET.parse(path).getroot().find("testsuite")  # noqa: S314  # pytest's own
    if suite is None:
        return None
    total, skipped = int(suite.attrib["tests"]), int(suite.attrib["skipped"])
    failed = int(suite.attrib["failures"]) + int(suite.attrib["errors"])
    return {"passed": total - skipped - failed, "failed": failed, "skipped": skipped}


def main(paths: list[str]) -> int:
    """Print one line a suite and one for all; tell whether all is well."""
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    well = bool(paths)
    for path in map(Path, paths):
        counts = count(path)
        if counts is None:
            print(f"{path.stem:>32}: no result")
            well = False
            continue
        shown = ", ".join(f"{number} {outcome}" for outcome, number in counts.items())
        print(f"{path.stem:>32}: {shown}")
        well = well and counts["passed"] > 0 and counts["failed"] == 0
        totals = {outcome: totals[outcome] + counts[outcome] for outcome in totals}
    print(", ".join(f"{number} {outcome}" for outcome, number in totals.items()))
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
