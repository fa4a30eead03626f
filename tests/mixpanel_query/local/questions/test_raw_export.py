"""The raw export."""

from __future__ import annotations

import gzip
import json
from datetime import datetime, timezone

import pytest

from mixpanel_query.local.engine.kept_profiles import save_profiles
from mixpanel_query.local.engine.store import Engine, StoredEvent
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.questions.raw_export import (
    export_lines,
    gzipped,
    read_export_question,
)
from mixpanel_query.local.settings import project_settings

DAY = {"from_date": "2026-11-20", "to_date": "2026-11-20"}
# 2026-11-20 00:00 UTC.
START = 1795132800000


def export(engine: Engine, **given: str) -> list[dict[str, object]]:
    """Return the events of an export of 2026-11-20."""
    settings = project_settings(
        timezone="America/Los_Angeles",
        week_start="monday",
        clock=lambda: datetime(2026, 11, 22, 12, tzinfo=timezone.utc),
    )
    question = read_export_question({**DAY, **given}, settings)
    body = b"".join(export_lines(engine, question))
    return [json.loads(line) for line in body.split(b"\n") if line]


def add(engine: Engine, *times_ms: int, event: str = "A") -> None:
    """Insert events at these times."""
    engine.insert_events(
        [
            StoredEvent(event, "u1", time_ms, f"i{time_ms}", '{"distinct_id":"u1"}')
            for time_ms in times_ms
        ]
    )


def test_event_is_given_as_it_is(engine: Engine) -> None:
    """Name, time in seconds and properties, one document a line."""
    odd = 'é"\\\u2028\n'
    text = json.dumps({"n": 12345678901234567890123, "s": odd}, ensure_ascii=False)
    engine.insert_events([StoredEvent(odd, "u1", START + 1999, "i1", text)])

    assert export(engine) == [
        {
            "event": odd,
            "properties": {
                "time": 1795132801,
                "n": 12345678901234567890123,
                "s": odd,
            },
        }
    ]


def test_days_are_utc(engine: Engine) -> None:
    """Days of the export are UTC whatever the project's timezone; both ends count."""
    day_ms = 86_400_000
    add(engine, START - 1, START, START + day_ms - 1, START + day_ms)

    times = [row["properties"]["time"] for row in export(engine)]  # type: ignore[index]
    assert times == [1795132800, 1795219199]


def test_time_may_be_in_milliseconds(engine: Engine) -> None:
    """time_in_ms gives the full time."""
    add(engine, START + 1)

    assert export(engine, time_in_ms="true")[0]["properties"] == {
        "time": 1795132800001,
        "distinct_id": "u1",
    }


def test_repeats_are_not_removed(engine: Engine) -> None:
    """The export gives each row that arrived."""
    add(engine, START, START)

    assert len(export(engine)) == 2


def test_events_may_be_chosen(engine: Engine) -> None:
    """A list of names leaves the others out."""
    for name in ("A", "B", "C"):
        add(engine, START, event=name)

    rows = export(engine, event='["A", "C", "missing"]')
    assert [row["event"] for row in rows] == ["A", "C"]
    assert export(engine, event="[]") == []


def test_limit_holds(engine: Engine) -> None:
    """No more rows than the limit come back, over several chunks too."""
    add(engine, *range(START, START + 5000))

    assert len(export(engine, limit="4500")) == 4500
    assert len(export(engine)) == 5000


def test_where_chooses_events(engine: Engine) -> None:
    """By properties, by the time, and by the profile of the user; repeats stay."""
    add(engine, START, START, START + 500, event="A")
    add(engine, START + 1000, event="B")
    with engine.writing() as cursor:
        save_profiles(cursor, {"u1": {"plan": "pro"}})

    def found(where: str) -> list[object]:
        return [event["event"] for event in export(engine, where=where)]

    assert found('properties["distinct_id"] == "u1"') == ["A", "A", "A", "B"]
    assert found('user["plan"] == "pro"') == ["A", "A", "A", "B"]
    assert found('defined(properties["never"])') == []
    # Times without an offset are those of the project, 8 hours behind UTC.
    assert found('event["$time"] >= datetime("2026-11-19T16:00:01")') == ["B"]
    assert found("properties['time'] == 1795132800") == ["A", "A", "A"]


def test_where_and_limit_go_together(engine: Engine) -> None:
    """The limit counts the events that were chosen, over several chunks too."""
    add(engine, *range(START, START + 9000))
    where = 'event["$time"] >= datetime("2026-11-20T00:00:03Z")'

    assert len(export(engine, where=where)) == 6000
    assert len(export(engine, where=where, limit="2500")) == 2500


def test_wrong_type_of_a_condition_is_refused(engine: Engine) -> None:
    """A text is neither true nor false."""
    add(engine, START)

    with pytest.raises(RequestRefusedError, match="'u1' is of the type text") as caught:
        export(engine, where='properties["distinct_id"]')
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("given", "status", "message"),
    [
        ({"from_date": ""}, 400, "from_date is missing"),
        ({"to_date": "2026-11-23"}, 400, "to_date cannot be later than today"),
        ({"event": "A"}, 400, "event is not a JSON array of texts"),
        ({"limit": "100001"}, 400, "whole number from 1 to 100000"),
        ({"time_in_ms": "maybe"}, 400, "time_in_ms 'maybe' is not one of"),
        ({"where": "plan"}, 400, "where is no expression"),
        ({"where": 'behaviors["b"] > 1'}, 501, "where with behaviors"),
    ],
)
def test_wrong_export_is_refused(
    engine: Engine, given: dict[str, str], status: int, message: str
) -> None:
    """What makes no sense gets 400, what is not built 501."""
    with pytest.raises(RequestRefusedError, match=message) as caught:
        export(engine, **given)

    assert caught.value.status == status


def test_gzip_is_one_stream() -> None:
    """The chunks of an export make one gzip file."""
    assert gzip.decompress(b"".join(gzipped([b"one\n", b"", b"two\n"]))) == (
        b"one\ntwo\n"
    )
