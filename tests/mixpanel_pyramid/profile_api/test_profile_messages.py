"""The calls that change a user's profile: what they send."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from mixpanel import Mixpanel
from pyramid.request import Request

from mixpanel_pyramid import MixpanelTrack, ProfileProperties, delivery_stats, flush
from mixpanel_pyramid.exceptions import DistinctIdMissingError
from mixpanel_pyramid.message import Message

from .profile_calls import IP, NAME, RECORD, Ours, ShopProfile

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp, Reply, Sink


class Official:
    """The official library, with what it would send."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.api = Mixpanel("the-token", consumer=self)

    def send(self, endpoint: str, json_message: str, *more: object) -> None:
        """Take a message as a consumer does."""
        self.sent.append((endpoint, json.loads(json_message)))


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
