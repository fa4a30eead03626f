"""What the tasks do, called as a worker calls them; the broker is in this process."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from celery import Celery  # type: ignore[import-untyped]
from celery.exceptions import Reject  # type: ignore[import-untyped]

from mixpanel_pyramid.answers import Outcome
from mixpanel_pyramid.celery_sender import CelerySender, Parcel
from mixpanel_pyramid.celery_tasks import configure, deliveries
from mixpanel_pyramid.message import Message

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Sink

EVENT = Message("events", '{"properties":{},"event":"Paid"}', 1, time.time())
ADD = Message("people", '{"$distinct_id":"joe","$add":{"Logins":1}}', 0, 3.5)


@pytest.fixture
def shop(sink: Sink) -> Celery:
    """An application whose workers deliver to the sink."""
    app = Celery("shop", broker="memory://")
    configure(app, {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url})
    return app


def run(shop: Celery, *messages: Message) -> None:
    """Do the task that carries messages."""
    parcel = Parcel(deliveries[shop].project, messages)
    shop.tasks[parcel.task](**parcel.payload())


def test_what_may_be_repeated_is_posted(shop: Celery, sink: Sink) -> None:
    """To the project of the worker's settings."""
    run(shop, EVENT)

    assert sink.event_names() == ["Paid"]


def test_what_counts_is_posted(shop: Celery, sink: Sink) -> None:
    """By a task of its own, that nobody else has begun."""
    run(shop, ADD)

    (update,) = sink.accepted("/engage")
    assert update["$add"] == {"Logins": 1}


def test_a_task_that_cannot_be_done_goes_back_to_the_broker(
    shop: Celery, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As one of a later version may be, whose worker is up soon; not at full speed."""
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)

    with pytest.raises(Reject) as rejected:
        shop.tasks["mixpanel_pyramid.deliver"](project="p", parcels=[])

    assert rejected.value.requeue is True
    assert pauses == [1.0]
    assert caplog.messages == ["a task of Mixpanel messages goes back to the broker"]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (ValueError("no queue 'mixpanel'"), Outcome.NOT_APPLIED),
        (OSError("connection reset"), Outcome.AMBIGUOUS),
    ],
)
def test_an_error_while_it_is_published_means_one_thing(
    shop: Celery, monkeypatch: pytest.MonkeyPatch, error: Exception, outcome: Outcome
) -> None:
    """What was on its way may be in the queue; what never was is not."""

    def refuse(*arguments: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(shop, "send_task", refuse)
    sender = CelerySender(shop, "mixpanel-1f", 5.0)
    attempt = sender.post([ADD])
    sender.close()

    assert attempt.outcome is outcome
    assert attempt.reason == f"{type(error).__name__}: {error}"
