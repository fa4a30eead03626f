"""The calls that change a user's profile: what they send, take and refuse."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from mixpanel import Mixpanel
from pyramid.request import Request

from mixpanel_pyramid import (
    MixpanelTrack,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
    delivery_stats,
    flush,
)
from mixpanel_pyramid.consumer import BufferConsumer
from mixpanel_pyramid.exceptions import DistinctIdMissingError
from mixpanel_pyramid.message import Message
from mixpanel_schema import InvalidValueError, UndeclaredNameError

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp, Reply, Sink

HERE = "mixpanel_pyramid_profile_names"
NAME, EMAIL = ProfileProperties.dollar_name, ProfileProperties.dollar_email
IP = ProfileMetaProperties.dollar_ip
UNDECLARED = Property("Undeclared")


class ShopProfile(ProfileProperties):
    """What a shop knows of its users."""

    plans = Property("Plans", type=list[str])
    logins = Property("Logins", type=int)
    note = Property("Note")


RECORD = {
    "mixpanel.token": "false",
    "mixpanel.profile_properties": f"{HERE}.ShopProfile",
}


@pytest.fixture(autouse=True)
def importable_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the catalogue of this file importable by a dotted name."""
    monkeypatch.setitem(sys.modules, HERE, SimpleNamespace(ShopProfile=ShopProfile))


@pytest.fixture
def tracker() -> MixpanelTrack:
    """A tracker that records."""
    return MixpanelTrack(RECORD, distinct_id="joe")


@pytest.fixture
def kept() -> list[Message]:
    """What the tracker ``live`` hands over."""
    return []


