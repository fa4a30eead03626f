"""Events that are new, and events that stopped."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_slack_report.event_changes import (
    EventChanges,
    event_changes,
    new_events,
    stopped_events,
    windows_back,
)
from mixpanel_slack_report.metrics import TopEvent
from mixpanel_slack_report.periods import (
    ReportWindows,
    custom_windows,
    windows_due,
)

WEEKLY = windows_due("weekly", date(2026, 11, 16))
DAILY = windows_due("daily", date(2026, 11, 16))
VISITS = (9, 9, 9, 9, 9, 9, 9, 9)


@pytest.mark.parametrize(
    ("trend", "is_new"),
    [
        ((0, 0, 0, 0, 0, 0, 0, 3), True),
        ((None, None, 0, 0, 0, 0, 0, 3), True),
        ((None, None, 0, None, 0, 0, 0, 3), False),
        ((0, None, None, None, None, None, None, 3), False),
        ((None, None, None, None, None, None, 0, 3), True),
        ((None, None, None, None, None, None, None, 3), False),
        ((1, 0, 0, 0, 0, 0, 0, 3), False),
        ((0, 0, 0, 0, 0, 0, 0, 0), False),
    ],
)
def test_a_new_event_happened_in_no_known_window_before(
    trend: tuple[int | None, ...], *, is_new: bool
) -> None:
    """At least one window before must be known, and all since the first of those."""
    found = new_events({"Visit": VISITS, "Coupon": trend})

    assert found == ((TopEvent("Coupon", 3, 0),) if is_new else ())


def test_nothing_is_new_where_nothing_happened_before() -> None:
    """All events of a new project would be new."""
    assert new_events({"Visit": (0, 9), "Coupon": (0, 3)}) == ()


def test_another_event_must_have_happened_in_a_window_without_the_new_one() -> None:
    """Windows in which only nothing is known prove nothing."""
    trends = {"Visit": (9, 0, 9), "Coupon": (None, 0, 3)}

    assert new_events(trends) == ()


@pytest.mark.parametrize(
    "trends",
    [
        {"Visit": (9, None), "Coupon": (0, 3)},
        {"Visit": (9, 9), "Coupon": (0, 3), "Cut": ()},
    ],
    ids=["not known", "not answered"],
)
def test_nothing_is_new_where_the_totals_are_not_complete(
    trends: dict[str, tuple[int | None, ...]],
) -> None:
    """What is not known of one event may be wrong of another."""
    assert new_events(trends) == ()


@pytest.mark.parametrize(
    ("trend", "is_stopped"),
    [
        ((5, 5, 5, 5, 5, 5, 5, 0), True),
        ((0, 0, 0, 5, 5, 5, 5, 0), False),
        ((0, 0, 5, 5, 5, 5, 5, 0), True),
        ((None, None, None, None, None, 5, 5, 0), True),
        ((None, None, None, None, 0, 5, 5, 0), False),
        ((5, 5, 5, 5, 5, 5, 0, 0), False),
        ((5, 5, 5, 5, 5, 5, 5, 1), False),
        ((5, 5, 5, 5, 5, 5, None, 0), False),
    ],
)
def test_a_stopped_event_happened_just_before_and_in_most_windows(
    trend: tuple[int | None, ...], *, is_stopped: bool
) -> None:
    """What happens now and then has not stopped; half is not most."""
    found = stopped_events({"Visit": VISITS, "Offer": trend})

    assert found == ((TopEvent("Offer", 5, 5),) if is_stopped else ())


@pytest.mark.parametrize(("before", "is_stopped"), [(9, False), (10, True)])
def test_with_one_window_before_a_stopped_event_happened_often(
    before: int, *, is_stopped: bool
) -> None:
    """Custom days have no other windows, and a few events may be away by chance."""
    found = stopped_events({"Visit": (9, 9), "Offer": (before, 0)})

    assert bool(found) is is_stopped


def test_nothing_stopped_where_nothing_happened() -> None:
    """A silent week is told as one, not event by event."""
    assert stopped_events({"Visit": (9, 9, 0), "Offer": (5, 5, 0)}) == ()


def test_nothing_stopped_where_the_totals_are_not_complete() -> None:
    """Neither in the days reported nor in those compared with."""
    known = {"Visit": (9, 9, 9), "Offer": (5, 5, 0)}

    assert stopped_events({**known, "Cut": (1, 1, None)}) == ()
    assert stopped_events({**known, "Cut": (1, None, 1)}) == ()


def test_a_daily_report_looks_at_the_same_weekday() -> None:
    """What happens on weekdays only has not stopped on a Sunday."""
    weekdays = (0, 5, 5, 5, 5, 5, 5, 0)
    each_day = (5, 5, 5, 5, 5, 0, 5, 0)
    trends = {"Visit": VISITS, "Invoice": weekdays, "Offer": each_day}

    assert stopped_events(trends, back=7) == (TopEvent("Offer", 5, 5),)


def test_the_commonest_come_first() -> None:
    """Equal ones are in the order of their names."""
    trends = {"Visit": (9, 9), "c": (0, 1), "b": (0, 2), "a": (0, 1)}

    assert [top.event for top in new_events(trends)] == ["b", "a", "c"]


@pytest.mark.parametrize(
    ("windows", "back"),
    [
        (DAILY, 7),
        (WEEKLY, 1),
        (windows_due("monthly", date(2026, 11, 1)), 1),
        (custom_windows(date(2026, 11, 1), date(2026, 11, 3)), 1),
        (windows_due("daily", date(2026, 11, 16), daily_compare="previous_day"), 1),
    ],
    ids=["daily", "weekly", "monthly", "custom", "previous day"],
)
def test_the_window_compared_with_is_found_in_the_trend(
    windows: ReportWindows, back: int
) -> None:
    """A day is compared with the one a week before, unless the file says otherwise."""
    assert windows_back(windows) == back


def test_nothing_has_stopped_before_the_days_are_over() -> None:
    """New it can be."""
    trends = {"Visit": VISITS, "Offer": (5,) * 7 + (0,), "Coupon": (0,) * 7 + (3,)}
    new, stopped = (TopEvent("Coupon", 3, 0),), (TopEvent("Offer", 5, 5),)

    assert event_changes(trends, WEEKLY, is_over=True) == EventChanges(new, stopped)
    assert event_changes(trends, WEEKLY, is_over=False) == EventChanges(new, ())


def test_no_events_have_no_changes() -> None:
    """Where the question failed, nothing is claimed."""
    assert event_changes({}, WEEKLY, is_over=True) == EventChanges((), ())


@given(
    st.lists(
        st.lists(st.none() | st.integers(0, 3), min_size=8, max_size=8).map(tuple),
        max_size=6,
    ),
    st.sampled_from([1, 7]),
)
def test_no_claim_contradicts_a_known_number(
    rows: list[tuple[int | None, ...]], back: int
) -> None:
    """A new event never happened before, and a stopped one not now."""
    trends = {str(number): row for number, row in enumerate(rows)}

    for new in new_events(trends):
        assert sum(filter(None, trends[new.event])) == new.count > 0
    for stopped in stopped_events(trends, back=back):
        assert trends[stopped.event][-1] == 0
        assert trends[stopped.event][-1 - back] == stopped.count > 0
