"""Native tables."""

from __future__ import annotations

import json

import pytest

from mixpanel_slack_report.slack.block_rules import block_problem
from mixpanel_slack_report.slack.tables import Cell, data_table, figure, words


def rows_of(count: int) -> list[list[Cell]]:
    """Make rows with a name and a number each."""
    return [[words(f"Event {number}"), figure(number, "9")] for number in range(count)]


def test_a_table_shows_all_of_its_rows_on_one_page() -> None:
    """Slack would show five."""
    (table,) = data_table("Events", ("a", "b"), rows_of(9), total=9, room=5000)

    assert table["page_size"] == 9
    assert len(table["rows"]) == 10
    assert block_problem(table) == ""


def test_rows_that_do_not_fit_are_counted() -> None:
    """The table keeps to its room."""
    blocks = data_table("Events", ("a", "b"), rows_of(40), total=40, room=1500)

    table, rest = blocks
    shown = len(table["rows"]) - 1
    assert 0 < shown < 40
    assert rest["elements"][0]["text"] == f"and {40 - shown} more"
    assert len(json.dumps(blocks)) <= 1500


def test_a_table_has_at_most_a_hundred_rows() -> None:
    """More were refused until 2026, and may be still."""
    table, rest = data_table("E", ("a", "b"), rows_of(150), total=150, room=10**6)

    assert len(table["rows"]) == 101
    assert rest["elements"][0]["text"] == "and 50 more"


def test_without_any_row_that_fits_there_is_a_line() -> None:
    """A table of a head alone is refused."""
    blocks = data_table("Events", ("a", "b"), rows_of(4), total=4, room=300)

    assert [block["type"] for block in blocks] == ["context"]
    assert "Events: 4 do not fit here" in json.dumps(blocks)


def test_no_rows_are_no_table() -> None:
    """There is nothing to say."""
    assert data_table("Events", ("a", "b"), [], total=0, room=5000) == []


@pytest.mark.parametrize("number", [float("inf"), float("nan")])
def test_what_json_cannot_say_is_text(number: float) -> None:
    """JSON has no infinity."""
    assert figure(number, "no number") == {"type": "raw_text", "text": "no number"}


def test_a_cell_is_never_empty() -> None:
    """Slack refuses an empty one."""
    assert words("\n")["text"] == "(no name)"
