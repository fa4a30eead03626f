"""A release is judged by what is committed, built and tagged, in a real repository."""

import subprocess
from pathlib import Path

import pytest
from releasing import two_builds
from releasing.public_api import PUBLIC
from releasing.repository import Repository

for tool in ("griffe", "hatchling", "twine"):
    pytest.importorskip(tool, reason=f"needs {tool}: pip install {tool}")

from releasing.verdict import Verdict, judge, judge_sources  # noqa: E402 - by them

ROOT = Path(__file__).parents[2]
PACKAGE = "mixpanel-schema"
PYPROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "mixpanel-schema"
version = "0.1.0"
description = "A small package."
readme = "README.md"
license = "MIT"
license-files = ["LICENSE"]
requires-python = ">=3.10"

[project.urls]
Source = "https://example.org/shop"

[tool.hatch.build.targets.wheel]
packages = ["src/mixpanel_schema"]
"""
ROOM = """\
class Base:
    def inherited(self): ...

class Plan(Base):
    def check(self, name): ...

def hidden(one): ...
"""


class Released(Repository):
    """A repository whose only package is ready for its first release."""

    def write(self, path: str, text: str) -> None:
        """Write one of the package's files."""
        file = self.root / "packages" / PACKAGE / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def replace(self, path: str, old: str, new: str) -> None:
        """Change one of the package's files."""
        text = (self.root / "packages" / PACKAGE / path).read_text()
        assert old in text
        self.write(path, text.replace(old, new))

    def commit(self, tag: str | None = None) -> None:
        """Commit everything, and tag it."""
        self.git("add", "-A")
        who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
        self.git(*who, "commit", "-q", "-m", "change")
        if tag is not None:
            self.git("tag", tag)

    def next(self, version: str, heading: str) -> None:
        """Set the next version, with a line in the changelog."""
        self.replace("pyproject.toml", '"0.1.0"', f'"{version}"')
        section = f"## {version} - 2027-02-01\n\n### {heading}\n\n* a thing\n\n"
        self.replace("CHANGELOG.md", "## 0.1.0", f"{section}## 0.1.0")


@pytest.fixture
def repository(tmp_path: Path) -> Released:
    """Make the repository, with one commit and no tag."""
    root = tmp_path / "repository"
    root.mkdir()
    subprocess.run(["git", "init", "-q", str(root)], check=True)  # noqa: S607
    made = Released(root)
    made.write("pyproject.toml", PYPROJECT)
    made.write("README.md", "# A small package\n")
    made.write("LICENSE", "MIT\n")
    made.write(
        "CHANGELOG.md", "# Changelog\n\n## 0.1.0 - 2027-01-31\n\n* it is there\n"
    )
    made.write("src/mixpanel_schema/py.typed", "")
    init = 'from mixpanel_schema.room import Plan\n\n__all__ = ["Plan"]\n'
    made.write("src/mixpanel_schema/__init__.py", init)
    made.write("src/mixpanel_schema/room.py", ROOM)
    failure = '__all__ = ["PlanError"]\n\nclass PlanError(Exception): ...\n'
    made.write("src/mixpanel_schema/exceptions.py", failure)
    made.commit()
    return made


def judged(repository: Repository, tmp_path: Path) -> Verdict:
    """Judge the sources of the package in the repository."""
    work = tmp_path / "sources"
    work.mkdir()
    return judge_sources(repository, PACKAGE, work=work)


def test_a_first_release_has_nothing_to_be_compared_with(
    repository: Released, tmp_path: Path
) -> None:
    """It is ready, says so in its last line, and leaves both files."""
    into = tmp_path / "into"
    verdict = judge(repository, PACKAGE, work=tmp_path / "work", into=into)

    assert str(verdict).splitlines()[-1] == (
        "READY: mixpanel-schema 0.1.0, the first release; "
        "tag the commit mixpanel-schema-v0.1.0"
    )
    assert sorted(path.name for path in into.iterdir()) == [
        "mixpanel_schema-0.1.0-py3-none-any.whl",
        "mixpanel_schema-0.1.0.tar.gz",
    ]


def test_the_tag_of_the_release_itself_changes_nothing(
    repository: Released, tmp_path: Path
) -> None:
    """The workflow judges the commit after it was tagged."""
    repository.git("tag", "mixpanel-schema-v0.1.0")

    assert judged(repository, tmp_path).problems == []


def test_a_commit_without_a_new_version_cannot_be_released(
    repository: Released, tmp_path: Path
) -> None:
    """A version is released once."""
    repository.git("tag", "mixpanel-schema-v0.1.0")
    repository.write("README.md", "# Another text\n")
    repository.commit()

    assert judged(repository, tmp_path).problems == [
        "version 0.1.0 is not above 0.1.0, the last release; "
        "what changed since 0.1.0 is a fix, and asks for 0.1.1"
    ]


