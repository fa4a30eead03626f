"""A record survives the way through JSON, and what is none is refused."""

from __future__ import annotations

from datetime import date, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_slack_report.ledger.entries import EntryKey
from mixpanel_slack_report.ledger.record import Record
from mixpanel_slack_report.ledger.record_json import (
    document_name,
    read_document,
    write_document,
)

DAYS = (date(2026, 11, 9), date(2026, 11, 15))
TIMES = st.none() | st.datetimes(timezones=st.just(timezone.utc))


@given(
    st.builds(
        Record,
        step=st.sampled_from(["", "claimed", "posting"]),
        writer=st.text(),
        settled=st.sampled_from(["", "sent", "refused", "unknown"]),
        detail=st.text(),
        changed=TIMES,
        sent=TIMES,
    )
)
def test_a_record_is_read_as_it_was_written(record: Record) -> None:
    """Whatever its texts are."""
    key = EntryKey("schedule", "weekly", *DAYS, "#sales")

    assert read_document(write_document(key, record)) == record


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "Expecting value"),
        (b"\xff", "can't decode byte"),
        (b"[]", "it is no JSON object"),
        (b"{}", "its step is none that is known here"),
        (b'{"step": "dancing"}', "its step is none that is known here"),
        (b'{"step": ""}', "its outcome is none that is known here"),
        (b'{"step": "", "settled": "perhaps"}', "its outcome is none that is known"),
        (b'{"step": "", "settled": "", "sent": "yesterday"}', "isoformat"),
        (b'{"step": "", "settled": "", "sent": 7}', "isoformat"),
        (b"[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_is_no_record_is_refused(data: bytes, told: str) -> None:
    """An empty record would be a leave to post."""
    with pytest.raises(ValueError, match=told):
        read_document(data)


@given(st.text(), st.text())
def test_any_trigger_has_a_name_that_a_blob_can_have(
    trigger: str, channel: str
) -> None:
    """Azure takes 1,024 characters; a digest stands for the trigger."""
    name = document_name(EntryKey(trigger, "weekly", *DAYS, channel))

    assert len(name) < 100
    assert name.isascii()


def test_notices_of_failures_are_kept_apart() -> None:
    """They do not count as reports that were sent."""
    key = EntryKey("failure", "weekly:failure:1a", *DAYS, "#sales")

    assert document_name(key).startswith("failures/weekly:failure:1a/")
