"""Print how much of a package its own tests ran, file by file and in all.

Run as ``python tests/project/branch_coverage.py COVERAGE.json LEAST``, on what
``coverage json`` wrote. Fails when the share of branches, or of lines and branches
together, is below ``LEAST`` per cent.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path


def shares(summary: Mapping[str, int]) -> tuple[float, float]:
    """Calculate per cent of branches, and of lines and branches together."""
    branches, took = summary["num_branches"], summary["covered_branches"]
    both = summary["num_statements"] + branches
    ran = summary["covered_lines"] + took
    return (100 * took / branches if branches else 100, 100 * ran / both if both else 0)


def main(path: str, least: str) -> int:
    """Print the files that have gaps, then the sums; tell whether they suffice."""
    report = json.loads(Path(path).read_text())
    for name, file in sorted(report["files"].items()):
        gaps = [str(line) for line in file["missing_lines"]]
        gaps += [f"{start}->{end}" for start, end in file["missing_branches"]]
        if gaps:
            print(f"{name}: {', '.join(gaps)}")
    branches, both = shares(report["totals"])
    print(f"branches {branches:.2f} %, lines and branches {both:.2f} %")
    return 0 if min(branches, both) >= float(least) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
