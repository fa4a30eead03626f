"""Tests of reports as tables of pandas, polars and Arrow."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from mixpanel_query import (
    ActivityEvent,
    Annotation,
    AnnotationTag,
    Cohort,
    Frequency,
    Funnel,
    FunnelStep,
    Insight,
    Records,
    RetainedUsers,
    Retention,
)
from mixpanel_query.tables import Tabular

MONDAY, TUESDAY = date(2026, 11, 9), date(2026, 11, 10)
NOON = datetime(2026, 11, 9, 12, tzinfo=timezone.utc)
CLOCK = datetime(2026, 11, 9, 12)
STEPS = (
    FunnelStep("A", "A", 10, 1.0, 1.0, None, None),
    FunnelStep("B", "B", 4, 0.4, 0.4, 133, 133.5),
)
RESULTS: dict[str, Tabular] = {
    "funnel": Funnel(1, "day", 1, (MONDAY,), {"$overall": {MONDAY: STEPS}}),
    "retention": Retention(
        "birth",
        "day",
        1,
        (MONDAY, TUESDAY),
        {
            "$overall": {
                MONDAY: RetainedUsers(10, (9, 7)),
                TUESDAY: RetainedUsers(0, (0,)),
            }
        },
    ),
    "frequency": Frequency("day", "hour", (MONDAY,), {"$overall": {MONDAY: (3, 1)}}),
    "insight": Insight(
        1,
        NOON,
        MONDAY,
        TUESDAY,
        ("$event",),
        None,
        (MONDAY, TUESDAY),
        {("A",): {MONDAY: 1, TUESDAY: 2.5}},
    ),
    "cohorts": Records([Cohort(1, "A", "", 3, CLOCK, True, 7)]),
    "activity": Records(
        [
            ActivityEvent("A", "ann", NOON, {"time": 1, "price": 5}),
            ActivityEvent("B", "joe", NOON, {"time": 2, "price": "five"}),
        ]
    ),
    "annotations": Records(
        [
            Annotation(1, CLOCK, "A", None, (AnnotationTag(3, "release"),)),
            Annotation(2, CLOCK, "B", None, ()),
        ]
    ),
}


@pytest.mark.parametrize("name", RESULTS)
def test_every_report_is_a_table(name: str) -> None:
    """Each library gets every row, and the columns in their order."""
    result = RESULTS[name]
    rows = result.to_dicts()

    frame, other, table = result.to_pandas(), result.to_polars(), result.to_arrow()

    assert len(frame) == len(other) == len(table) == len(rows)
    assert list(frame.columns) == other.columns == table.column_names == list(rows[0])


def test_times_and_ratios_keep_their_types() -> None:
    """Days are days, clocks have no timezone, and what is missing is missing."""
    funnel = RESULTS["funnel"].to_arrow()
    cohorts = RESULTS["cohorts"].to_polars()
    retention = RESULTS["retention"].to_polars()

    assert funnel["date"].to_pylist() == [MONDAY, MONDAY]
    assert funnel["avg_time_from_start"].to_pylist() == [None, 133.5]
    assert cohorts["created"].to_list() == [CLOCK]
    assert retention["ratio"].to_list() == [0.9, 0.7, None]


def test_documents_are_json() -> None:
    """Properties of any kind stand in one column."""
    table = RESULTS["activity"].to_arrow()

    assert table["properties"].to_pylist() == [
        '{"time": 1, "price": 5}',
        '{"time": 2, "price": "five"}',
    ]
    assert table["time"].to_pylist() == [NOON, NOON]


@pytest.mark.parametrize("name", ["funnel", "retention", "frequency"])
def test_no_rows(name: str) -> None:
    """An empty report has its columns."""
    empty = {
        "funnel": Funnel(1, "day", 1, (), {}),
        "retention": Retention("birth", "day", 1, (), {}),
        "frequency": Frequency("day", "hour", (), {}),
    }[name]

    assert empty.to_arrow().column_names == list(RESULTS[name].to_dicts()[0])
