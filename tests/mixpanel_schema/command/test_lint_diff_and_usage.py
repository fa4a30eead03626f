"""``lint``, ``diff`` and ``usage``: findings and exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.mixpanel_schema.command.conftest import Run


def test_lint_finds_nothing_in_good_names(command: Run) -> None:
    """Nothing is printed but a word aside."""
    code, out, err = command("lint", "shop_plan:plan")

    assert (code, out) == (0, "")
    assert err.endswith("no findings\n")


def test_lint_names_what_it_finds(command: Run) -> None:
    """A line a finding, and an exit code for CI."""
    code, out, err = command("lint", "shop_bad_names:plan")

    assert code == 1
    assert out.startswith("event 'order completed'")
    assert err == "1 finding\n"


def test_lint_gives_findings_to_programs(command: Run) -> None:
    """JSON on the output, also where there is none."""
    code, out, _ = command("lint", "shop_bad_names:plan", "--format", "json")
    assert code == 1
    assert json.loads(out)[0]["name"] == "order completed"

    code, out, _ = command("lint", "shop_plan:plan", "--format", "json")
    assert (code, json.loads(out)) == (0, [])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], 0),
        (["--fail-on", "breaking"], 1),
        (["--fail-on", "any"], 1),
    ],
)
def test_diff_fails_where_it_was_told_to(
    command: Run, options: list[str], expected: int
) -> None:
    """A released document is compared with the code."""
    code, out, _ = command("diff", "old.json", "shop_plan:plan", *options)

    assert code == expected
    assert "Order Completed" in out
    assert "Shop Closed" in out


def test_diff_compares_only_what_lexicon_holds_with_a_document(
    command: Run, folder: Path
) -> None:
    """An exported plan equals the plan that it was exported from."""
    command("export", "shop_plan:plan", "--format", "lexicon", "-o", "now.json")
    code, out, _ = command(
        "diff", "now.json", "shop_plan:plan", "--format", "json", "--fail-on", "any"
    )

    assert (code, json.loads(out)) == (0, {"breaking": False, "changes": []})


def test_diff_of_two_plans_in_code_is_markdown_for_a_pull_request(command: Run) -> None:
    """Both may be named as attributes."""
    code, out, _ = command(
        "diff", "shop_bad_names:plan", "shop_plan:plan", "--format", "markdown"
    )

    assert code == 0
    assert "order completed" in out


def test_usage_finds_what_is_never_set(command: Run) -> None:
    """The catalogues are found in the plan's module, outside the paths."""
    code, out, _ = command(
        "usage", "shop_plan:plan", "shop_tracks.py", "--format", "json"
    )

    kinds = {finding["kind"] for finding in json.loads(out)["findings"]}
    assert code == 1
    assert "never-set" in kinds
    assert "undeclared-event" not in kinds


@pytest.mark.parametrize(
    ("fail_on", "expected"),
    [("any", 1), ("never-set", 1), ("undeclared-event", 0), ("none", 0)],
)
def test_usage_fails_where_it_was_told_to(
    command: Run, fail_on: str, expected: int
) -> None:
    """CI decides which findings stop it."""
    code, out, _ = command(
        "usage", "shop_plan:plan", "shop_tracks.py", "--fail-on", fail_on
    )

    assert code == expected
    assert "Coupon" in out


def test_usage_of_a_document_knows_no_catalogue(command: Run) -> None:
    """A Lexicon document holds names, and no code that could mention them."""
    code, out, _ = command("usage", "old.json", "shop_tracks.py", "--format", "json")

    assert code == 1
    assert ("never-tracked", "Shop Closed") in [
        (finding["kind"], finding["name"]) for finding in json.loads(out)["findings"]
    ]


def test_usage_prints_markdown(command: Run) -> None:
    """For a comment on a pull request."""
    code, out, _ = command(
        "usage", "shop_plan:plan", "shop_tracks.py", "--format", "markdown"
    )

    assert code == 1
    assert "Coupon" in out


def test_a_path_that_does_not_exist_is_an_error(command: Run) -> None:
    """It is named, in one line."""
    code, out, err = command("usage", "shop_plan:plan", "nowhere")

    assert (code, out) == (2, "")
    assert "nowhere" in err.splitlines()[-1]


def test_the_help_of_diff_says_that_changes_alone_are_no_failure(command: Run) -> None:
    """Who puts it into a build must know."""
    _, out, _ = command("diff", "--help")

    assert "the exit code is 0 whatever changed" in " ".join(out.split())
