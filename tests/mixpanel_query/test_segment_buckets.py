"""Tests of mixpanel_query.segment_buckets: dates, and segments of either nesting."""

from __future__ import annotations

from datetime import date

import pytest

from mixpanel_query.exceptions import UnreadableAnswerError
from mixpanel_query.segment_buckets import first_day, read_segments
from mixpanel_query.wire import Answer, QueryRequest

ANSWER = Answer(QueryRequest("/api/query/retention"), "here", None)
DAY = date(2026, 11, 9)


def read(document: object, *, is_broken_down: bool = True) -> dict[str, object]:
    """Read buckets that are whole numbers."""

    def number(value: object) -> int | None:
        return value if isinstance(value, int) else None

    found = read_segments(ANSWER, document, number, is_broken_down=is_broken_down)
    return dict(found)


@pytest.mark.parametrize(
    "key",
    [
        "2026-11-09",
        "2026-11-09 00:00:00",
        "2026-11-09T00:00:00",
        "2026-11-09T00:00:00.000Z",
        "2026-11-09T00:00:00-07:00",
        "2026-11-09T00:00:00+0100",
    ],
)
def test_days(key: str) -> None:
    """A day may come with its midnight, in whichever offset."""
    assert first_day(ANSWER, key) == DAY


@pytest.mark.parametrize(
    "key", ["2026-11-09T01:00:00", "2026-11-31", "2026-11-09x", "9. 11. 2026", "", 7]
)
def test_no_days(key: object) -> None:
    """Anything else is no day: an hour would be taken for the whole."""
    with pytest.raises(UnreadableAnswerError, match="is no day"):
        first_day(ANSWER, key)


def test_buckets_are_in_order_of_date() -> None:
    """Mixpanel promises no order."""
    buckets = read({"2026-11-10": 2, "2026-11-09": 1})["$overall"]

    assert list(buckets.items()) == [  # type: ignore[attr-defined]
        (DAY, 1),
        (date(2026, 11, 10), 2),
    ]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({}, {}),
        ({"2026-11-09": {}}, {}),
        ({"2026-11-09": {"a": 1}}, {"a": {DAY: 1}}),
        ({"a": {"2026-11-09": 1}, "b": {}}, {"a": {DAY: 1}, "b": {}}),
        ({"2026-11-09": {}, "2026-11-10": {"a": 1}}, {"a": {date(2026, 11, 10): 1}}),
        # A segment that looks like a day, beside one that does not.
        (
            {"2026-11-09": {"2026-11-10": 1, "a": 2}},
            {"2026-11-10": {DAY: 1}, "a": {DAY: 2}},
        ),
    ],
)
def test_segments(document: object, expected: object) -> None:
    """Dates hold segments, or segments dates."""
    assert read(document) == expected


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (None, "no buckets by date"),
        ({"2026-11-09": {"2026-11-10": 1}}, "cannot be told apart"),
        ({"a": {"b": 1}}, "segments without dates"),
        ({"2026-11-09": "soon"}, "neither buckets by date nor segments"),
        ({"2026-11-09": {"a": "soon"}}, "the bucket of 2026-11-09 is not"),
        ({"2026-11-09": 1, "2026-11-10": {"a": 1}}, "the bucket of 2026-11-10 is not"),
    ],
)
def test_other_shapes_are_no_answer(document: object, problem: str) -> None:
    """What could mean two things, or nothing, is an error."""
    with pytest.raises(UnreadableAnswerError, match=problem):
        read(document)


def test_segments_that_nobody_asked_for_are_no_answer() -> None:
    """Without a breakdown only buckets by date are read."""
    with pytest.raises(UnreadableAnswerError, match="the bucket of 2026-11-09"):
        read({"2026-11-09": {"a": 1}}, is_broken_down=False)
