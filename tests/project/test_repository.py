"""What holds for the repository as a whole."""

import importlib.util
import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest
from releasing.release_tag import read_tag

ROOT = Path(__file__).parents[2]
PACKAGES = sorted(path.name for path in (ROOT / "packages").iterdir() if path.is_dir())
EXAMPLES = sorted(path.name for path in ROOT.glob("examples/[a-z]*") if path.is_dir())


def load(name: str) -> ModuleType:
    """Load one of this folder's scripts."""
    spec = importlib.util.spec_from_file_location(
        name, Path(__file__).with_name(f"{name}.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_four_packages() -> None:
    """The tests below look at something."""
    assert PACKAGES == [
        "mixpanel-pyramid",
        "mixpanel-query",
        "mixpanel-schema",
        "mixpanel-slack-report",
    ]


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_carries_the_licence(package: str) -> None:
    """A wheel holds its own copy, and all copies are equal."""
    licence = (ROOT / "packages" / package / "LICENSE").read_text()

    assert licence == (ROOT / "LICENSE").read_text()


@pytest.mark.parametrize("package", PACKAGES)
def test_the_newest_changelog_entry_is_this_version_or_unreleased(package: str) -> None:
    """Changelog and version cannot disagree at a release."""
    folder = ROOT / "packages" / package
    headings = re.findall(r"^## (\S+)", (folder / "CHANGELOG.md").read_text(), re.M)
    version = re.search(
        r'^version = "(.+)"', (folder / "pyproject.toml").read_text(), re.M
    )

    assert version is not None
    assert headings[0] in ("Unreleased", version[1])


@pytest.mark.parametrize("package", PACKAGES)
def test_readmes_show_code_early(package: str) -> None:
    """The first working example starts by line 30."""
    lines = (ROOT / "packages" / package / "README.md").read_text().splitlines()

    assert any(line.startswith("```python") for line in lines[:30])


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_carries_its_test_and_a_short_readme(example: str) -> None:
    """What people copy is read at a glance, and known to work."""
    folder = ROOT / "examples" / example

    assert len((folder / "README.md").read_text().splitlines()) < 40
    assert list(folder.glob("**/test_*.py")) != []


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_says_what_its_tests_need(example: str) -> None:
    """Who copies it installs that, and need not look for it in the imports."""
    text = (ROOT / "examples" / example / "README.md").read_text("utf-8")
    needed = re.findall(r"pip install ([^`\n]+)", text)

    assert any("pytest" in each or "[dev]" in each for each in needed)


def test_the_readme_has_two_lines_to_copy_on_its_first_screen() -> None:
    """One runs the demo, one runs the tests."""
    first_screen = (ROOT / "README.md").read_text().splitlines()[:24]
    start = "python3 -m venv .venv && .venv/bin/pip install -q 'nox[uv]' && "

    assert [line for line in first_screen if line.startswith("python3")] == [
        start + ".venv/bin/nox -s demo",
        start + ".venv/bin/nox",
    ]


def test_the_start_page_leads_to_each_page_once() -> None:
    """Two rows for one page would have a reader look for their difference."""
    page = (ROOT / "docs" / "index.md").read_text("utf-8")
    found = re.findall(r"\]\((\S+)\)", page.partition("## Where to read on")[2])

    assert len(found) > 12
    assert sorted(found) == sorted(set(found))


def test_the_workflow_runs_the_readmes_test_command() -> None:
    """What the README says is what is tested on every push."""
    workflow = (ROOT / ".github/workflows/tests.yml").read_text()

    assert "&& .venv/bin/nox\n" in workflow


def test_no_file_is_a_room_with_too_much_in_it() -> None:
    """Sources, tests, examples and programs stay readable: at most 400 lines a file."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "*.py"],  # noqa: S607 - wherever git is
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]

    assert len(paths) > 500
    long = [
        str(path.relative_to(ROOT))
        for path in paths
        if path.exists() and len(path.read_text("utf-8").splitlines()) > 400
    ]
    assert long == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_exemption_from_a_rule_has_its_reason(package: str) -> None:
    """Behind each ``noqa`` of a package stands why the rule does not hold there."""
    lines = [
        (path.name, line.partition("# noqa")[2])
        for path in (ROOT / "packages" / package / "src").rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if "# noqa" in line
    ]
    reasoned = re.compile(r": [A-Z]+[0-9]+(, [A-Z]+[0-9]+)* ( ?#|-) ?\w")

    assert [found for found in lines if not reasoned.match(found[1])] == []


@pytest.fixture
def releasable(tmp_path: Path) -> Path:
    """Make a repository whose one package is ready to be released as 0.2.0."""
    folder = tmp_path / "packages" / "mixpanel-query"
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text('[project]\nversion = "0.2.0"\n')
    (folder / "CHANGELOG.md").write_text("# Changelog\n\n## 0.2.0 - 2027-01-31\n")
    return tmp_path


def test_a_release_tag_names_package_and_version(releasable: Path) -> None:
    """A tag that agrees with version and changelog is accepted."""
    assert read_tag("mixpanel-query-v0.2.0", releasable) == ("mixpanel-query", "0.2.0")


@pytest.mark.parametrize(
    ("tag", "message"),
    [
        ("v0.2.0", "is not PACKAGE-vMAJOR.MINOR.PATCH"),
        ("mixpanel-other-v0.2.0", "names no package"),
        ("mixpanel-query-v0.3.0", "disagrees with mixpanel-query's pyproject.toml"),
    ],
    ids=["no package", "unknown package", "other version"],
)
def test_a_wrong_release_tag_is_refused(
    releasable: Path, tag: str, message: str
) -> None:
    """A release cannot be made by a slip of the pen."""
    with pytest.raises(ValueError, match=message):
        read_tag(tag, releasable)


def test_a_release_without_a_dated_changelog_is_refused(releasable: Path) -> None:
    """What is released is described."""
    changelog = releasable / "packages/mixpanel-query/CHANGELOG.md"
    changelog.write_text("# Changelog\n\n## Unreleased\n")

    with pytest.raises(ValueError, match=r"no dated heading for 0\.2\.0"):
        read_tag("mixpanel-query-v0.2.0", releasable)


def test_the_summary_fails_without_tests(tmp_path: Path) -> None:
    """A suite without a result, and one that ran nothing, are failures."""
    empty = tmp_path / "empty.xml"
    empty.write_text(
        '<testsuites><testsuite tests="0" skipped="0" failures="0" errors="0"/>'
        "</testsuites>"
    )
    main = load("count_tests").main

    assert main([str(tmp_path / "missing.xml")]) == 1
    assert main([str(empty)]) == 1
    assert main([]) == 1


def test_the_summary_counts_tests(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The closing line adds up all suites, and a failure is a failure."""
    one, other = tmp_path / "one.xml", tmp_path / "other.xml"
    suite = '<testsuites><testsuite tests="{}" skipped="{}" failures="{}" errors="0"/>'
    one.write_text(suite.format(5, 1, 0) + "</testsuites>")
    other.write_text(suite.format(3, 0, 1) + "</testsuites>")
    main = load("count_tests").main

    assert main([str(one)]) == 0
    assert main([str(one), str(other)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "6 passed, 1 failed, 1 skipped"
