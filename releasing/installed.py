"""Write down the packages of this environment, without those of this repository.

Run as ``python -m releasing.installed FILE``: a line ``NAME==VERSION`` each.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path

__all__ = ["main", "pins"]

ROOT = Path(__file__).parents[1]
INSTALLERS = {"pip", "setuptools", "wheel"}


def pins(found: Iterable[Distribution], own: set[str]) -> list[str]:
    """List distributions as pinned requirements, by name, ``own`` left out."""
    named = {
        re.sub(r"[-_.]+", "-", distribution.metadata["Name"]).lower(): distribution
        for distribution in found
    }
    wanted = sorted(named.keys() - own - INSTALLERS)
    return [f"{name}=={named[name].version}" for name in wanted]


def main(file: str) -> int:
    """Write the file, and print how many packages are in it."""
    own = {path.name for path in (ROOT / "packages").iterdir()}
    lines = pins(distributions(), own)
    Path(file).write_text("".join(f"{line}\n" for line in lines))
    print(f"{len(lines)} packages are installed beside ours")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
