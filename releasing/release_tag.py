"""Check that a release tag agrees with the package that it names.

Run as ``python -m releasing.release_tag mixpanel-query-v0.2.0``. Prints
``package=…`` and ``version=…`` for the release workflow.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def read_tag(tag: str, root: Path) -> tuple[str, str]:
    """Split a tag into package and version, refusing what cannot be released.

    Raises:
        ValueError: If there is no such package, or its version or changelog says
            something else than the tag.
    """
    parts = re.fullmatch(
        r"(?P<package>mixpanel-[a-z-]+)-v(?P<version>\d+\.\d+\.\d+)", tag
    )
    if parts is None:
        raise ValueError(f"tag {tag!r} is not PACKAGE-vMAJOR.MINOR.PATCH")
    package, version = parts["package"], parts["version"]
    folder = root / "packages" / package
    if not folder.is_dir():
        raise ValueError(f"tag {tag!r} names no package in packages/")
    if f'\nversion = "{version}"\n' not in (folder / "pyproject.toml").read_text():
        raise ValueError(f"tag {tag!r} disagrees with {package}'s pyproject.toml")
    if f"\n## {version} - " not in (folder / "CHANGELOG.md").read_text():
        raise ValueError(f"{package}'s changelog has no dated heading for {version}")
    return package, version


def main(tag: str) -> int:
    """Print what the workflow needs of a tag; tell whether the tag is good."""
    try:
        package, version = read_tag(tag, ROOT)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"package={package}\nversion={version}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
