"""Which questions take the place of one that was answered for other days."""

from __future__ import annotations

from datetime import date

import pytest

from mixpanel_slack_report.collection.buckets import day_buckets, single_bucket
from mixpanel_slack_report.collection.choice import single_questions
from mixpanel_slack_report.collection.questions import (
    EventQuestion,
    ScriptQuestion,
    SumQuestion,
)
from mixpanel_slack_report.periods import ReportWindows, Window

THIS = Window(date(2026, 11, 9), date(2026, 11, 15))
LAST = Window(date(2026, 11, 2), date(2026, 11, 8))
WEEKLY = ReportWindows("weekly", THIS, LAST)


@pytest.mark.parametrize(
    "question",
    [
        SumQuestion("Sale", "", "Price", day_buckets((LAST, THIS)), "Revenue"),
        EventQuestion("Sale", "", "general", day_buckets((LAST, THIS)), "Sales"),
    ],
    ids=["sum", "total"],
)
def test_what_is_added_up_is_asked_for_window_by_window(
    question: SumQuestion | EventQuestion,
) -> None:
    """Day by day as before, the reported days first."""
    this, last = single_questions(question, WEEKLY, ("Sale",))

    assert (this.buckets.from_date, this.buckets.to_date) == (
        date(2026, 11, 9),
        date(2026, 11, 15),
    )
    assert (last.buckets.from_date, last.buckets.to_date) == (
        date(2026, 11, 2),
        date(2026, 11, 8),
    )
    assert len(this.buckets.starts) == len(last.buckets.starts) == 7
    assert this.purpose == last.purpose == question.purpose


def test_users_are_asked_for_event_by_event() -> None:
    """A call that counts users of several events has no buckets of any length."""
    question = EventQuestion("Sale", "1 == 1", "unique", single_bucket(THIS), "Buyers")

    asked = single_questions(question, WEEKLY, ("Sale",))

    assert asked == (
        EventQuestion(
            *("Sale", "1 == 1", "unique", single_bucket(THIS)),
            "unique users of 'Sale'",
        ),
        EventQuestion(
            *("Sale", "1 == 1", "unique", single_bucket(LAST)),
            "unique users of 'Sale'",
        ),
    )


def test_a_script_has_nothing_in_its_place() -> None:
    """It counts in the very windows that it is given."""
    question = ScriptQuestion(("Sale",), "", (LAST, THIS), "Buyers")

    assert single_questions(question, WEEKLY, ("Sale",)) == ()
