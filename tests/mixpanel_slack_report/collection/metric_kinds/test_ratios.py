"""One metric divided by another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.metrics import Metric

from .fake_numbers import collected, measured, shown

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.fake_project import FakeProject


def test_a_ratio_divides_an_event_by_a_metric(project: FakeProject) -> None:
    """Three sign-ups by two visitors; one by two in the week before."""
    visitors = Metric("Visitors", ("Page View",), "unique")
    ratio = Metric("Rate", ("Sign Up",), "ratio", over="Visitors")

    value = measured(project, visitors, ratio)

    assert shown(value) == (1.5, 0.5, "ok")
    assert value.trend == (*[None] * 6, 0.5, 1.5)
    assert len(project.calls) == 3


def test_a_ratio_divides_two_metrics_wherever_they_stand(project: FakeProject) -> None:
    """The order of the report is the reader's."""
    ratio = Metric("Rate", (), "ratio", of="Signups", over="{period} Users")
    users = Metric("{period} Users", (), "active")
    signups = Metric("Signups", ("Sign Up",), "total")

    value = collected(project, ratio, users, signups).metrics[0]

    assert shown(value) == (1.5, pytest.approx(1 / 3), "ok")
    assert value.metric.over == "Weekly Users"


def test_a_ratio_by_zero_is_no_number(project: FakeProject) -> None:
    """Nobody bought in either week."""
    buyers = Metric("Buyers", ("Purchase",), "unique")
    ratio = Metric("Rate", ("Sign Up",), "ratio", over="Buyers")

    value = measured(project, buyers, ratio)

    assert shown(value) == (None, None, "no_data")
    assert value.reason == "'Buyers' is 0, by which nothing is divided"


def test_a_ratio_has_the_reason_of_its_parts(project: FakeProject) -> None:
    """An unknown event is unknown in a ratio, too."""
    buyers = Metric("Buyers", ("purchase",), "unique")
    ratio = Metric("Rate", ("Sign Up",), "ratio", over="Buyers")

    value = measured(project, buyers, ratio)

    assert shown(value) == (None, None, "no_such_event")
    assert value.reason.endswith("the nearest name is 'Purchase'")


def test_a_ratio_made_in_python_is_checked_too(project: FakeProject) -> None:
    """Nothing is asked."""
    with pytest.raises(SettingsError, match="which is the name of no metric"):
        collected(project, Metric("Rate", ("Sign Up",), "ratio", over="Buyers"))

    assert project.calls == []
