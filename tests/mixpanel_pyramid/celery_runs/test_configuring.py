"""``configure``: which tasks a Celery application has then, and how they behave."""

from __future__ import annotations

import pytest
from celery import Celery

from mixpanel_pyramid.celery_tasks import configure, deliveries
from mixpanel_pyramid.exceptions import MixpanelSettingsError

SETTINGS = {
    "pyramid.includes": "something else",
    "mixpanel.token": "the-token",
    "mixpanel.consumer": "celery",
    "mixpanel.celery_app": "in.the.middle.of.its.import",
    "mixpanel.events": "in.the.middle.too",
    "mixpanel.header_properties": "amount",
    "mixpanel.distinct_id": "in.the.middle.as.well",
}


@pytest.mark.parametrize("acks_late", [False, True])
def test_when_a_task_is_acknowledged_is_not_the_app_s_to_decide(
    acks_late: bool,
) -> None:
    """What counts is acknowledged first, all else last, and given back when lost."""
    app = Celery("shop")
    app.conf.task_acks_late = acks_late
    configure(app, SETTINGS)
    repeated = app.tasks["mixpanel_pyramid.deliver"]
    counted = app.tasks["mixpanel_pyramid.deliver_once"]

    assert (repeated.acks_late, counted.acks_late) == (True, False)
    assert repeated.reject_on_worker_lost is True
    assert repeated.acks_on_failure_or_timeout is False
    assert (repeated.ignore_result, counted.ignore_result) == (True, True)


def test_later_settings_win() -> None:
    """The tasks stay, and deliver to the project of the last call."""
    app = Celery("shop")
    configure(app, SETTINGS)
    first = deliveries[app].project
    configure(app, {**SETTINGS, "mixpanel.token": "another"})

    assert first != deliveries[app].project
    assert "the-token" not in first


def test_a_worker_that_records_takes_no_project() -> None:
    """It gives back what comes, as it does not know whether that is meant."""
    app = Celery("shop")
    configure(app, {"mixpanel.token": "false"})

    assert deliveries[app].project == ""


def test_what_is_probably_not_meant_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A worker without a token would deliver nothing."""
    configure(Celery("shop"), {})

    (line,) = caplog.messages
    assert line.startswith("mixpanel.token is not set")


def test_settings_that_cannot_work_are_refused() -> None:
    """As they are by the Pyramid application."""
    with pytest.raises(MixpanelSettingsError, match=r"mixpanel\.tokne is no setting"):
        configure(Celery("shop"), {"mixpanel.tokne": "x"})


def test_no_pause_is_longer_than_redis_waits() -> None:
    """Else it would hand out again what a worker holds until its time comes."""
    app = Celery("shop")
    app.conf.broker_transport_options = {"visibility_timeout": 60}
    configure(app, SETTINGS)

    assert deliveries[app].most_delay == 30.0
