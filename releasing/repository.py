"""What git knows of a release: what was released, and what is committed now."""

from __future__ import annotations

import os
import subprocess
import tarfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from releasing.versions import Version, read_version

__all__ = ["Repository"]


@dataclass(frozen=True)
class Repository:
    """A git repository with packages in ``packages/``."""

    root: Path

    def git(self, *arguments: str) -> bytes:
        """Run git, and give what it printed.

        Raises:
            RuntimeError: If git fails; with its own words.
        """
        done = subprocess.run(
            ["git", "-C", str(self.root), *arguments],
            capture_output=True,
            check=False,
            env=os.environ | {"LC_ALL": "C"},
        )
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip()
            raise RuntimeError(f"git {arguments[0]} failed: {words}")
        return done.stdout

    def lines(self, *arguments: str) -> list[str]:
        """Run git, and split what it printed into lines."""
        return self.git(*arguments).decode().splitlines()

    @property
    def may_lack_tags(self) -> bool:
        """Whether this is a shallow clone, as workflows make unless told not to."""
        return self.lines("rev-parse", "--is-shallow-repository") == ["true"]

    def uncommitted(self, package: str) -> list[str]:
        """List the files of a package that differ from what is committed."""
        return self.lines("status", "--porcelain", "--", f"packages/{package}")

    def releases(self, package: str, *which: str) -> list[Version]:
        """List a package's releases by their tags, lowest first.

        Args:
            package: The package's name.
            *which: git's words for which tags, such as ``--merged``, ``HEAD``.
        """
        tags = self.lines("tag", "--list", f"{package}-v*", *which)
        return sorted(read_version(tag[len(package) + 2 :]) for tag in tags)

    def commit_time(self) -> int:
        """Give the second in which the newest commit was made."""
        return int(self.git("log", "-1", "--format=%ct"))

    def lay_out(self, revision: str, package: str, folder: Path) -> Path:
        """Write a package as it is committed, and nothing else, into a folder."""
        packed = self.git("archive", "--format=tar", revision, f"packages/{package}")
        with tarfile.open(fileobj=BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        return folder / "packages" / package
