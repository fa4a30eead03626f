"""Names and days as readers see them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_slack_report.periods import Window
from mixpanel_slack_report.wording import day_in_words, readable, window_in_words


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("Sign Up", "Sign Up"),
        ("<!channel> *x* :tada:", "<!channel> *x* :tada:"),
        ("a\x1b[31mb", "a [31mb"),
        ("one\r\ntwo", "one  two"),
        ("abc\u202edef", "abc def"),
        ("half \ud800", "half"),
        ("", "(no name)"),
        (" \n", "(no name)"),
        ("\u200b", "(no name)"),
        ("👩‍💻 coded", "👩‍💻 coded"),
    ],
)
def test_names_are_shown_as_they_are_but_for_controls(
    given_text: str, shown: str
) -> None:
    """Only what would move a cursor or break a line is replaced."""
    assert readable(given_text) == shown


@given(st.text(max_size=300), st.integers(1, 100))
def test_names_never_exceed_their_room(text: str, longest: int) -> None:
    """A name has at least one character and at most as many as allowed."""
    assert 1 <= len(readable(text, longest=longest)) <= max(longest, len("(no name)"))


def test_long_names_end_with_an_ellipsis() -> None:
    """The cut shows."""
    assert readable("x" * 81) == "x" * 79 + "…"


def test_days_have_the_name_of_the_month() -> None:
    """A day is written in English, whatever the machine's locale."""
    assert day_in_words(date(2026, 1, 5)) == "January 5, 2026"


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-11-15", "2026-11-15", "November 15, 2026"),
        ("2026-11-09", "2026-11-15", "November 9 to November 15, 2026"),
        ("2026-12-28", "2027-01-03", "December 28, 2026 to January 3, 2027"),
    ],
)
def test_windows_name_the_year_once(first: str, last: str, words: str) -> None:
    """The year is repeated only where the days are of two."""
    window = Window(date.fromisoformat(first), date.fromisoformat(last))

    assert window_in_words(window) == words
