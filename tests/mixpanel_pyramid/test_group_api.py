"""The calls that change a group's profile: what they send, take and refuse."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import pytest
from mixpanel import Mixpanel
from pyramid.request import Request

from mixpanel_pyramid import (
    GroupProperties,
    MixpanelTrack,
    ProfileProperties,
    Property,
    flush,
)
from mixpanel_pyramid.consumer import BufferConsumer
from mixpanel_pyramid.exceptions import MixpanelSettingsError
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.settings import read_settings
from mixpanel_schema import InvalidValueError, UndeclaredNameError

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp, Reply, Sink

HERE = "mixpanel_pyramid_group_names"
NAME = GroupProperties.dollar_name
UNDECLARED = Property("Undeclared")


class Companies(GroupProperties):
    """What an app knows of companies."""

    seats = Property("Seats", type=int)
    domains = Property("Domains", type=list[str])


RECORD = {
    "mixpanel.token": "false",
    "mixpanel.group_properties": f"{HERE}.Companies",
}


@pytest.fixture(autouse=True)
def importable_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the catalogue of this file importable by a dotted name."""
    names = SimpleNamespace(Companies=Companies, Profile=ProfileProperties)
    monkeypatch.setitem(sys.modules, HERE, names)


@pytest.fixture
def tracker() -> MixpanelTrack:
    """A tracker that records; nobody is known."""
    return MixpanelTrack(RECORD)


@pytest.fixture
def kept() -> list[Message]:
    """What the tracker ``live`` hands over."""
    return []


@pytest.fixture
def live(kept: list[Message]) -> MixpanelTrack:
    """A tracker that would send; nobody is known."""
    return MixpanelTrack(
        {**RECORD, "mixpanel.token": "the-token"},
        consumer=BufferConsumer("t", kept.extend),
    )


class Official:
    """The official library, with what it would send."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.api = Mixpanel("the-token", consumer=self)

    def send(self, endpoint: str, json_message: str, *more: object) -> None:
        """Take a message as a consumer does."""
        self.sent.append((endpoint, json.loads(json_message)))


Ours = Callable[[MixpanelTrack], None]


class Call(NamedTuple):
    """A call of ours, the official one, and whether it may be applied twice."""

    ours: Ours
    theirs: Callable[[Mixpanel], None]
    repeatable: bool


CALLS: dict[str, Call] = {
    "set": Call(
        lambda m: m.group_set("company", "acme", {NAME: "Acme", Companies.seats: 5}),
        lambda api: api.group_set("company", "acme", {"$name": "Acme", "Seats": 5}),
        True,
    ),
    "set_once": Call(
        lambda m: m.group_set_once("company", "acme", {NAME: "Acme"}),
        lambda api: api.group_set_once("company", "acme", {"$name": "Acme"}),
        True,
    ),
    "union": Call(
        lambda m: m.group_union("company", "acme", {Companies.domains: ["acme.com"]}),
        lambda api: api.group_union("company", "acme", {"Domains": ["acme.com"]}),
        True,
    ),
    "remove": Call(
        lambda m: m.group_remove("company", "acme", {Companies.domains: "acme.com"}),
        lambda api: api.group_remove("company", "acme", {"Domains": "acme.com"}),
        False,
    ),
    "unset": Call(
        lambda m: m.group_unset("company", "acme", [NAME, Companies.domains]),
        lambda api: api.group_unset("company", "acme", ["$name", "Domains"]),
        True,
    ),
    "delete": Call(
        lambda m: m.group_delete("company", "acme"),
        lambda api: api.group_delete("company", "acme"),
        True,
    ),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_each_call_sends_what_the_official_library_sends(
    live: MixpanelTrack,
    kept: list[Message],
    monkeypatch: pytest.MonkeyPatch,
    call: Call,
) -> None:
    """Every field is the same, down to the time, on a stopped clock."""
    monkeypatch.setattr(time, "time", lambda: 1_700_000_000.25)
    official = Official()
    call.theirs(official.api)

    call.ours(live)

    assert [(m.endpoint, json.loads(m.text)) for m in kept] == official.sent
    assert [message.repeatable for message in kept] == [call.repeatable]


def test_a_recorded_group_looks_like_a_recorded_profile(
    tracker: MixpanelTrack,
) -> None:
    """Token and time are left out, as of profiles."""
    tracker.group_set("company", "acme", {NAME: "Acme"})

    assert tracker.mocked_messages == [
        {
            "endpoint": "groups",
            "msg": {
                "$group_key": "company",
                "$group_id": "acme",
                "$set": {"$name": "Acme"},
            },
        }
    ]


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (17, "17"),
        (
            UUID("12345678-1234-5678-1234-567812345678"),
            "12345678-1234-5678-1234-567812345678",
        ),
    ],
)
def test_ids_become_text(tracker: MixpanelTrack, given: object, sent: str) -> None:
    """Mixpanel's group ids are text, as its distinct ids are."""
    tracker.group_delete("company", given)

    (message,) = tracker.mocked_messages
    assert message["msg"] == {
        "$group_key": "company",
        "$group_id": sent,
        "$delete": "",
    }


