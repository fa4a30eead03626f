"""What pyramid_mixpanel 0.13 says and records, word by word; found by running it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from mixpanel_pyramid import (
    Event,
    EventProperties,
    Events,
    MixpanelTrack,
    MockedConsumer,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
)
from mixpanel_pyramid.settings_table import SETTINGS

RECORD = {"mixpanel.token": False}
CUSTOMERIO = {
    "customerio.tracking.site_id": "s",
    "customerio.tracking.api_key": "k",
    "customerio.tracking.region": "eu",
}
UNDECLARED = Property("Undeclared")
NAME = ProfileProperties.dollar_name
NO_EVENT_PROPERTY = (
    "Property 'Property(name='Undeclared')' is not a member of self.event_properties"
)
NO_PROFILE_PROPERTY = (
    "Property 'Property(name='Undeclared')' is not a member of self.profile_properties"
)
NO_META_PROPERTY = (
    "Property 'Property(name='Undeclared')' "
    "is not a member of self.profile_meta_properties"
)
NO_LIST = "Property 'Property(name='$name')' value is not a list"
NO_META_LIST = "Property 'Property(name='$ip')' value is not a list"
NO_ID = "distinct_id must be set before you can send events or set properties"

Call = Callable[[MixpanelTrack], object]

REFUSED: list[tuple[Call, type[Exception], str]] = [
    (
        lambda m: m.track(Event("No Such")),
        ValueError,
        "Event 'Event(name='No Such')' is not a member of self.events",
    ),
    (
        lambda m: m.track("No Such"),  # type: ignore[arg-type]
        ValueError,
        "Event 'No Such' is not a member of self.events",
    ),
    (
        lambda m: m.track(Events.page_viewed, {UNDECLARED: 1}),
        ValueError,
        NO_EVENT_PROPERTY,
    ),
    (
        lambda m: m.track(Events.page_viewed, {"a": 1}),  # type: ignore[dict-item]
        ValueError,
        "Property 'a' is not a member of self.event_properties",
    ),
    (lambda m: m.profile_set({UNDECLARED: 1}), ValueError, NO_PROFILE_PROPERTY),
    (
        lambda m: m.profile_set({NAME: "J"}, {UNDECLARED: 1}),
        ValueError,
        NO_META_PROPERTY,
    ),
    (lambda m: m.people_append({UNDECLARED: 1}), ValueError, NO_PROFILE_PROPERTY),
    (
        lambda m: m.people_append({NAME: "J"}, {UNDECLARED: 1}),
        ValueError,
        NO_META_PROPERTY,
    ),
    (lambda m: m.people_union({UNDECLARED: [1]}), ValueError, NO_PROFILE_PROPERTY),
    (
        lambda m: m.people_union({NAME: ["J"]}, {UNDECLARED: [1]}),
        ValueError,
        NO_META_PROPERTY,
    ),
    (lambda m: m.people_union({NAME: "J"}), TypeError, NO_LIST),
    (
        lambda m: m.people_union({NAME: ["J"]}, {ProfileMetaProperties.dollar_ip: "1"}),
        TypeError,
        NO_META_LIST,
    ),
    (lambda m: m.profile_increment({UNDECLARED: 1}), ValueError, NO_PROFILE_PROPERTY),
    (
        lambda m: m.profile_track_charge(10, {UNDECLARED: 1}),
        ValueError,
        NO_PROFILE_PROPERTY,
    ),
]


@pytest.mark.parametrize(("call", "kind", "text"), REFUSED)
def test_refusals_have_the_former_types_and_texts(
    call: Call, kind: type[Exception], text: str
) -> None:
    """Also where an app compares them."""
    mixpanel = MixpanelTrack(RECORD, "joe")
    with pytest.raises(kind) as caught:
        call(mixpanel)

    assert str(caught.value) == text
    assert mixpanel.mocked_messages == []


@pytest.mark.parametrize(
    "call",
    [
        lambda m: m.track(Events.page_viewed),
        lambda m: m.profile_set({}),
        lambda m: m.people_append({}),
        lambda m: m.people_union({}),
        lambda m: m.profile_increment({}),
        lambda m: m.profile_track_charge(1),
    ],
)
def test_nobodys_messages_have_the_former_type_and_text(call: Call) -> None:
    """Whatever else is wrong."""
    with pytest.raises(AttributeError) as caught:
        call(MixpanelTrack(RECORD))

    assert str(caught.value) == NO_ID


SETTINGS_REFUSED = [
    ("events", 42, "dotted_name must be a string, but it is: int"),
    (
        "events",
        "pathlib.Path",
        "class in dotted_name needs to be based on pyramid_mixpanel.Events",
    ),
    (
        "event_properties",
        "pathlib.Path",
        "class in dotted_name needs to be based on pyramid_mixpanel.EventProperties",
    ),
    (
        "profile_properties",
        "pathlib.Path",
        "class in dotted_name needs to be based on pyramid_mixpanel.ProfileProperties",
    ),
    (
        "profile_meta_properties",
        "pathlib.Path",
        "class in dotted_name needs to be based on "
        "pyramid_mixpanel.ProfileMetaProperties",
    ),
    ("consumer", 42, "dotted_name must be a string, but it is: int"),
    (
        "consumer",
        "pathlib.Path",
        "class in dotted_name needs to be based on mixpanel.(Buffered)Consumer",
    ),
]


@pytest.mark.parametrize(("name", "value", "text"), SETTINGS_REFUSED)
def test_refused_settings_have_the_former_text(
    name: str, value: object, text: str
) -> None:
    """After the setting's name, because all problems are told of together."""
    with pytest.raises(ValueError, match="dotted_name") as caught:
        MixpanelTrack({**RECORD, f"mixpanel.{name}": value})

    assert str(caught.value).startswith(f"mixpanel.{name}: {text}")


