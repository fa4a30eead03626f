"""The calls that change a user's profile: what they take and refuse."""

from __future__ import annotations

import json
import math
from decimal import Decimal

import pytest

from mixpanel_pyramid import MixpanelTrack, Property
from mixpanel_pyramid.message import Message
from mixpanel_schema import InvalidValueError, UndeclaredNameError

from .profile_calls import IP, NAME, Ours, ShopProfile

UNDECLARED = Property("Undeclared")

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