@pytest.fixture
def live(kept: list[Message]) -> MixpanelTrack:
    """A tracker that would send."""
    return MixpanelTrack(
        {**RECORD, "mixpanel.token": "the-token"},
        distinct_id="joe",
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
        lambda m: m.profile_set({NAME: "Joe"}, {IP: "1.1.1.1"}),
        lambda api: api.people_set("joe", {"$name": "Joe"}, {"$ip": "1.1.1.1"}),
        True,
    ),
    "set_once": Call(
        lambda m: m.profile_set_once({NAME: "Joe"}, {IP: "1.1.1.1"}),
        lambda api: api.people_set_once("joe", {"$name": "Joe"}, {"$ip": "1.1.1.1"}),
        True,
    ),
    "append": Call(
        lambda m: m.profile_append({ShopProfile.plans: "pro"}, {IP: "0"}),
        lambda api: api.people_append("joe", {"Plans": "pro"}, {"$ip": "0"}),
        False,
    ),
    "people_append": Call(
        lambda m: m.people_append({ShopProfile.plans: "pro"}),
        lambda api: api.people_append("joe", {"Plans": "pro"}),
        False,
    ),
    "union": Call(
        lambda m: m.profile_union({ShopProfile.plans: ["pro", "team"]}, {IP: ["0"]}),
        lambda api: api.people_union("joe", {"Plans": ["pro", "team"]}, {"$ip": ["0"]}),
        True,
    ),
    "people_union": Call(
        lambda m: m.people_union({ShopProfile.plans: ["pro"]}),
        lambda api: api.people_union("joe", {"Plans": ["pro"]}),
        True,
    ),
    "increment": Call(
        lambda m: m.profile_increment({ShopProfile.logins: -2}),
        lambda api: api.people_increment("joe", {"Logins": -2}),
        False,
    ),
    "remove": Call(
        lambda m: m.profile_remove({ShopProfile.plans: "pro"}),
        lambda api: api.people_remove("joe", {"Plans": "pro"}),
        False,
    ),
    "unset": Call(
        lambda m: m.profile_unset([NAME, ShopProfile.plans]),
        lambda api: api.people_unset("joe", ["$name", "Plans"]),
        True,
    ),
    "delete": Call(
        lambda m: m.profile_delete(),
        lambda api: api.people_delete("joe"),
        True,
    ),
    "delete an alias": Call(
        lambda m: m.profile_delete(ignore_alias=True),
        lambda api: api.people_delete("joe", {"$ignore_alias": True}),
        True,
    ),
    "charge": Call(
        lambda m: m.profile_track_charge(9.5),
        lambda api: api.people_track_charge("joe", 9.5),
        False,
    ),
    "charge with more": Call(
        lambda m: m.profile_track_charge(10, {ShopProfile.note: "card"}),
        lambda api: api.people_track_charge("joe", 10, {"Note": "card"}),
        False,
    ),
    "clear charges": Call(
        lambda m: m.profile_unset([ProfileProperties.dollar_transactions]),
        lambda api: api.people_clear_charges("joe"),
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


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_lesson_8_what_counts_is_never_repeated(
    live: MixpanelTrack,
    kept: list[Message],
    call: Call,
) -> None:
    """Applied twice, an increment, an append, a removal and a charge would differ."""
    call.ours(live)

    assert [message.repeatable for message in kept] == [call.repeatable]


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_profile_is_somebody_s(call: Call) -> None:
    """In the words of pyramid_mixpanel."""
    with pytest.raises(DistinctIdMissingError) as caught:
        call.ours(MixpanelTrack(RECORD))

    assert str(caught.value) == (
        "distinct_id must be set before you can send events or set properties"
    )


UNDECLARED_CALLS: dict[str, Ours] = {
    "set_once": lambda m: m.profile_set_once({UNDECLARED: 1}),
    "append": lambda m: m.people_append({UNDECLARED: 1}),
    "union": lambda m: m.people_union({UNDECLARED: "no list"}),
    "increment": lambda m: m.profile_increment({UNDECLARED: 1}),
    "remove": lambda m: m.profile_remove({UNDECLARED: 1}),
    "unset": lambda m: m.profile_unset([UNDECLARED]),
    "charge": lambda m: m.profile_track_charge(1, {UNDECLARED: 1}),
}


@pytest.mark.parametrize("call", UNDECLARED_CALLS.values(), ids=UNDECLARED_CALLS)
def test_a_property_outside_the_plan_is_refused(
    tracker: MixpanelTrack, call: Ours
) -> None:
    """In the words of pyramid_mixpanel."""
    with pytest.raises(UndeclaredNameError) as caught:
        call(tracker)

    assert str(caught.value) == (
        "Property 'Property(name='Undeclared')' is not a member of "
        "self.profile_properties"
    )
    assert tracker.mocked_messages == []


@pytest.mark.parametrize(
    "call",
    [
        lambda m: m.profile_set_once({NAME: "Joe"}, {UNDECLARED: 1}),
        lambda m: m.people_append({NAME: "Joe"}, {UNDECLARED: 1}),
        lambda m: m.people_union({NAME: ["Joe"]}, {UNDECLARED: [1]}),
    ],
    ids=["set_once", "append", "union"],
)
def test_a_meta_property_outside_the_plan_is_refused(
    tracker: MixpanelTrack, call: Ours
) -> None:
    """In the words of pyramid_mixpanel."""
    with pytest.raises(UndeclaredNameError) as caught:
        call(tracker)

    assert str(caught.value) == (
        "Property 'Property(name='Undeclared')' is not a member of "
        "self.profile_meta_properties"
    )


@pytest.mark.parametrize(
    ("props", "meta", "name"),
    [
        ({NAME: "Joe"}, None, "$name"),
        ({NAME: ("Joe",)}, None, "$name"),
        ({ShopProfile.plans: "pro"}, None, "Plans"),
        ({NAME: ["Joe"]}, {IP: "1.1.1.1"}, "$ip"),
    ],
)
def test_a_union_takes_lists(
    tracker: MixpanelTrack,
    live: MixpanelTrack,
    props: dict[Property, object],
    meta: dict[Property, object] | None,
    name: str,
) -> None:
    """In the words of pyramid_mixpanel, in production as in tests."""
    for either in (tracker, live):
        with pytest.raises(TypeError) as caught:
            either.people_union(props, meta)

        assert str(caught.value) == (
            f"Property 'Property(name='{name}')' value is not a list"
        )


@pytest.mark.parametrize(
    "call",
    [
        lambda m: m.profile_set_once({ShopProfile.logins: "many"}),
        lambda m: m.profile_increment({ShopProfile.logins: 0.5}),
        lambda m: m.people_union({ShopProfile.plans: [1]}),
        lambda m: m.people_union({NAME: []}),
        lambda m: m.profile_increment({NAME: "one"}),
        lambda m: m.profile_increment({NAME: True}),
        lambda m: m.profile_append({NAME: math.nan}),
        lambda m: m.profile_track_charge(math.nan),
        lambda m: m.profile_track_charge("9.50"),
        lambda m: m.profile_track_charge(True),
        lambda m: m.profile_track_charge(1, {ShopProfile.note: b"bytes"}),
    ],
)
def test_values_that_mixpanel_does_not_take_are_refused_while_recording(
    tracker: MixpanelTrack, call: Ours
) -> None:
    """A test of the app finds them."""
    with pytest.raises(InvalidValueError):
        call(tracker)

    assert tracker.mocked_messages == []


def test_an_item_is_not_compared_with_the_type_of_its_list(
    tracker: MixpanelTrack,
) -> None:
    """What is appended to a list of texts is a text."""
    tracker.people_append({ShopProfile.plans: "pro"})
    tracker.profile_remove({ShopProfile.plans: "pro"})
    tracker.profile_unset([ShopProfile.plans])

    assert [message["msg"] for message in tracker.mocked_messages] == [
        {"$distinct_id": "joe", "$append": {"Plans": "pro"}},
        {"$distinct_id": "joe", "$remove": {"Plans": "pro"}},
        {"$distinct_id": "joe", "$unset": ["Plans"]},
    ]


def test_a_recorded_charge_has_the_shape_of_pyramid_mixpanel(
    tracker: MixpanelTrack,
) -> None:
    """Tests of apps that come from there go on to pass."""
    tracker.profile_track_charge(222, props={ShopProfile.note: "Bar"})

    assert tracker.mocked_messages == [
        {
            "endpoint": "people",
            "msg": {
                "$distinct_id": "joe",
                "$append": {"$transactions": {"Note": "Bar", "$amount": 222}},
            },
        }
    ]


def test_an_amount_may_be_a_decimal(tracker: MixpanelTrack) -> None:
    """Money often is."""
    tracker.profile_track_charge(Decimal("9.50"))  # type: ignore[arg-type]

    (message,) = tracker.mocked_messages
    assert message["msg"] == {
        "$distinct_id": "joe",
        "$append": {"$transactions": {"$amount": 9.5}},
    }


def test_lesson_5_a_caller_s_dict_is_left_alone(tracker: MixpanelTrack) -> None:
    """The official library writes the amount into it."""
    props: dict[Property, object] = {ShopProfile.note: "card"}

    tracker.profile_track_charge(9, props)

    assert props == {ShopProfile.note: "card"}


@pytest.mark.parametrize("names", [NAME, "Plan"])
def test_a_single_name_is_no_list_of_names(
    tracker: MixpanelTrack, names: object
) -> None:
    """Text would be taken apart into letters."""
    with pytest.raises(TypeError, match="give a list of properties"):
        tracker.profile_unset(names)  # type: ignore[arg-type]


def test_lesson_9_in_production_a_bad_value_is_left_out(
    live: MixpanelTrack, kept: list[Message], caplog: pytest.LogCaptureFixture
) -> None:
    """The rest of the update is worth sending."""
    live.profile_increment({ShopProfile.logins: 1, ShopProfile.note: math.nan})

    assert json.loads(kept[0].text)["$add"] == {"Logins": 1}
    (record,) = caplog.records
    assert "property 'Note' is left out of a Mixpanel message" in record.getMessage()


def test_in_production_long_text_of_a_charge_is_cut(
    live: MixpanelTrack, kept: list[Message]
) -> None:
    """255 bytes fit."""
    live.profile_track_charge(9, {ShopProfile.note: "n" * 300})

    charge = json.loads(kept[0].text)["$append"]["$transactions"]
    assert charge == {"Note": "n" * 255, "$amount": 9}


def test_a_charge_without_an_amount_is_not_sent(
    live: MixpanelTrack, kept: list[Message], caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is wrong with its properties, so that nothing is said of them."""
    live.profile_track_charge(math.inf, {ShopProfile.note: "card"})

    assert kept == []
    assert [record.getMessage() for record in caplog.records] == [
        "a Mixpanel message is not sent: property '$amount' is not finite, which JSON "
        "has not; leave it out"
    ]


def test_profile_calls_wait_for_the_end_of_the_request(make_app: MakeApp) -> None:
    """A request that succeeds shows them in order; one that fails, none."""

    def view(request: Request) -> str:
        request.mixpanel.distinct_id = "joe"
        request.mixpanel.profile_set_once({NAME: "Joe"})
        request.mixpanel.profile_increment({ShopProfile.logins: 1})
        request.mixpanel.profile_delete()
        request.response.status_int = int(request.params["status"])
        return request.response

    app = make_app({"home": view}, RECORD)
    app.web.get("/home?status=200")
    app.web.get("/home?status=500", status=500)

    ok, failed = (request.mixpanel.mocked_messages for request in app.requests)
    assert [[*message["msg"]][1] for message in ok] == ["$set_once", "$add", "$delete"]
    assert failed == []


def test_lesson_8_an_unclear_answer_repeats_no_counter(
    make_app: MakeApp, sink: Sink, reply: type[Reply]
) -> None:
    """Three asked, two applied, one unknown; never four."""

    def view(request: Request) -> str:
        request.mixpanel.distinct_id = "joe"
        request.mixpanel.profile_increment({ShopProfile.logins: 1})
        request.mixpanel.profile_set({NAME: "Joe"})
        request.mixpanel.people_append({ShopProfile.plans: "pro"})
        request.mixpanel.profile_track_charge(9)
        return request.response

    settings = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    app = make_app({"home": view}, {**RECORD, **settings})
    sink.script.append(reply(status=503))
    app.web.get("/home")

    assert flush(app.registry, 10)
    operations = [[*message][3] for message in sink.accepted("/engage")]
    assert operations == ["$set", "$append", "$append"]
    assert delivery_stats(app.registry).unknown == 1
