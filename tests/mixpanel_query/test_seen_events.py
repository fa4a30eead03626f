"""Tests of mixpanel_query.seen_events."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_query.event_clock import UTC_SECONDS
from mixpanel_query.event_rows import EventFormat, EventRows
from mixpanel_query.seen_events import SeenEvents

FORMAT = EventFormat(UTC_SECONDS)
A = {"time": 1, "distinct_id": "x", "$insert_id": "i"}


def line(properties: dict[str, object], event: str = "Sign Up") -> bytes:
    """Write a line of an export."""
    return json.dumps({"event": event, "properties": properties}).encode()


def new(seen: SeenEvents, *lines: bytes) -> list[bool]:
    """Tell which lines are new, if they come in one piece."""
    rows = EventRows.of(lines, [FORMAT.one(each).rows[0] for each in lines])
    return list(seen.are_new(rows))


def test_copies_within_a_fetch() -> None:
    """Copies agree in event, distinct_id, time and insert id, and in nothing else."""
    seen = SeenEvents()

    assert new(seen, line(A), line({**A, "plan": "pro"})) == [True, False]
    assert new(seen, line({**A, "plan": "free"})) == [False]
    assert seen.repeats == 2


@pytest.mark.parametrize(
    "other",
    [
        line(A, event="Other"),
        line({**A, "time": 2}),
        line({**A, "distinct_id": "y"}),
        line({**A, "distinct_id": None}),
        line({**A, "$insert_id": "j"}),
        line({**A, "distinct_id": "i", "$insert_id": "x"}),
    ],
    ids=["event", "time", "user", "no user", "insert id", "swapped"],
)
def test_others_are_none(other: bytes) -> None:
    """Events that differ in one part of the key are two."""
    assert new(SeenEvents(), line(A), other) == [True, True]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"distinct_id": -1}, {"distinct_id": -2}),
        ({"$insert_id": -1}, {"$insert_id": -2}),
        ({"time": -1}, {"time": -2}),
        ({"distinct_id": 5}, {"distinct_id": 5 + 2**61 - 1}),
        ({"distinct_id": 7}, {"distinct_id": "7"}),
        ({"distinct_id": 1}, {"distinct_id": 1.0}),
        ({"$insert_id": 1}, {"$insert_id": True}),
        ({"distinct_id": [1]}, {"distinct_id": "[1]"}),
        ({"distinct_id": 7, "x": "y" * 5000}, {"distinct_id": "7", "x": "y" * 5000}),
    ],
    ids=[
        "negative users",
        "negative insert ids",
        "before 1970",
        "apart by a prime",
        "number and text",
        "whole and fraction",
        "number and truth",
        "list and text",
        "long lines",
    ],
)
def test_numbers_that_python_hashes_alike(
    one: dict[str, object], other: dict[str, object]
) -> None:
    """Ids that are numbers are told apart too, and from texts; copies are copies."""
    rows = [line({**A, **one}), line({**A, **other})]

    assert new(SeenEvents(), *rows, *rows) == [True, True, False, False]


def test_half_characters() -> None:
    """Text that is no valid Unicode, which JSON can spell, has a key like any other."""
    rows = [line({**A, "$insert_id": "\ud800"}), line({**A, "$insert_id": "\udc00"})]

    assert new(SeenEvents(), *rows, *rows) == [True, True, False, False]


def test_merged_user_in_another_fetch() -> None:
    """Another fetch may have another distinct_id for an event that was there before."""
    seen = SeenEvents()
    new(seen, line(A))

    seen.begin_fetch()

    assert new(seen, line({**A, "distinct_id": "merged"})) == [False]
    assert new(seen, line({**A, "time": 2})) == [True]


def test_copies_within_a_later_fetch() -> None:
    """A row that no fetch before had comes once, too."""
    seen = SeenEvents()
    new(seen, line(A))
    seen.begin_fetch()
    later = line({**A, "$insert_id": "j"})

    assert new(seen, line(A), later, later) == [False, True, False]
    assert seen.repeats == 1


def test_two_users_in_another_fetch() -> None:
    """Rows of two users that are new in another fetch are two events there too."""
    seen = SeenEvents()
    seen.begin_fetch()

    assert new(seen, line(A), line({**A, "distinct_id": "y"})) == [True, True]


def test_repeats_are_those_of_the_last_fetch() -> None:
    """Copies are counted within a fetch, and what came before is no copy."""
    seen = SeenEvents()
    new(seen, line(A), line(A), line(A))
    seen.begin_fetch()

    assert new(seen, line(A), line(A), line({**A, "time": 2})) == [False, False, True]
    assert seen.repeats == 1


def test_third_fetch() -> None:
    """What either of two fetches had is not new in a third one."""
    seen = SeenEvents()
    new(seen, line(A))
    seen.begin_fetch()
    new(seen, line({**A, "time": 2}))
    seen.begin_fetch()

    assert new(seen, line({**A, "time": 2}), line(A)) == [False, False]
    assert new(seen, line({**A, "time": 3})) == [True]


NAMELESS = {"time": 1, "distinct_id": "x", "plan": "free"}


def test_rows_without_insert_id_are_kept() -> None:
    """What cannot be told from a copy is not taken for one."""
    seen = SeenEvents()

    assert new(seen, line(NAMELESS), line(NAMELESS), line(A)) == [True] * 3
    assert seen.repeats == 0


def test_rows_without_insert_id_in_another_fetch() -> None:
    """Another fetch has as many new ones as it has more of the same row."""
    seen = SeenEvents()
    new(seen, line(NAMELESS), line(NAMELESS))
    seen.begin_fetch()
    merged = {**NAMELESS, "distinct_id": "y", "$distinct_id_before_identity": "x"}

    assert new(seen, line(merged), line(NAMELESS)) == [False, False]
    assert new(seen, line(NAMELESS)) == [True]


def test_a_row_without_insert_id_is_known_by_all_that_it_says() -> None:
    """Its name and its properties, in whichever order; but not by whose it is."""
    seen = SeenEvents()
    new(seen, line(NAMELESS))
    seen.begin_fetch()

    assert new(seen, line({**NAMELESS, "plan": "pro"})) == [True]
    assert new(seen, line(NAMELESS, event="Other")) == [True]
    assert new(seen, line(dict(reversed(NAMELESS.items())))) == [False]


def test_rows_without_insert_id_are_counted_one_by_one() -> None:
    """Two that differ came once each, so the second of one of them is new."""
    seen = SeenEvents()
    new(seen, line(NAMELESS), line({**NAMELESS, "plan": "pro"}))
    seen.begin_fetch()
    again = line({**NAMELESS, "plan": "pro"})

    assert new(seen, again, again) == [False, True]


@pytest.mark.parametrize(("first", "second"), [(1, 2), (2, 1)])
def test_rows_without_insert_id_in_a_third_fetch(first: int, second: int) -> None:
    """The fetch that had most of them decides, be it the first or the second."""
    seen = SeenEvents()
    new(seen, *[line(NAMELESS)] * first)
    seen.begin_fetch()
    new(seen, *[line(NAMELESS)] * second)
    seen.begin_fetch()

    assert new(seen, *[line(NAMELESS)] * 3) == [False, False, True]


def test_text_among_numbers() -> None:
    """A copy is one whatever the ids of those that come in one piece with it are."""
    seen = SeenEvents()
    new(seen, line(A))

    assert new(seen, line({**A, "distinct_id": 7}), line(A)) == [True, False]


@pytest.mark.parametrize("moment", [0, 5])
def test_time_among_those_before_1970(moment: int) -> None:
    """A copy is one whatever the times of those that come in one piece with it are."""
    seen, copy = SeenEvents(), line({**A, "time": moment})
    new(seen, copy)

    assert new(seen, line({**A, "time": -1}), copy) == [True, False]


def test_no_rows() -> None:
    """An empty piece of a fetch has nothing new, and is no error."""
    assert new(SeenEvents()) == []


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=8), max_size=4
    )
)
def test_fetches_of_any_part(fetches: Sequence[Sequence[tuple[int, bool]]]) -> None:
    """After all fetches, each event came as often as in the fetch that had most."""
    seen = SeenEvents()
    came: Counter[tuple[int, bool]] = Counter()
    most: Counter[tuple[int, bool]] = Counter()

    for number, fetch in enumerate(fetches):
        if number:
            seen.begin_fetch()
        lines = [
            line({"time": time, **({"$insert_id": "i"} if has_id else {})})
            for time, has_id in fetch
        ]
        are_new = new(seen, *lines)
        came.update(row for row, is_new in zip(fetch, are_new, strict=True) if is_new)
        most |= Counter({row: 1 if row[1] else fetch.count(row) for row in fetch})

    assert came == most
