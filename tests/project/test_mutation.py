"""How the session `mutants` reads its files, counts, and what it refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from mutation.areas import Area, chosen, read_areas
from mutation.explained import Change, Explanation, change_of, read_explanations
from mutation.score import AreaScore, faults, is_doubtful, survivors, table
from mutation.tree import MutantTree, verdict

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "mutation"
AREAS = read_areas(FOLDER / "areas.toml")
CHANGE = Change("shop.window.days", "return 1", "return 2")
NAME = "shop.window.x_days__mutmut_1"
# Stands for a copy that mutmut has worked in, and names the mutants by what they do.
MUTATED_TEST = """
import os, time

def test_days():
    name = os.environ["MUTANT_UNDER_TEST"]
    while name == "hangs":
        time.sleep(0.1)
    assert name != "noticed"
"""


def score(mutants: int, *, is_explained: bool = False, timeouts: int = 0) -> AreaScore:
    """Make the score of an area in which one mutant survived."""
    made = AreaScore("windows", mutants, {NAME: CHANGE}, timeouts=timeouts)
    if is_explained:
        made.explain([Explanation((CHANGE,), "a reason")])
    return made


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.name)
def test_every_file_of_an_area_is_there(area: Area) -> None:
    """A module that was renamed would else be left out without a word."""
    modules = [f"src/{module.replace('.', '/')}.py" for module in area.modules]

    assert [one for one in modules if not [*ROOT.glob(f"packages/*/{one}")]] == []
    assert [one for one in area.tests if not (ROOT / one).exists()] == []


def test_an_area_is_chosen_by_its_name_or_by_some_of_its_modules() -> None:
    """Without a glob, everything is."""
    days = Area("days", ("shop.window", "shop.calendar"), ("tests",))
    copies = Area("copies", ("shop.seen",), ("tests",))

    assert chosen([days, copies], []) == [days, copies]
    assert chosen([days, copies], ["copies"]) == [copies]
    assert chosen([days, copies], ["*.calendar"]) == [
        Area("days", ("shop.calendar",), ("tests",))
    ]


def test_what_no_test_ran_for_survived() -> None:
    """So did what mutmut did not get to; what hung twice was noticed."""
    results = {
        "a": "killed",
        "b": "survived",
        "c": "no tests",
        "d": "timeout",
        "e": "not checked",
        "f": "suspicious",
    }

    assert survivors(results) == ["b", "c", "e", "f"]


def test_what_seems_to_hang_is_run_again() -> None:
    """As tests may only have lacked time, or could not be run at all."""
    assert is_doubtful("timeout")
    assert is_doubtful("segfault")
    assert not is_doubtful("killed")
    assert not is_doubtful("survived")


@pytest.fixture
def tree(tmp_path: Path) -> MutantTree:
    """An area of one test, with its mutants."""
    root = tmp_path / "root"
    (root / "tests").mkdir(parents=True)
    (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\n")
    (root / "tests" / "test_days.py").write_text(MUTATED_TEST)
    area = Area("days", ("shop.window",), ("tests/test_days.py",))
    made = MutantTree(root, tmp_path / "days", area)
    shutil.copytree(root, made.folder / "mutants")
    return made


@pytest.mark.parametrize(("name", "status"), [("", "survived"), ("noticed", "killed")])
def test_a_mutant_that_is_run_alone_is_judged_by_its_tests(
    tree: MutantTree, name: str, status: str
) -> None:
    """Without a mutant they pass."""
    assert tree.run_alone(name) == status


def test_a_mutant_that_hangs_alone_is_a_timeout(tree: MutantTree) -> None:
    """Its tests are ended then."""
    assert tree.run_alone("hangs", limit=1.0) == "timeout"


def test_mutants_are_run_again_after_the_tests_without_one(tree: MutantTree) -> None:
    """Where those fail, nothing can be said of a mutant."""
    test = tree.folder / "mutants" / "tests" / "test_days.py"

    assert tree.run_again(["noticed", "other"]) == {
        "noticed": "killed",
        "other": "survived",
    }
    test.write_text("def test_days():\n    assert False\n")
    with pytest.raises(
        RuntimeError, match=r"^the tests of days fail without a mutant$"
    ):
        tree.run_again(["noticed"])


@pytest.mark.parametrize(
    ("code", "status"),
    [(0, "survived"), (1, "killed"), (-11, "segfault"), (-9, "segfault")]
    + [(code, "suspicious") for code in (2, 3, 4, 5)],
)
def test_tests_that_could_not_be_run_prove_nothing(code: int, status: str) -> None:
    """What is suspicious has survived."""
    assert verdict(code) == status


def test_a_change_is_known_by_its_place_and_its_lines() -> None:
    """Indentation does not count, nor mutmut's number."""
    shown = ["-    return (", "-        1", "-    )", "+    return None"]

    assert change_of("shop.till.xǁTillǁpay__mutmut_7", shown) == Change(
        "shop.till.Till.pay", "return ( 1 )", "return None"
    )


def test_explained_survivors_are_survivors_in_the_score() -> None:
    """They are counted beside it."""
    assert table([score(20, is_explained=True)]) == [
        "area       mutants  killed  timeouts  survived  explained   score",
        "windows         20      19         0         1          1   95.0%",
        "all             20      19         0         1          1   95.0%",
    ]


def test_timeouts_have_a_column_of_their_own() -> None:
    """They are among the killed, and added up."""
    retry = AreaScore("retry", 10, timeouts=1)

    assert table([score(20, timeouts=2), retry]) == [
        "area       mutants  killed  timeouts  survived  explained   score",
        "windows         20      19         2         1          0   95.0%",
        "retry           10      10         1         0          0  100.0%",
        "all             30      29         3         1          0   96.7%",
    ]


def test_a_survivor_without_an_explanation_fails() -> None:
    """The line shows the change, and says what to do."""
    assert faults([score(20)], [], ["shop.window"]) == [
        "shop.window.days: no test fails where 'return 1' becomes 'return 2' "
        f"({NAME}); write one, or explain it"
    ]


def test_less_than_ninety_per_cent_fail() -> None:
    """Whatever is explained."""
    explanations = [Explanation((CHANGE,), "a reason")]

    assert faults([score(10, is_explained=True)], explanations, ["shop.window"]) == []
    assert faults([score(9, is_explained=True)], explanations, ["shop.window"]) == [
        "8 of 9 mutants were killed; 90% are needed"
    ]


def test_no_mutants_fail() -> None:
    """Nothing was tested then."""
    assert faults([], [], []) == ["0 of 0 mutants were killed; 90% are needed"]


def test_what_is_explained_and_killed_fails() -> None:
    """Only where its module was mutated; another area may have been chosen."""
    killed = AreaScore("windows", 10)
    explanations = [Explanation((CHANGE,), "a reason")]

    assert faults([killed], explanations, ["shop.calendar"]) == []
    assert faults([killed], explanations, ["shop.window"]) == [
        "shop.window.days: what is explained does not survive: 'return 2'; "
        "take the explanation out"
    ]


def test_every_explanation_has_a_reason() -> None:
    """And is of a function in an area."""
    modules = tuple(f"{module}." for area in AREAS for module in area.modules)

    for one in read_explanations(FOLDER / "explained.toml"):
        assert len(one.why) > 20
        assert all(change.place.startswith(modules) for change in one.changes)
