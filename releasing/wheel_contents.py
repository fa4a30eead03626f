"""Check what built wheels contain: all of the package, its licence, nothing else.

Run as ``python -m releasing.wheel_contents FOLDER``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parents[1]


def faults(wheel: Path, root: Path = ROOT) -> list[str]:
    """List what is wrong with one wheel, whose sources are in ``root``."""
    distribution = "-".join(wheel.name.split("-")[:2])
    package = wheel.name.split("-", maxsplit=1)[0]
    names = ZipFile(wheel).namelist()
    allowed = (f"{package}/", f"{distribution}.dist-info/")
    found = [f"holds {name}" for name in names if not name.startswith(allowed)]
    found += [
        f"holds {name}"
        for name in names
        if "/test_" in name or name.endswith((".pyc", ".sqlite", ".orig"))
    ]
    found += [
        f"lacks {name}"
        for name in (
            f"{package}/__init__.py",
            f"{package}/py.typed",
            f"{distribution}.dist-info/licenses/LICENSE",
        )
        if name not in names
    ]
    found += [f"lacks {name}" for name in sources(package, root) if name not in names]
    return [f"{wheel.name} {fault}" for fault in found]


def sources(package: str, root: Path) -> list[str]:
    """List the files of a package, those that are not Python included."""
    folder = root / "packages" / package.replace("_", "-") / "src"
    return [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]


def main(folder: str) -> int:
    """Print the faults of every wheel in a folder; tell whether there are none."""
    wheels = sorted(Path(folder).glob("*.whl"))
    found = [fault for wheel in wheels for fault in faults(wheel)]
    print("\n".join(found) or f"{len(wheels)} wheels hold what they should")
    return 1 if found or not wheels else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
