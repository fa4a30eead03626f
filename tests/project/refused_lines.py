"""Check that type checkers refuse the marked lines of a file, and no others.

Run as ``python tests/project/refused_lines.py FILE``. Asks mypy and pyright; a line
that has to be refused ends in ``# refused``.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

CHECKERS = {
    "mypy": (["mypy", "--strict", "--no-error-summary"], r":(\d+): error:"),
    "pyright": (["pyright"], r":(\d+):\d+ - error:"),
}


def refused(command: list[str], pattern: str, path: Path) -> set[int]:
    """List the lines that a type checker refuses."""
    done = subprocess.run(  # the checkers above
        [*command, str(path)], capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"{command[0]} failed: {done.stdout}{done.stderr}")
    return {int(line) for line in re.findall(pattern, done.stdout)}


def main(path: Path) -> int:
    """Print where a checker disagrees with the marks; tell whether all agree."""
    lines = path.read_text().splitlines()
    marked = {n for n, line in enumerate(lines, 1) if line.endswith("  # refused")}
    agree = bool(marked)
    for name, (command, pattern) in CHECKERS.items():
        found = refused(command, pattern, path)
        print(f"{name}: refuses {len(found)} of {len(marked)} marked lines")
        for number in sorted(found ^ marked):
            verb = "refuses" if number in found else "accepts"
            print(f"{name} {verb} {path}:{number}: {lines[number - 1]}")
            agree = False
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