@pytest.mark.parametrize(
    ("edit", "change"),
    [
        (("room.py", "def check(self, name): ...", "pass"), "BREAK"),
        (("room.py", "def inherited(self): ...", "pass"), "BREAK"),
        (("room.py", "check(self, name)", "check(self, name, why)"), "BREAK"),
        (("exceptions.py", "PlanError", "OtherError"), "BREAK"),
        (("__init__.py", '["Plan"]', "[]"), "BREAK"),
        (("room.py", "class Plan(Base):", "class Plan(Base):\n    new = 1"), "FEATURE"),
        (("room.py", "check(self, name)", "check(self, name, why=None)"), "FIX"),
        (("room.py", "def hidden(one): ...", ""), "FIX"),
        (("room.py", "def hidden(one)", "def hidden(two, three)"), "FIX"),
    ],
    ids=[
        *["method gone", "inherited method gone", "parameter required"],
        *["exception gone", "name gone", "attribute added", "parameter optional"],
        *["private function gone", "private function changed"],
    ],
)
def test_only_what_callers_see_decides(
    repository: Released, tmp_path: Path, edit: tuple[str, str, str], change: str
) -> None:
    """A break asks for 0.2.0, all else is a patch, and rooms are nobody's business."""
    repository.git("tag", "mixpanel-schema-v0.1.0")
    repository.replace(f"src/mixpanel_schema/{edit[0]}", edit[1], edit[2])
    repository.next("0.1.1", "Fixed")
    repository.commit()
    verdict = judged(repository, tmp_path)

    assert verdict.change.name == change
    asks = [problem for problem in verdict.problems if "asks for 0.2.0" in problem]
    assert bool(asks) is (change == "BREAK")


def test_what_no_source_shows_is_told_by_the_changelog(
    repository: Released, tmp_path: Path
) -> None:
    """A command that is gone breaks callers too."""
    repository.git("tag", "mixpanel-schema-v0.1.0")
    repository.next("0.1.1", "Removed")
    repository.commit()

    assert judged(repository, tmp_path).problems == [
        "version 0.1.1 is too low: "
        "what changed since 0.1.0 is a break, and asks for 0.2.0"
    ]


def test_what_is_not_committed_is_not_released(
    repository: Released, tmp_path: Path
) -> None:
    """It is named as a problem, and is in no file."""
    repository.write("src/mixpanel_schema/stray.py", "")
    into = tmp_path / "into"
    verdict = judge(repository, PACKAGE, work=tmp_path / "work", into=into)

    assert verdict.problems[0] == "1 files are not committed; commit them"
    assert verdict.problems[1].endswith("lacks mixpanel_schema/stray.py")


def test_a_shallow_clone_does_not_pass_for_a_first_release(
    repository: Released, tmp_path: Path
) -> None:
    """Its tags may be missing."""
    repository.git("tag", "mixpanel-schema-v0.1.0")
    repository.write("README.md", "# Another text\n")
    repository.commit()
    clone = tmp_path / "clone"
    repository.git("clone", "-q", "--depth=1", f"file://{repository.root}", str(clone))
    verdict = judged(Repository(clone), tmp_path)

    assert verdict.last is None
    assert "this clone is shallow" in verdict.problems[0]


def test_a_version_that_another_branch_released_is_taken(
    repository: Released, tmp_path: Path
) -> None:
    """A tag points at one commit only."""
    branch = repository.lines("branch", "--show-current")[0]
    repository.git("checkout", "-q", "-b", "other")
    repository.write("README.md", "# Another text\n")
    repository.commit("mixpanel-schema-v0.1.0")
    repository.git("checkout", "-q", branch)

    assert judged(repository, tmp_path).problems == [
        "another commit is tagged as 0.1.0"
    ]


def test_a_build_that_knows_its_place_is_found_out(
    repository: Released, tmp_path: Path
) -> None:
    """Here a hook writes the folder's name into the package."""
    hook = "from hatchling.builders.hooks.plugin.interface import BuildHookInterface\n"
    hook += "import pathlib\n\nclass Hook(BuildHookInterface):\n"
    hook += "    def initialize(self, version, data):\n"
    hook += "        made = pathlib.Path(self.root, 'src/mixpanel_schema/place.py')\n"
    hook += "        made.write_text(repr(self.root))\n"
    repository.write("hatch_build.py", hook)
    repository.write(
        "pyproject.toml", f"{PYPROJECT}\n[tool.hatch.build.hooks.custom]\n"
    )
    repository.commit()
    into = tmp_path / "into"
    found = two_builds.build_twice(
        repository, PACKAGE, work=tmp_path / "work", into=into
    )

    wheel = "mixpanel_schema-0.1.0-py3-none-any.whl"
    assert f"{wheel} is not the same file when built again elsewhere" in found
    assert f"{wheel} is not the same file when built from the sdist" in found


@pytest.mark.parametrize(
    ("written", "problems"),
    [
        ("[changes](CHANGELOG.md)", ["README.md links to CHANGELOG.md"]),
        ("[a](../docs/a.md#b), [a](../docs/a.md#b)", ["links to ../docs/a.md#b"]),
        ("[a](https://example.org/a) and [below](#a)", []),
        ("```python\nhandlers[0](event)\n```", []),
    ],
    ids=["beside it", "said once", "whole", "code"],
)
def test_a_link_that_leads_nowhere_on_pypi_is_a_problem(
    repository: Released, tmp_path: Path, written: str, problems: list[str]
) -> None:
    """PyPI shows the README without the files that are beside it."""
    repository.write("README.md", f"# A small package\n\n{written}\n")
    repository.commit()

    found = judged(repository, tmp_path).problems
    assert len(found) == len(problems)
    assert all(part in each for part, each in zip(problems, found, strict=True))


def test_readers_of_pypi_are_told_where_the_repository_is(
    repository: Released, tmp_path: Path
) -> None:
    """A README that names pages of the repository needs its address."""
    repository.replace("pyproject.toml", 'Source = "https://example.org/shop"\n', "")
    repository.commit()

    (problem,) = judged(repository, tmp_path).problems
    assert "[project.urls]" in problem


def test_the_public_modules_are_there() -> None:
    """A slip in the table would hide a module from the comparison."""
    for package, modules in PUBLIC.items():
        folder = ROOT / "packages" / package.replace("_", "-") / "src" / package
        for module in modules:
            assert (folder / f"{module}.py").exists() or (folder / module).is_dir()
