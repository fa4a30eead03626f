"""Build a package several times in unlike surroundings, and compare the files."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
from pathlib import Path

from releasing.repository import Repository

__all__ = ["build", "build_twice", "compare", "digests"]

# What differs between two machines, and must not show in what they build.
SURROUNDINGS: tuple[dict[str, str], ...] = (
    {"TZ": "UTC", "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8"},
    {"TZ": "Asia/Kolkata", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
)


def build(source: Path, into: Path, *, epoch: int, unlike: dict[str, str]) -> None:
    """Build a folder's sdist and wheel with hatchling.

    Raises:
        RuntimeError: If the build fails; with its last words.
    """
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(into)],
        cwd=source,
        env=os.environ | unlike | {"SOURCE_DATE_EPOCH": str(epoch)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the build failed: {done.stderr.strip()[-500:]}")


def digests(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of each file in a folder."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
        if path.is_file()
    }


def compare(first: dict[str, str], other: dict[str, str], *, of: str) -> list[str]:
    """List what is not the same file in two builds."""
    return [
        f"{name} is not the same file when built {of}"
        for name in sorted(first.keys() | other.keys())
        if first.get(name) != other.get(name)
    ]


def build_twice(
    repository: Repository, package: str, *, work: Path, into: Path
) -> list[str]:
    """Build what is committed, and list what keeps it from being reproducible.

    The first build stays in ``into``. The second one has another folder, timezone,
    order of hashes, and time of files; the third one makes its wheel of the first
    one's sdist, as pip does where it finds no wheel.
    """
    epoch = repository.commit_time()
    places = (work / "one", work / "at-another-place" / "two")
    made = (into, work / "second")
    for place, folder, unlike in zip(places, made, SURROUNDINGS, strict=True):
        source = repository.lay_out("HEAD", package, place)
        if folder is not into:
            age(source)
        build(source, folder, epoch=epoch, unlike=unlike)
    found = compare(digests(into), digests(made[1]), of="again elsewhere")
    source = unpack(next(into.glob("*.tar.gz")), work / "unpacked")
    build(source, work / "third", epoch=epoch, unlike=SURROUNDINGS[0])
    wheels = [
        {name: digest for name, digest in digests(folder).items() if "whl" in name}
        for folder in (into, work / "third")
    ]
    return found + compare(*wheels, of="from the sdist")


def age(folder: Path) -> None:
    """Give every file another time and other permissions than a checkout does."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            os.utime(path, (1_000_000_000, 1_000_000_000))


def unpack(sdist: Path, folder: Path) -> Path:
    """Unpack an sdist; give the folder in it."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    return folder / sdist.name.removesuffix(".tar.gz")
