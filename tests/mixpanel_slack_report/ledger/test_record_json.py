"""A record survives the way through JSON, and what is none is refused."""

from __future__ import annotations

import json
from datetime import date, datetime, timezone
from hashlib import blake2b

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


def test_a_document_says_what_it_is_of_and_what_became_of_it() -> None:
    """Under names that stay, as another version will read it."""
    key = EntryKey("slack:1.2", "weekly", *DAYS, "#sales", "p1")
    then = datetime(2026, 11, 16, 9, tzinfo=timezone.utc)
    sent = datetime(2026, 11, 9, 9, tzinfo=timezone.utc)
    record = Record("posting", "7", "refused", "no such channel", then, sent)

    document = write_document(key, record)

    assert document.startswith(b'{\n "trigger": "slack:1.2",\n "report": "weekly",\n')
    assert json.loads(document) == {
        "trigger": "slack:1.2",
        "report": "weekly",
        "from_date": "2026-11-09",
        "to_date": "2026-11-15",
        "channel": "#sales",
        "source": "p1",
        "step": "posting",
        "writer": "7",
        "settled": "refused",
        "detail": "no such channel",
        "changed": "2026-11-16T09:00:00+00:00",
        "sent": "2026-11-09T09:00:00+00:00",
    }


def test_a_document_keeps_its_name() -> None:
    """A report that was sent is looked for under it by every later version.

    The digest is that of the four texts in lines, as blake2b makes it of 12 bytes.
    """
    key = EntryKey("slack:1.2", "weekly", *DAYS, "#sales", "p1")
    digest = blake2b(b"slack:1.2\nweekly\n#sales\np1", digest_size=12).hexdigest()

    assert document_name(key) == (f"reports/weekly/2026-11-09_2026-11-15/{digest}.json")


def test_a_trigger_that_is_no_text_of_utf_8_has_a_name() -> None:
    """Half of a surrogate pair, as JSON may hold it, is a question mark."""
    broken, marked = (
        document_name(EntryKey(trigger, "weekly", *DAYS, "#sales"))
        for trigger in ("\ud800", "?")
    )

    assert broken == marked


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
        (b"[]", "^it is no JSON object$"),
        (b"{}", "its step is none that is known here"),
        (b'{"step": "dancing"}', "its step is none that is known here"),
        (b'{"step": ""}', "its outcome is none that is known here"),
        (b'{"step": "", "settled": "perhaps"}', "its outcome is none that is known"),
        (b'{"step": "", "settled": "", "sent": "yesterday"}', "isoformat"),
        (b'{"step": "", "settled": "", "sent": 7}', "isoformat"),
        (b"[" * 100_000, "^it is nested too deeply$"),
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
