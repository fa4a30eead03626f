"""Reading the parameters of a request."""

from __future__ import annotations

from datetime import date

import pytest

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.parameters import reading as read

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("given", [{}, {"event": ""}])
def test_missing_parameter_is_named(given: dict[str, str]) -> None:
    """What must be there is named when it is missing, or empty."""
    with pytest.raises(RequestRefusedError, match=r"^event is missing$") as caught:
        read.required(given, "event")

    assert caught.value.status == 400


def test_window_counts_both_dates() -> None:
    """One day from today to today is a window."""
    given = {"from_date": "2026-11-22", "to_date": "2026-11-22"}

    assert read.window(given, TODAY) == (TODAY, TODAY)


@pytest.mark.parametrize(
    ("from_date", "to_date", "message"),
    [
        ("2026-11-01", "2026-11-23", "to_date cannot be later than today"),
        ("2026-11-02", "2026-11-01", "from_date 2026-11-02 is later than to_date"),
        ("1999-12-31", "2026-11-01", "invalid date, bad year"),
        ("2026-02-30", "2026-11-01", "invalid date: from_date '2026-02-30'"),
        ("20260101", "2026-11-01", "write YYYY-MM-DD"),
        ("2026-1-1", "2026-11-01", "write YYYY-MM-DD"),
        ("2026-W47-1", "2026-11-01", "write YYYY-MM-DD"),
        ("", "2026-11-01", "from_date is missing"),
        ("2026-11-01", "", "to_date is missing"),
    ],
)
def test_wrong_window_is_refused(from_date: str, to_date: str, message: str) -> None:
    """Dates that make no sense get 400 and say which one."""
    given = {"from_date": from_date, "to_date": to_date}

    with pytest.raises(RequestRefusedError, match=message) as caught:
        read.window(given, TODAY)

    assert caught.value.status == 400


@pytest.mark.parametrize("text", ["0", "101", "-1", "1.0", "", "\u0663", "1" * 10])
def test_number_out_of_bounds_is_refused(text: str) -> None:
    """A number is written in plain digits and lies between its bounds."""
    with pytest.raises(RequestRefusedError, match="whole number from 1 to 100"):
        read.number({"limit": text}, "limit", most=100)


def test_number_may_be_missing() -> None:
    """A missing number is None, one at the bound is taken."""
    assert read.number({}, "limit", most=100) is None
    assert read.number({"limit": "100"}, "limit", most=100) == 100


@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, False), ({"f": "true"}, True), ({"f": "1"}, True), ({"f": "False"}, False)],
)
def test_flag_is_a_word_or_a_digit(given: dict[str, str], expected: bool) -> None:
    """Yes and no are written in words or as 1 and 0; missing means no."""
    assert read.flag(given, "f") is expected


def test_other_flag_is_refused() -> None:
    """Another word is refused with the allowed ones."""
    with pytest.raises(RequestRefusedError, match="not one of true, 1, false, 0"):
        read.flag({"f": "yes"}, "f")


def test_json_texts_are_read_once_each() -> None:
    """A list travels as a JSON array; a repeated name counts once."""
    assert read.json_texts("event", '["b", "a", "b"]') == ("b", "a")


@pytest.mark.parametrize("text", ["a", '"a"', "[1]", '{"a": 1}', "[" * 100_000])
def test_other_json_is_no_list_of_texts(text: str) -> None:
    """Anything but an array of texts is refused with an example."""
    with pytest.raises(RequestRefusedError, match="is not a JSON array of texts"):
        read.json_texts("event", text)


def test_half_a_character_is_refused() -> None:
    """A name that UTF-8 cannot hold never reaches the store."""
    with pytest.raises(RequestRefusedError, match="should be valid utf8"):
        read.json_texts("event", '["\\ud83d"]')