def test_an_unknown_region_of_customerio_has_the_former_text() -> None:
    """And what is known."""
    settings = {**RECORD, **CUSTOMERIO, "customerio.tracking.region": "mars"}
    with pytest.raises(ValueError, match=r"Unknown customer\.io region"):
        MixpanelTrack(settings)


def people(**message: Any) -> dict[str, Any]:  # noqa: ANN401
    """Write what is recorded of a profile's update."""
    named = {f"${name}": value for name, value in message.items()}
    return {"endpoint": "people", "msg": {"$distinct_id": "joe", **named}}


def event(name: str = "Page Viewed", **properties: Any) -> dict[str, Any]:  # noqa: ANN401
    """Write what is recorded of an event."""
    carried = {"distinct_id": "joe", **properties}
    return {"endpoint": "events", "msg": {"event": name, "properties": carried}}


NAIVE = datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001, RUF100
RECORDED: list[tuple[Call, dict[str, Any]]] = [
    (
        lambda m: m.track(Events.page_viewed, {EventProperties.title: "Home"}),
        event(Title="Home"),
    ),
    (
        lambda m: m.track(Events.page_viewed, {EventProperties.title: NAIVE}),
        event(Title="2026-01-02T03:04:05"),
    ),
    (
        lambda m: m.track(Events.page_viewed, {EventProperties.title: {"a": [1]}}),
        event(Title={"a": [1]}),
    ),
    (
        lambda m: m.track(Events.page_viewed, {EventProperties.title: None}),
        event(Title=None),
    ),
    (
        lambda m: m.profile_set({NAME: "J"}, {ProfileMetaProperties.dollar_ip: "1"}),
        people(set={"$name": "J"}, ip="1"),
    ),
    (
        lambda m: m.profile_set({ProfileProperties.dollar_created: NAIVE}),
        people(set={"$created": "2026-01-02T03:04:05"}),
    ),
    (lambda m: m.profile_set({}), people(set={})),
    (lambda m: m.people_append({NAME: "J"}), people(append={"$name": "J"})),
    (lambda m: m.people_union({NAME: ["J"]}), people(union={"$name": ["J"]})),
    (lambda m: m.profile_increment({NAME: 1}), people(add={"$name": 1})),
    (
        lambda m: m.profile_track_charge(10, {NAME: "J"}),
        people(append={"$transactions": {"$name": "J", "$amount": 10}}),
    ),
    (lambda m: m.api.track("joe", "Free", {"a": 1}), event("Free", a=1)),
    (
        lambda m: m.api.group_set("c", "a", {"x": 1}),
        {
            "endpoint": "groups",
            "msg": {"$group_key": "c", "$group_id": "a", "$set": {"x": 1}},
        },
    ),
]


@pytest.mark.parametrize(("call", "message"), RECORDED)
def test_messages_are_recorded_as_before(call: Call, message: dict[str, Any]) -> None:
    """In both places where tests look for them."""
    mixpanel = MixpanelTrack(RECORD, "joe")
    call(mixpanel)

    assert mixpanel.mocked_messages == [message]
    assert mixpanel.api._consumer.mocked_messages == [message]


def test_customerio_is_recorded_as_before() -> None:
    """Without the ``$``, with the creation under Customer.io's own name."""
    mixpanel = MixpanelTrack({**RECORD, **CUSTOMERIO}, "joe")
    referrer = {EventProperties.dollar_referrer: "r"}
    mixpanel.track(Events.page_viewed, referrer)
    mixpanel.track(Events.page_viewed, referrer, True)
    mixpanel.profile_set({NAME: "J"})
    messages = [m for m in mixpanel.mocked_messages if m["endpoint"] == "customer.io"]

    assert [message["msg"] for message in messages] == [
        {"customer_id": "joe", "name": "Page Viewed", "referrer": "r"},
        {"id": "joe", "name": "J"},
    ]


def test_system_properties_can_be_kept_as_before() -> None:
    """By the attribute of the consumer, also of its class."""
    consumer = MockedConsumer(DROP_SYSTEM_MESSAGE_PROPERTIES=False)
    MixpanelTrack(RECORD, "joe", consumer=consumer).track(Events.page_viewed)
    message: Any = consumer.mocked_messages[0]["msg"]

    assert message["properties"].keys() == {
        *("distinct_id", "token", "time", "$insert_id", "mp_lib", "$lib_version")
    }
    assert message["properties"]["token"] == "testing"


def test_half_of_customerios_settings_stop_the_start() -> None:
    """They were ignored, and nothing was replicated."""
    with pytest.raises(ValueError, match=r"customerio\.tracking\.api_key is missing"):
        MixpanelTrack({**RECORD, "customerio.tracking.site_id": "s"})


def test_the_page_knows_every_former_setting() -> None:
    """Those of pyramid_mixpanel are all settings still."""
    former = (
        "token api_secret consumer events event_properties profile_properties "
        "profile_meta_properties"
    ).split()
    names = {setting.name for setting in SETTINGS}
    page = Path(__file__).parents[2] / "docs/pyramid/moving-from-pyramid-mixpanel.md"

    assert {f"mixpanel.{name}" for name in former} < names
    assert set(CUSTOMERIO) < names
    for name in ("mixpanel.token", "mixpanel.consumer", "pyramid_heroku.structlog"):
        assert f"`{name}`" in page.read_text("utf-8")
