"""Typed events: a class per event, tracked like any other."""

from __future__ import annotations

import json
import sys
from types import SimpleNamespace
from typing import Any, Literal

import pytest

from mixpanel_pyramid import (
    Event,
    EventProperties,
    Events,
    MixpanelTrack,
    Property,
    TypedEvent,
    prop,
)
from mixpanel_pyramid.consumer import BufferConsumer
from mixpanel_pyramid.message import Message
from mixpanel_schema import InvalidValueError, UndeclaredNameError

HERE = "mixpanel_pyramid_typed_names"


class PlanUpgraded(TypedEvent, event_name="Plan Upgraded"):
    """A customer pays for more."""

    plan: Literal["free", "pro"] = prop("Plan")
    seats: int = prop("Seats")
    coupon: str | None = prop("Coupon", default=None, pii=True)


class NarrowEvents(Events):
    """A catalogue with an event that lists what it carries."""

    home_viewed = Event("Home Viewed", properties=(EventProperties.title,))


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Settings of an app with a typed event, which records."""
    module = SimpleNamespace(typed=[PlanUpgraded], NarrowEvents=NarrowEvents)
    monkeypatch.setitem(sys.modules, HERE, module)
    return {
        "mixpanel.token": "false",
        "mixpanel.events": f"{HERE}.NarrowEvents",
        "mixpanel.typed_events": f"{HERE}.typed",
    }


@pytest.fixture
def tracker(settings: dict[str, str]) -> MixpanelTrack:
    """A tracker that records."""
    return MixpanelTrack(settings, distinct_id="joe")


def carried(tracker: MixpanelTrack) -> dict[str, Any]:
    """Give the properties of the one event that was recorded."""
    (message,) = tracker.mocked_messages
    properties: dict[str, Any] = message["msg"]["properties"]
    return properties


def test_a_typed_event_brings_its_properties(tracker: MixpanelTrack) -> None:
    """An optional one that is None is left out."""
    tracker.track(PlanUpgraded(plan="pro", seats=3))

    assert tracker.mocked_messages == [
        {
            "endpoint": "events",
            "msg": {
                "event": "Plan Upgraded",
                "properties": {"distinct_id": "joe", "Plan": "pro", "Seats": 3},
            },
        }
    ]


def test_a_typed_event_may_be_said_more_of(tracker: MixpanelTrack) -> None:
    """Within what its class declares."""
    event = PlanUpgraded(plan="pro", seats=3)
    tracker.track(event, {PlanUpgraded.coupon: "SPRING"})

    assert carried(tracker)["Coupon"] == "SPRING"
    with pytest.raises(UndeclaredNameError, match="'Path'"):
        tracker.track(event, {EventProperties.path: "/"})


def test_a_value_of_another_type_is_refused_while_recording(
    tracker: MixpanelTrack,
) -> None:
    """Also None where something has to be."""
    with pytest.raises(InvalidValueError, match="'Plan'"):
        tracker.track(PlanUpgraded(plan="gold", seats=3))  # type: ignore[arg-type]
    with pytest.raises(InvalidValueError, match="'Seats'"):
        tracker.track(PlanUpgraded(plan="pro", seats=None))  # type: ignore[arg-type]

    assert tracker.mocked_messages == []


def test_a_value_of_another_type_is_left_out_in_production(
    settings: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    """The rest of the event is sent, and the log names the property."""
    kept: list[Message] = []
    live = MixpanelTrack(
        {**settings, "mixpanel.token": "the-token"},
        distinct_id="joe",
        consumer=BufferConsumer("t", kept.extend),
    )
    live.track(PlanUpgraded(plan="gold", seats=3))  # type: ignore[arg-type]

    (message,) = kept
    properties = json.loads(message.text)["properties"]
    assert "Plan" not in properties
    assert properties["Seats"] == 3
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.startswith("property 'Plan' is left out of a Mixpanel message: ")
    assert "gold" not in line


def test_a_typed_event_that_no_setting_names_is_refused(tracker: MixpanelTrack) -> None:
    """In the words of pyramid_mixpanel, like any other event, without its values."""

    class PlanLeft(TypedEvent, event_name="Plan Left"):
        reason: str = prop("Reason")

    with pytest.raises(UndeclaredNameError, match="is not a member") as caught:
        tracker.track(PlanLeft(reason="a secret"))

    assert str(caught.value) == (
        "Event 'Event(name='Plan Left')' is not a member of self.events"
    )


def test_a_class_is_no_occurrence_of_an_event(tracker: MixpanelTrack) -> None:
    """It has no values; parentheses were forgotten."""
    with pytest.raises(UndeclaredNameError, match=r"an instance: PlanUpgraded\(…\)"):
        tracker.track(PlanUpgraded)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "event", [PlanUpgraded(plan="pro", seats=3), NarrowEvents.home_viewed]
)
def test_what_every_event_carries_need_not_be_listed(
    tracker: MixpanelTrack, event: Event | TypedEvent
) -> None:
    """Else global properties and events that list their own exclude each other."""
    tracker.global_event_props = {EventProperties.path: "/"}
    tracker.track(event)

    assert carried(tracker)["Path"] == "/"


def test_an_events_own_value_wins_over_the_global_one(tracker: MixpanelTrack) -> None:
    """As what is said at the call does."""
    tracker.global_event_props = {PlanUpgraded.seats: 1}
    tracker.track(PlanUpgraded(plan="pro", seats=3))

    assert carried(tracker)["Seats"] == 3


def test_global_properties_are_in_the_plan_or_refused(tracker: MixpanelTrack) -> None:
    """Also beside an event that lists its own."""
    tracker.global_event_props = {Property("Undeclared"): 1}

    with pytest.raises(UndeclaredNameError, match="'Undeclared'"):
        tracker.track(PlanUpgraded(plan="pro", seats=3))
    assert tracker.mocked_messages == []
