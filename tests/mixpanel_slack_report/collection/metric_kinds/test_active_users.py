"""Users who did anything, or any of several events, counted by a fake project."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.periods import ReportWindows, custom_windows

from .fake_numbers import ACTIVE, FORTNIGHT, collected, measured, shown

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.fake_project import FakeProject


def test_active_users_did_anything(project: FakeProject) -> None:
    """Ann and Bob in the week, Ann, Bob and Cid in the week before."""
    value = measured(project, Metric("{period} Active Users", (), "active"))

    assert shown(value) == (2, 3, "ok")
    assert value.metric.name == "Weekly Active Users"
    assert value.trend == (*[None] * 6, 3, 2)
    assert ("frequency", "2026-09-21", "2026-11-15", "week", "day") in project.calls


@pytest.mark.parametrize(
    ("windows", "first", "last"),
    [
        (FORTNIGHT, "2026-07-20", "2026-11-08"),
        (
            custom_windows(date(2026, 11, 9), date(2026, 11, 11)),
            "2026-11-06",
            "2026-11-11",
        ),
    ],
)
def test_active_users_of_other_windows_need_a_script(
    project: FakeProject, windows: ReportWindows, first: str, last: str
) -> None:
    """No endpoint counts them, and the script counts identities that were merged."""
    value = measured(project, Metric("Active", (), "active"), windows=windows)

    assert ("jql", first, last) in project.calls
    assert value.remark.startswith("users whose identities were merged later")
    assert value.value == {"2026-11-08": 3, "2026-11-11": 1}[last]


def test_active_users_of_several_events_count_once(project: FakeProject) -> None:
    """Ann did both."""
    value = measured(project, Metric("Active", ("Sign Up", "Page View"), "active"))

    assert shown(value) == (2, 3, "ok")
    assert project.calls[-1] == (
        "jql",
        "2026-09-21",
        "2026-11-15",
        "Page View",
        "Sign Up",
    )


def test_active_users_of_one_event_are_its_users(project: FakeProject) -> None:
    """They need no script."""
    value = measured(project, Metric("Active", ("Sign Up",), "active"))

    assert (shown(value), value.remark) == ((2, 1, "ok"), "")


def test_an_unknown_one_of_several_events_makes_the_users_partial(
    project: FakeProject,
) -> None:
    """The number may lack people, and the nearest name is told."""
    value = measured(project, Metric("Active", ("Sign Up", "Page Views"), "active"))

    assert shown(value)[2] == "partial"
    assert value.reason.startswith("'Page Views' is not among the 3 commonest names")
    assert value.reason.endswith("the nearest name is 'Page View'")


def test_active_users_of_unknown_events_are_no_zero(project: FakeProject) -> None:
    """Nothing is asked about them."""
    value = measured(project, Metric("Active", ("x", "y"), "active"))

    assert shown(value) == (None, None, "no_such_event")
    assert not [call for call in project.calls if call[0] == "jql"]


def test_nobody_where_events_were_counted_is_no_zero(project: FakeProject) -> None:
    """The two answers contradict each other."""
    project.filters = {}
    project.users = lambda *_, **__: set()

    value = measured(project, Metric("Active", (), "active"))

    assert shown(value) == (None, None, "no_data")
    assert value.reason == "Mixpanel counted events, but 0 users of any"


def test_nobody_who_did_events_that_were_counted_is_no_zero(
    project: FakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script's answer may lack a window: neither its number nor its trend is 0."""
    both = Metric("Doers", ("Sign Up", "Page View"), "active")
    monkeypatch.setattr(project, "jql", lambda *_: [{"key": [6], "value": 3}])
    project.happened.append(("Sign Up", "2026-10-26", "ann"))

    value = measured(project, both)

    assert shown(value) == (None, 3, "no_data")
    assert value.reason == "Mixpanel counted events, but 0 users of any"


def test_a_trend_has_no_zero_where_events_were_counted(
    project: FakeProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the weeks from 2026-10-26 on, the script's answer lacks the first."""
    rows = [{"key": [6], "value": 3}, {"key": [7], "value": 2}]
    monkeypatch.setattr(project, "jql", lambda *_: rows)
    project.happened.append(("Sign Up", "2026-10-26", "ann"))

    value = measured(project, Metric("Doers", ("Sign Up", "Page View"), "active"))

    # No event was counted before 2026-10-26, and none in the week after.
    assert value.trend == (*[None] * 6, 3, 2)


def test_active_users_in_other_weeks_are_counted_by_a_script(
    project: FakeProject,
) -> None:
    """One call gives both windows."""
    project.shift = -1

    found = collected(project, ACTIVE, max_calls=4)

    assert list(map(shown, found.metrics)) == [(2, 3, "ok")]
    assert ("jql", "2026-11-02", "2026-11-15") in project.calls


def test_a_filter_that_nobody_passes_leaves_a_true_zero(project: FakeProject) -> None:
    """Events were counted, and nobody who did any of them is on the plan."""
    project.filters = {'user["plan"] == "gold"': set()}
    active = Metric("Active", (), "active", where='user["plan"] == "gold"')

    assert shown(measured(project, active)) == (0, 0, "ok")
