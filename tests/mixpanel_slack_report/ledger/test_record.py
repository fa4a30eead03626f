"""What is on record of a posting, and what it lets a run do."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from mixpanel_slack_report.exceptions import AlreadySentError, OutcomeUnknownError
from mixpanel_slack_report.ledger.entries import EntryKey
from mixpanel_slack_report.ledger.record import (
    Record,
    fresh_rung,
    read_record,
    refuse_repeat,
    without_dead_writer,
)

KEY = EntryKey("schedule", "weekly", date(2026, 11, 9), date(2026, 11, 15), "#sales")
THEN = datetime(2026, 11, 9, 8, 5, tzinfo=timezone.utc)
NOW = datetime(2026, 11, 16, 9, 30, tzinfo=timezone.utc)


def test_a_claim_keeps_what_became_of_the_posting_before() -> None:
    """Also when that was: the time of the claim counts where there was none."""
    before = Record("", "", "refused", "no such channel", THEN, None)

    assert before.claimed("7", NOW) == Record(
        "claimed", "7", "refused", "no such channel", THEN, None
    )
    assert Record().claimed("7", NOW) == Record("claimed", "7", "", "", NOW, None)


def test_a_posting_has_the_time_at_which_it_began() -> None:
    """The writer is the one that had claimed."""
    claimed = Record("claimed", "7", "", "", THEN, None)

    assert claimed.posting(NOW) == Record("posting", "7", "", "", NOW, None)


def test_a_released_claim_leaves_what_was_before() -> None:
    """Nobody is at it any more."""
    claimed = Record("claimed", "7", "sent", "fine", THEN, THEN)

    assert claimed.released() == Record("", "", "sent", "fine", THEN, THEN)


@pytest.mark.parametrize(
    ("settled", "sent"), [("sent", NOW), ("refused", THEN), ("unknown", THEN)]
)
def test_only_what_was_sent_moves_the_time_of_the_last_report(
    settled: str, sent: datetime
) -> None:
    """What failed leaves the time of the report before it."""
    posting = Record("posting", "7", "sent", "", THEN, THEN)

    finished = posting.finished(settled, "said", NOW)  # type: ignore[arg-type]

    assert finished == Record("", "", settled, "said", NOW, sent)  # type: ignore[arg-type]


def test_the_fields_that_a_ledger_lacks_are_empty() -> None:
    """An older version may have kept fewer."""
    assert read_record({"step": "", "settled": ""}) == Record(
        "", "", "", "", None, None
    )


def test_a_run_that_ended_while_posting_may_have_posted() -> None:
    """The record says so; when it began to post, and what was sent before, stay."""
    posting = Record("posting", "7", "sent", "", NOW, THEN)

    assert without_dead_writer(posting) == Record(
        "", "", "unknown", "a run ended while it was posting", NOW, THEN
    )


def test_a_run_that_ended_with_a_claim_posted_nothing() -> None:
    """What was before holds."""
    claimed = Record("claimed", "7", "sent", "fine", THEN, THEN)

    assert without_dead_writer(claimed) == Record("", "", "sent", "fine", THEN, THEN)


@pytest.mark.parametrize("settled", ["", "refused"])
def test_what_was_not_sent_may_be_posted(settled: str) -> None:
    """Nothing is raised."""
    refuse_repeat(Record(settled=settled, changed=THEN), KEY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "when"), [(THEN, " at 2026-11-09 08:05 UTC"), (None, "")]
)
def test_what_was_sent_is_refused_with_its_time(
    changed: datetime | None, when: str
) -> None:
    """Where that is known; and the option that sends it again."""
    with pytest.raises(AlreadySentError) as caught:
        refuse_repeat(Record(settled="sent", changed=changed), KEY)

    assert str(caught.value) == (
        f"the weekly report 2026-11-09 to 2026-11-15 was sent{when}; "
        "--force sends it again"
    )


@pytest.mark.parametrize(("detail", "said"), [("it broke", " (it broke)"), ("", "")])
def test_what_nobody_knows_is_refused_with_what_was_said(
    detail: str, said: str
) -> None:
    """The line tells where to look, and what then."""
    with pytest.raises(OutcomeUnknownError) as caught:
        refuse_repeat(Record(settled="unknown", detail=detail, changed=THEN), KEY)

    assert str(caught.value) == (
        "whether the weekly report 2026-11-09 to 2026-11-15 was posted at 2026-11-09 "
        f"08:05 UTC is not known{said}; look at the channel, and send it with --force "
        "if it is not there"
    )


@pytest.mark.parametrize(
    ("found", "rung"),
    [
        (None, None),
        (("2", NOW - timedelta(days=30, seconds=-1)), 2),
        (("2", NOW - timedelta(days=30)), None),
        (("best", NOW), None),
    ],
)
def test_a_rung_is_fresh_for_less_than_thirty_days(
    found: tuple[str, datetime] | None, rung: int | None
) -> None:
    """What is no number is none."""
    assert fresh_rung(found, NOW) == rung
