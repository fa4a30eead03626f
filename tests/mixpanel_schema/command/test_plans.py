"""How a command is told its plan, and what it writes of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.mixpanel_schema.command.conftest import Run


@pytest.mark.parametrize(
    ("shape", "start"),
    [
        ("lexicon", '{\n  "entries": ['),
        ("json-schema", '{\n  "$schema": '),
        ("markdown", "# Tracking plan\n"),
        ("csv", "kind,event,"),
        ("typescript", "// Made by mixpanel-schema"),
    ],
)
def test_export_writes_every_format(command: Run, shape: str, start: str) -> None:
    """The document is the output; what the app prints is not in it."""
    code, out, err = command("export", "shop_plan:plan", "--format", shape)

    assert code == 0
    assert out.startswith(start)
    assert out.endswith("\n")
    assert not out.endswith("\n\n")
    assert err == "this is no output\n"


def test_export_writes_a_file(command: Run, folder: Path) -> None:
    """The output is free, and what was done is said aside."""
    code, out, err = command(
        "export", "shop_plan:plan", "--format", "csv", "-o", "plan.csv"
    )

    assert (code, out) == (0, "")
    assert err.endswith("plan.csv written\n")
    assert (folder / "plan.csv").read_text().startswith("kind,event,")


def test_a_file_that_cannot_be_written_is_an_error(command: Run) -> None:
    """It is no finding either."""
    code, _, err = command(
        "export", "shop_plan:plan", "--format", "csv", "-o", "no/where.csv"
    )

    assert code == 2
    assert err.endswith(
        "Error: no/where.csv cannot be written: No such file or directory; "
        "name another file\n"
    )


@pytest.mark.parametrize("name", ["plan", "make", "Holder.plan"])
def test_a_plan_is_an_attribute_or_made_by_a_function(command: Run, name: str) -> None:
    """Apps that build their plan late are served too."""
    code, out, _ = command("export", f"shop_plan:{name}", "--format", "csv")

    assert code == 0
    assert "Order Completed" in out


def test_a_lexicon_document_is_a_plan_too(command: Run) -> None:
    """What Mixpanel holds can be made a page without any code."""
    code, out, _ = command("export", "old.json", "--format", "markdown")

    assert code == 0
    assert "### Shop Closed" in out


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (
            "shop_plan",
            "'shop_plan' names no plan; write module:attribute, such as "
            "shop.tracking:plan, or a Lexicon document that ends in .json",
        ),
        (
            "shop_plann:plan",
            "there is no module 'shop_plann', here or installed; go to the folder that "
            "has it, or install it",
        ),
        (
            "shop_plan.x:plan",
            "there is no module 'shop_plan.x', here or installed; go to the folder "
            "that has it, or install it",
        ),
        ("shop_plan:plam", "shop_plan has no 'plam'; nearest is 'plan'"),
        (
            "shop_plan:not_a_plan",
            "shop_plan:not_a_plan is a int, not a tracking plan; name a TrackingPlan, "
            "or a function without arguments that makes one",
        ),
        (
            "shop_plan:make_nothing",
            "shop_plan:make_nothing is a NoneType, not a tracking plan; name a "
            "TrackingPlan, or a function without arguments that makes one",
        ),
        (
            "shop_plan:fail",
            "shop_plan:fail cannot be loaded: RuntimeError: no database here "
            "({folder}/shop_plan.py:38)",
        ),
        (
            "shop_typo:plan",
            "shop_typo:plan cannot be loaded: ModuleNotFoundError: No module named "
            "'shop_nowhere' ({folder}/shop_typo.py:1)",
        ),
        (
            "shop_syntax:plan",
            "shop_syntax:plan cannot be loaded: SyntaxError: invalid syntax "
            "(shop_syntax.py, line 1)",
        ),
        (
            "shop_exit:plan",
            "shop_exit:plan cannot be loaded: SystemExit: give me settings "
            "({folder}/shop_exit.py:1)",
        ),
        (
            "missing.json",
            "missing.json cannot be read: No such file or directory; name a Lexicon "
            "document",
        ),
        ("list.json", "list.json holds a list; give a Lexicon document"),
        (
            "broken.json",
            "broken.json is not JSON: Expecting property name enclosed in double "
            "quotes: line 1 column 2 (char 1); give a Lexicon document",
        ),
        (
            "other.json",
            "other.json: a Lexicon document has entries, or results, which are a list; "
            "this has 'events': give what Lexicon answers to a list request",
        ),
    ],
)
def test_a_plan_that_cannot_be_had_is_an_error_of_one_line(
    command: Run, folder: Path, plan: str, message: str
) -> None:
    """What is wrong, where, and what to do; no traceback, no finding."""
    code, out, err = command("lint", plan)

    lines = [line for line in err.splitlines() if line != "this is no output"]
    assert (code, out) == (2, "")
    assert lines == [f"Error: {message.format(folder=folder)}"]


def test_generate_writes_a_module(command: Run) -> None:
    """The module declares what the document describes."""
    code, out, _ = command("generate", "old.json")

    assert code == 0
    assert 'class OrderPaid(TypedEvent, event_name="Order Paid"):' in out


def test_generate_refuses_another_document(command: Run) -> None:
    """In one line."""
    code, out, err = command("generate", "other.json")

    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
