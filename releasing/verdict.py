"""Say whether a package may be released as it is committed, and as which version.

Run as ``python -m releasing.verdict PACKAGE FOLDER``, which ``nox -s release --
PACKAGE`` does. Leaves the sdist and the wheel in FOLDER. Publishes nothing.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from releasing import (
    changelog,
    public_api,
    pypi_page,
    two_builds,
    versions,
    wheel_contents,
)
from releasing.repository import Repository
from releasing.versions import Change, Version, read_version

__all__ = ["Verdict", "judge", "judge_sources", "main"]

ROOT = Path(__file__).parents[1]
SHOWN = 20
# How a changelog tells of what the API shows.
WORDS = {
    Change.FEATURE: "write it below '### Added'",
    Change.BREAK: "write it below '### Removed', or begin a line with '**Breaking:**'",
}


@dataclass
class Verdict:
    """What was found about a release, and what stands in its way."""

    package: str
    version: Version
    last: Version | None = None
    change: Change = Change.FIX
    notes: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Write what was looked at, what is wrong, and the verdict as last line."""
        lines = [*self.notes, *(f"problem: {problem}" for problem in self.problems)]
        what = f"{self.package} {self.version}"
        if self.problems:
            return "\n".join([*lines, f"NOT READY: {what}, {count(self.problems)}"])
        kind = "the first release" if self.last is None else f"after {self.last}"
        tag = f"tag the commit {self.package}-v{self.version}"
        return "\n".join([*lines, f"READY: {what}, {kind}; {tag}"])


def count(problems: list[str]) -> str:
    """Say how many problems there are."""
    return f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"


def judge(repository: Repository, package: str, *, work: Path, into: Path) -> Verdict:
    """Look at everything that a release of a package rests on."""
    verdict = judge_sources(repository, package, work=work)
    look_at_builds(repository, verdict, work=work, into=into)
    return verdict


def judge_sources(repository: Repository, package: str, *, work: Path) -> Verdict:
    """Look at tags, version, changelog, API and README, and build nothing."""
    folder = repository.root / "packages" / package
    verdict = Verdict(package, version_of(folder))
    look_at_git(repository, verdict)
    section = changelog.newest_section((folder / "CHANGELOG.md").read_text())
    if section is not None:
        verdict.change = section.change
        verdict.notes.append(f"changelog: {section.change.name.lower()}")
    compare_api(repository, verdict, work)
    found = (
        versions.problem_of(verdict.version, verdict.last, verdict.change),
        changelog.problem_of(section, verdict.version),
    )
    verdict.problems += [problem for problem in found if problem is not None]
    verdict.problems += pypi_page.problems(folder)
    return verdict


def version_of(folder: Path) -> Version:
    """Read a package's version from its pyproject.toml."""
    text = (folder / "pyproject.toml").read_text()
    found = re.search(r'^version = "(.*)"$', text, re.MULTILINE)
    if found is None:
        raise ValueError(f"{folder.name}'s pyproject.toml has no line 'version = …'")
    return read_version(found[1])


def look_at_git(repository: Repository, verdict: Verdict) -> None:
    """Find the last release, and what makes the tree another than the committed."""
    if repository.may_lack_tags:
        verdict.problems.append(
            "this clone is shallow, so that releases may be missing in it; "
            "run 'git fetch --unshallow --tags'"
        )
    if changed := repository.uncommitted(verdict.package):
        verdict.problems.append(f"{len(changed)} files are not committed; commit them")
    here = repository.releases(verdict.package, "--points-at", "HEAD")
    if here and here != [verdict.version]:
        wrong = ", ".join(map(str, here))
        verdict.problems.append(f"this commit has a tag of another version: {wrong}")
    merged = repository.releases(verdict.package, "--merged", "HEAD")
    earlier = [version for version in merged if version not in here]
    verdict.last = earlier[-1] if earlier else None
    elsewhere = {*repository.releases(verdict.package)} - {*merged}
    if verdict.version in elsewhere:
        verdict.problems.append(f"another commit is tagged as {verdict.version}")


def compare_api(repository: Repository, verdict: Verdict, work: Path) -> None:
    """Compare what callers import with the last release."""
    if verdict.last is None:
        verdict.notes.append("API: nothing to compare with; no tag, the first release")
        return
    package, name = verdict.package, verdict.package.replace("-", "_")
    tag = f"{package}-v{verdict.last}"
    folders = [
        repository.lay_out(revision, package, work / place) / "src"
        for revision, place in ((tag, "released"), ("HEAD", "now"))
    ]
    states = [public_api.load(folder, name) for folder in folders]
    broken, added = public_api.breaks(*states), public_api.additions(*states)
    counted = f"{len(broken)} breaks and {len(added)} new names"
    verdict.notes.append(f"API: {counted} since {tag}")
    verdict.notes += shown(f"  breaks {line}" for line in broken)
    verdict.notes += shown(f"  adds {line}" for line in added)
    seen = Change.BREAK if broken else Change.FEATURE if added else Change.FIX
    if seen > verdict.change:
        verdict.problems.append(
            f"the changelog tells of a {verdict.change.name.lower()}, "
            f"but the API shows a {seen.name.lower()}; {WORDS[seen]}"
        )
        verdict.change = seen


def shown(lines: Iterable[str]) -> list[str]:
    """Keep the first lines, and say how many more there are."""
    kept = list(lines)
    more = len(kept) - SHOWN
    return kept[:SHOWN] + ([f"  … and {more} more"] if more > 0 else [])


def look_at_builds(
    repository: Repository, verdict: Verdict, *, work: Path, into: Path
) -> None:
    """Build the package, and check what came out."""
    package = verdict.package
    differ = two_builds.build_twice(repository, package, work=work, into=into)
    verdict.problems += differ
    made = two_builds.digests(into)
    if not differ:
        verdict.notes.append("builds: three, with equal digests")
    verdict.notes += [f"  sha256 {digest} {name}" for name, digest in made.items()]
    wheels, root = sorted(into.glob("*.whl")), repository.root
    faults = [fault for wheel in wheels for fault in wheel_contents.faults(wheel, root)]
    verdict.problems += faults
    if not faults:
        verdict.notes.append("wheel: holds what it should")
    look_at_readme(verdict, [*into.glob("*.tar.gz"), *wheels])


def look_at_readme(verdict: Verdict, made: list[Path]) -> None:
    """Check that PyPI would take the files' metadata, and show the README."""
    done = subprocess.run(
        [sys.executable, "-m", "twine", "check", "--strict", *map(str, made)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        words = " ".join((done.stdout + done.stderr).split())[-300:]
        verdict.problems.append(f"PyPI would not show the README: {words}")
    else:
        verdict.notes.append("twine check: passed")


def main(package: str, into: str) -> int:
    """Print the verdict about a package; tell whether it may be released."""
    if not (ROOT / "packages" / package / "pyproject.toml").is_file():
        names = ", ".join(sorted(path.name for path in (ROOT / "packages").iterdir()))
        print(f"there is no package {package!r}; choose one of {names}")
        return 2
    Path(into).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        folders = {"work": Path(work), "into": Path(into)}
        try:
            verdict = judge(Repository(ROOT), package, **folders)
        except (RuntimeError, ValueError) as error:
            print(f"NOT READY: {package}: {error}")
            return 1
    print(verdict)
    return 1 if verdict.problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