@pytest.mark.parametrize(
    ("key", "group_id"),
    [("company", None), ("company", ""), ("", "acme"), (None, "acme")],
)
def test_no_group_is_refused(tracker: MixpanelTrack, key: str, group_id: str) -> None:
    """Else all such updates would meet in one group."""
    with pytest.raises(InvalidValueError, match=r"has no key or no id; give both"):
        tracker.group_set(key, group_id, {NAME: "Acme"})

    assert tracker.mocked_messages == []


def test_no_group_is_logged_in_production(
    live: MixpanelTrack, kept: list[Message], caplog: pytest.LogCaptureFixture
) -> None:
    """An error page would help nobody; nothing is said of the properties."""
    live.group_set("company", None, {NAME: "Acme"})

    assert kept == []
    assert [record.getMessage() for record in caplog.records] == [
        "a Mixpanel message is not sent: group 'company' None has no key or no id; "
        "give both"
    ]


@pytest.mark.parametrize(
    "call",
    [
        lambda m: m.group_set("company", "acme", {UNDECLARED: 1}),
        lambda m: m.group_set_once("company", "acme", {UNDECLARED: 1}),
        lambda m: m.group_union("company", "acme", {UNDECLARED: "no list"}),
        lambda m: m.group_remove("company", "acme", {UNDECLARED: 1}),
        lambda m: m.group_unset("company", "acme", [UNDECLARED]),
    ],
    ids=["set", "set_once", "union", "remove", "unset"],
)
def test_a_property_outside_the_plan_is_refused(
    tracker: MixpanelTrack, call: Ours
) -> None:
    """In words like those of pyramid_mixpanel, which has no groups."""
    with pytest.raises(UndeclaredNameError) as caught:
        call(tracker)

    assert str(caught.value) == (
        "Property 'Property(name='Undeclared')' is not a member of "
        "self.group_properties"
    )


def test_a_union_takes_lists(tracker: MixpanelTrack) -> None:
    """As that of profiles."""
    with pytest.raises(TypeError) as caught:
        tracker.group_union("company", "acme", {Companies.domains: "acme.com"})

    assert (
        str(caught.value) == "Property 'Property(name='Domains')' value is not a list"
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda m: m.group_set("company", "acme", {Companies.seats: "many"}),
        lambda m: m.group_set("company", "acme", {NAME: math.nan}),
        lambda m: m.group_union("company", "acme", {Companies.domains: [1]}),
        lambda m: m.group_union("company", "acme", {Companies.domains: []}),
    ],
)
def test_values_that_mixpanel_does_not_take_are_refused_while_recording(
    tracker: MixpanelTrack, call: Ours
) -> None:
    """A test of the app finds them."""
    with pytest.raises(InvalidValueError):
        call(tracker)


def test_in_production_a_bad_value_is_left_out(
    live: MixpanelTrack, kept: list[Message]
) -> None:
    """The rest of the update is worth sending."""
    live.group_set("company", "acme", {NAME: "Acme", Companies.seats: math.nan})

    assert json.loads(kept[0].text)["$set"] == {"$name": "Acme"}


def test_a_single_name_is_no_list_of_names(tracker: MixpanelTrack) -> None:
    """It says what to give."""
    with pytest.raises(TypeError, match="give a list of properties"):
        tracker.group_unset("company", "acme", NAME)  # type: ignore[arg-type]


def test_the_setting_names_the_catalogue(tracker: MixpanelTrack) -> None:
    """The tracker has it at hand, as the others."""
    assert isinstance(tracker.group_properties, Companies)
    assert MixpanelTrack({"mixpanel.token": "false"}).group_properties.dollar_name


def test_the_setting_takes_group_properties_only() -> None:
    """Another catalogue is a mistake."""
    with pytest.raises(MixpanelSettingsError, match="GroupProperties"):
        read_settings({"mixpanel.group_properties": f"{HERE}.Profile"})


def test_groups_and_profiles_arrive_in_the_order_of_the_calls(
    make_app: MakeApp, sink: Sink, reply: type[Reply]
) -> None:
    """Each at its own address, also where the service is down for a while."""

    def view(request: Request) -> object:
        mixpanel = request.mixpanel
        mixpanel.distinct_id = "joe"
        mixpanel.group_set("company", "acme", {NAME: "Acme"})
        mixpanel.group_set_once("company", "acme", {Companies.seats: 5})
        mixpanel.profile_set({ProfileProperties.dollar_name: "Joe"})
        mixpanel.group_delete("company", "acme")
        return request.response

    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    app = make_app({"home": view}, {**RECORD, **settings})
    sink.script.append(reply(status=503))
    app.web.get("/home")

    assert flush(app.registry, 10)
    assert [
        (post.path, [[*message][-1] for message in post.messages])
        for post in sink.posts
        if post.accepted
    ] == [
        ("/groups", ["$set", "$set_once"]),
        ("/engage", ["$set"]),
        ("/groups", ["$delete"]),
    ]
    assert {message["$token"] for message in sink.accepted("/groups")} == {"t"}


def test_group_calls_share_the_fate_of_the_request(make_app: MakeApp) -> None:
    """A request that fails changes no group."""

    def view(request: Request) -> object:
        request.mixpanel.group_set("company", "acme", {NAME: "Acme"})
        request.response.status_int = int(request.params["status"])
        return request.response

    app = make_app({"home": view}, RECORD)
    app.web.get("/home?status=200")
    app.web.get("/home?status=500", status=500)

    counts = [len(request.mixpanel.mocked_messages) for request in app.requests]
    assert counts == [1, 0]
