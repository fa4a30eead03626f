"""docs/guarantees.md names tests that are there, and each promise can be broken.

What is here breaks nothing; `nox -s guarantees` does, and sees the tests fail.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from guarantees.agreement import problems
from guarantees.breakages import Breakage, read_breakages
from guarantees.page import PAGE, Row, read_page

ROOT = Path(__file__).parents[2]
SUMS = "packages/mixpanel-sums/src/mixpanel_sums/sums.py"
ROW = "| A1 | It adds. | `tests/test_sums.py::test_sum` | None known. |\n"
TABLE = """
[[breakage]]
row = "A1"
breaks = "it takes away"
file = "mixpanel_sums/sums.py"
old = "a + b"
new = "a - b"
"""

Change = Callable[[Path], object]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one promise."""
    for name, text in (
        (PAGE, ROW),
        (SUMS, "def add(a, b):\n    return a + b\n"),
        ("tests/test_sums.py", "def test_sum():\n    assert True\n"),
        ("guarantees/tables/sums.toml", TABLE),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def rewrite(name: str, old: str, new: str) -> Change:
    """Make a change of a file of the repository."""

    def change(root: Path) -> None:
        text = (root / name).read_text()
        assert old in text
        (root / name).write_text(text.replace(old, new))

    return change


def test_page_tables_tests_and_sources_agree() -> None:
    """Each row has a breakage, each test is there, each old text stands once."""
    assert problems(ROOT) == []


def test_every_row_of_the_page_is_read() -> None:
    """And those of the table's heads are no rows."""
    text = (ROOT / PAGE).read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    heads = len(re.findall(r"^\| (id|---) \|", text, re.MULTILINE))

    assert len(read_page(text)) == len(rows) - heads
    assert len(read_breakages(ROOT)) >= len(read_page(text)) > 40


def test_the_page_says_how_many_breakages_there_are() -> None:
    """Whoever adds one has run them, and writes how many were caught."""
    text = (ROOT / PAGE).read_text("utf-8")
    found = re.search(r"all (\d+) breakages of (\d+) promises were caught", text)

    assert found is not None
    assert int(found[1]) == len(read_breakages(ROOT))
    assert int(found[2]) == len(read_page(text))


def test_what_agrees_has_no_problem(repository: Path) -> None:
    """The changes below are what is wrong with it."""
    assert problems(repository) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (rewrite(PAGE, "| A1", "| A2"), "A2 has no breakage"),
        (rewrite(PAGE, "| A1", "| A2"), "A1 (it takes away): the page has no such row"),
        (
            rewrite(PAGE, "::test_sum", "::test_total"),
            "A1 names tests/test_sums.py::test_total, which is not there",
        ),
        (
            rewrite(PAGE, "test_sums.py", "test_totals.py"),
            "A1 names tests/test_totals.py::test_sum, which is not there",
        ),
        (rewrite(PAGE, "`tests", "`docs"), "A1 names no test"),
        (rewrite(PAGE, ROW, ROW * 2), "A1 stands twice"),
        (rewrite(PAGE, ROW, ""), f"{PAGE} has no row"),
        (
            rewrite(SUMS, "a + b", "b + a"),
            "A1 (it takes away): the old text stands 0 times in mixpanel_sums/sums.py",
        ),
        (
            rewrite(SUMS, "a + b", "a + b + (a + b)"),
            "A1 (it takes away): the old text stands 2 times in mixpanel_sums/sums.py",
        ),
        (
            rewrite("guarantees/tables/sums.toml", "a - b", "a + b"),
            "A1 (it takes away): the new text is the old one",
        ),
        (
            lambda root: (root / SUMS).unlink(),
            f"A1 (it takes away): there is no {SUMS}",
        ),
    ],
    ids=[
        *["no breakage", "no row", "no test", "no file of tests", "names none"],
        *["twice", "empty page", "old text gone", "old text twice", "no change"],
        "source gone",
    ],
)
def test_what_does_not_agree_is_told(
    repository: Path, change: Change, said: str
) -> None:
    """A row, a test or a text that has gone is a problem."""
    change(repository)

    assert said in problems(repository)


def test_a_breakage_is_python(repository: Path) -> None:
    """What cannot be compiled would fail every test."""
    rewrite("guarantees/tables/sums.toml", "a - b", "a -")(repository)
    (problem,) = problems(repository)

    assert "what comes out is no Python" in problem


def test_a_row_has_its_cells() -> None:
    """One that lacks its limits is refused."""
    with pytest.raises(ValueError, match="row A1 has 2 cells after its id; write"):
        read_page("| A1 | It adds. | `tests/test_sums.py::test_sum` |\n")


def test_a_table_has_no_other_keys(repository: Path) -> None:
    """A key that nobody reads may be a mistyped one."""
    rewrite("guarantees/tables/sums.toml", "new =", "news =")(repository)

    with pytest.raises(ValueError, match=r"sums\.toml has keys nobody reads: {'news'}"):
        read_breakages(repository)


def test_a_row_is_read() -> None:
    """With its tests, however many there are."""
    text = "| B12 | It `adds`. | `tests/a.py::test_b`<br>`tests/c.py::test_d` | No. |\n"

    assert read_page(text) == [
        Row("B12", "It `adds`.", ("tests/a.py::test_b", "tests/c.py::test_d"), "No.")
    ]


def test_a_breakage_changes_one_file() -> None:
    """Its package follows from how the file is imported."""
    breakage = Breakage("A1", "it takes away", "mixpanel_sums/sums.py", "a + b", "a")

    assert breakage.path == SUMS
    assert breakage.apply("x = a + b\n") == "x = a\n"
