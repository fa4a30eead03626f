"""What filters let pass, and what a property adds up to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.metrics import Metric

from .fake_numbers import collected, measured, shown

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.fake_project import FakeProject


def test_metrics_of_one_name_have_a_number_each(project: FakeProject) -> None:
    """Nothing forbids to call two metrics the same."""
    found = collected(
        project,
        Metric("Count", ("Sign Up",), "total"),
        Metric("Count", ("Page View",), "total"),
    )

    assert [value.value for value in found.metrics] == [3, 4]


def test_a_ratio_of_names_that_become_one_is_refused(project: FakeProject) -> None:
    """In a weekly report both are called "Weekly Users"."""
    metrics = (
        Metric("{period} Users", ("Sign Up",), "unique"),
        Metric("Weekly Users", ("Page View",), "unique"),
        Metric("Share", (), "ratio", of="{period} Users", over="Weekly Users"),
    )

    with pytest.raises(SettingsError, match="the name of 2 metrics"):
        measured(project, *metrics)


@pytest.mark.parametrize("worth", [10**400, 1e308, float("inf"), float("nan")])
def test_a_sum_that_cannot_be_is_no_number(project: FakeProject, worth: float) -> None:
    """No view could write it, and nothing can be divided by it."""
    project.worth = {"Sign Up": worth}

    value = measured(project, Metric("Value", ("Sign Up",), "sum", property="price"))

    assert shown(value) == (None, None, "no_data")
    assert value.reason == "Mixpanel's count of 'Sign Up' is no possible number"


def test_a_filter_counts_what_it_lets_pass(project: FakeProject) -> None:
    """Ann signed up twice in the week; a call of its own asks for it."""
    project.filters = {"only ann": {"ann"}}
    metric = Metric("Signups", ("Sign Up",), "total", where="only ann")

    value = measured(project, metric)

    assert shown(value) == (2, 0, "ok")
    assert project.calls[-1] == (
        "segmentation",
        "Sign Up",
        "2026-09-21",
        "2026-11-15",
        "day",
        "general",
        "only ann",
    )


def test_users_that_a_filter_lets_pass_are_counted_by_week(
    project: FakeProject,
) -> None:
    """Segmentation knows no weeks, but buckets of seven days."""
    project.filters = {"not ann": {"bob", "cid"}}
    metric = Metric("Users", ("Sign Up",), "unique", where="not ann")

    value = measured(project, metric)

    assert shown(value) == (1, 1, "ok")
    assert project.calls[-1][4:] == (7, "unique", "not ann")


def test_a_filtered_rare_event_is_asked_for_once_it_is_known(
    project: FakeProject,
) -> None:
    """It is not listed, but it was counted."""
    project.names = ["Page View"]
    project.filters = {"only ann": {"ann"}}

    value = measured(project, Metric("S", ("Sign Up",), "total", where="only ann"))

    assert shown(value) == (2, 0, "ok")


def test_a_filtered_unknown_event_is_not_asked_for(project: FakeProject) -> None:
    """Its number would be a 0 that is none."""
    project.filters = {"only ann": {"ann"}}

    value = measured(project, Metric("S", ("sign_up",), "total", where="only ann"))

    assert shown(value) == (None, None, "no_such_event")
    assert len(project.calls) == 2


def test_a_sum_adds_up_a_property(project: FakeProject) -> None:
    """Three sign-ups of 2.5 each, one before; days without any count as 0."""
    project.worth = {"Sign Up": 2.5}

    value = measured(project, Metric("Sum", ("Sign Up",), "sum", property="Price"))

    assert shown(value) == (7.5, 2.5, "ok")
    assert project.calls[-1] == (
        "segmentation_sum",
        "Sign Up",
        "2026-09-21",
        "2026-11-15",
        'properties["Price"]',
    )


def test_a_day_with_events_that_a_sum_leaves_out_is_no_zero(
    project: FakeProject,
) -> None:
    """The filter may let nothing pass, or the answer be cut; nobody knows."""
    project.worth, project.filters = {"Sign Up": 2.5}, {"only ann": {"ann"}}
    metric = Metric("Sum", ("Sign Up",), "sum", where="only ann", property="Price")

    value = measured(project, metric)

    assert shown(value) == (None, None, "no_data")
    assert "Mixpanel's answer leaves out 2026-11-15" in value.reason


def test_an_average_is_a_sum_divided_by_a_count(project: FakeProject) -> None:
    """Never an average of the averages of days."""
    project.worth = {"Sign Up": 2.5}
    metric = Metric("Price", ("Sign Up",), "per_event", property="Price")

    value = measured(project, metric)

    assert shown(value) == (2.5, 2.5, "ok")
    assert value.trend == (*[None] * 6, 2.5, 2.5)
    assert len(project.calls) == 3


def test_an_average_of_nothing_is_no_number(project: FakeProject) -> None:
    """Nobody bought, so there is no price."""
    project.worth = {"Purchase": 9}
    project.happened.append(("Purchase", "2026-11-03", "eve"))
    metric = Metric("Price", ("Purchase",), "per_event", property="Price")

    value = measured(project, metric)

    assert shown(value) == (None, 9, "no_data")
    assert value.reason == "'Purchase' did not happen, so there is no average of it"
