"""What counts as caught, when a promise is broken on purpose."""

from __future__ import annotations

import os

import pytest
from guarantees.breakages import Breakage
from guarantees.page import Row
from guarantees.verdict import Result, try_all

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="it needs fork")

FILE = "mixpanel_sums/sums.py"
SOURCE = """
def add(a, b):
    return a + b

def share(a, b):
    return a / b
"""
TESTS = """
import pytest
from mixpanel_sums.sums import add, share

def test_add():
    assert add(1, 2) == 3

@pytest.mark.parametrize("number", [0, 5])
def test_nothing(number):
    assert add(number, 0) == number

def test_share():
    assert share(6, 3) == 2

def test_broken():
    assert add(1, 1) == 3

@pytest.mark.skip(reason="not today")
def test_skipped():
    assert add(1, 1) == 2
"""
NAMES = ("add", "nothing", "share", "broken", "skipped")
ADD, NOTHING, SHARE, BROKEN, SKIPPED = (f"tests/test_s.py::test_{n}" for n in NAMES)
ROWS = [
    Row("A1", "It adds.", (ADD, NOTHING), "None."),
    Row("A2", "It shares.", (SHARE,), "None."),
    Row("A3", "It is wrong.", (BROKEN, SKIPPED), "None."),
]
BREAKAGES = {
    "caught": Breakage("A1", "caught", FILE, "a + b", "a - b"),
    "survives": Breakage("A1", "survives", FILE, "a + b", "b + a"),
    "missing": Breakage("A2", "missing", FILE, "def share", "def shares"),
    "other": Breakage("A2", "other", FILE, "a / b", "a / 0"),
    "declared": Breakage(
        "A2", "declared", FILE, "a / b", "a / 0", ("ZeroDivisionError",)
    ),
}

Tried = tuple[list[str], dict[str, Result]]


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    """What is wrong with the tests, and what became of each breakage."""
    root = tmp_path_factory.mktemp("repository")
    source = root / "packages/mixpanel-sums/src" / FILE
    for path, text in ((source, SOURCE), (root / "tests/test_s.py", TESTS)):
        path.parent.mkdir(parents=True)
        path.write_text(text)
    work = tmp_path_factory.mktemp("work")
    found, results = try_all(root, ROWS, list(BREAKAGES.values()), work, workers=1)
    assert source.read_text() == SOURCE
    return found, dict(zip(BREAKAGES, results, strict=True))


def test_a_test_that_fails_catches(tried: Tried) -> None:
    """By an assertion; it is named."""
    result = tried[1]["caught"]

    assert (result.problem, result.caught_by) == ("", {ADD})


def test_a_breakage_may_survive(tried: Tried) -> None:
    """Nothing but the order is another; what pytest said is kept."""
    result = tried[1]["survives"]

    assert (result.problem, result.caught_by) == ("every test still passed", set())
    assert "3 passed" in result.words


def test_an_import_that_fails_catches_nothing(tried: Tried) -> None:
    """The tests did not look at what was promised."""
    assert tried[1]["missing"].problem == "pytest ended with 4"


def test_another_exception_catches_nothing(tried: Tried) -> None:
    """Unless the table says that it is what the promise is about."""
    assert tried[1]["other"].problem == "a test ended by ZeroDivisionError"
    assert tried[1]["declared"].caught_by == {SHARE}


def test_tests_have_to_pass_when_nothing_is_broken(tried: Tried) -> None:
    """One that is skipped shows nothing."""
    assert f"{BROKEN} does not pass, with nothing broken" in tried[0]
    assert f"{SKIPPED} does not pass, with nothing broken" in tried[0]
    assert f"{ADD} does not pass, with nothing broken" not in tried[0]


def test_a_test_that_no_breakage_fails_is_told(tried: Tried) -> None:
    """It may be there for nothing."""
    assert f"A1: {NOTHING} fails with no breakage of its row" in tried[0]
    assert f"A1: {ADD} fails with no breakage of its row" not in tried[0]


def test_a_line_says_what_became_of_a_breakage(tried: Tried) -> None:
    """By which test it was caught, or that it was not, and why."""
    results = tried[1]

    assert str(results["caught"]) == "  A1  caught: test_add"
    assert str(results["survives"]) == (
        "  A1  survives: NOT CAUGHT: every test still passed"
    )
