"""Messages: waiting without the token, travelling with it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_pyramid.message import (
    ALONE,
    OWN_IP,
    OWN_TOKEN,
    REPEATABLE,
    Message,
    event_message,
    message_from_text,
    mixpanel_message,
    wire_text,
)

TOKEN = 'tok"en'
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=8,
)
PROPERTIES = st.dictionaries(
    st.text().filter(lambda name: name not in {"token", "ip"}), VALUES, max_size=5
)


@given(PROPERTIES, st.text())
def test_an_event_arrives_as_it_was_but_for_the_token(
    properties: dict[str, Any], name: str
) -> None:
    """However odd its names and values are, and with no property at all."""
    message = event_message(name, dict(properties))
    given_token = mixpanel_message(
        "events", {"event": name, "properties": {"token": TOKEN, **properties}}, TOKEN
    )

    for each in (message, given_token):
        assert json.loads(wire_text(each, TOKEN)) == {
            "event": name,
            "properties": {"token": TOKEN, **properties},
        }
        assert json.loads(wire_text(each, "")) == {
            "event": name,
            "properties": properties,
        }


@given(PROPERTIES)
def test_a_profile_arrives_as_it_was_but_for_the_token(values: dict[str, Any]) -> None:
    """Its token has another name."""
    document = {"$distinct_id": "joe", "$set": values}
    message = mixpanel_message("people", {"$token": TOKEN, **document}, TOKEN)

    assert message.text == mixpanel_message("people", dict(document), TOKEN).text
    assert json.loads(wire_text(message, TOKEN)) == {"$token": TOKEN, **document}


def test_a_token_of_the_apps_own_stays() -> None:
    """Such an event goes to another project, with any sender."""
    event = {"event": "A", "properties": {"token": "another", "time": 1}}
    message = mixpanel_message("events", event, TOKEN)

    assert message.traits == REPEATABLE | OWN_TOKEN
    assert json.loads(wire_text(message, TOKEN))["properties"]["token"] == "another"


def test_imports_say_that_the_senders_address_is_not_the_users() -> None:
    """Unless the app said where the user is."""
    plain = event_message("A", {"time": 1})
    located = event_message("A", {"time": 1, "ip": "203.0.113.7"})

    assert json.loads(wire_text(plain, "", with_ip=True))["properties"]["ip"] == 0
    assert located.traits == REPEATABLE | OWN_IP
    ip = json.loads(wire_text(located, "", with_ip=True))["properties"]["ip"]
    assert ip == "203.0.113.7"
    assert wire_text(located, "", with_ip=True).count('"ip"') == 1


@pytest.mark.parametrize("name", ["$create_alias", "$identify", "$merge"])
def test_identities_travel_alone(name: str) -> None:
    """One that is refused takes no event with it."""
    assert event_message(name, {}).traits & ALONE
    assert mixpanel_message("events", {"event": name, "properties": {}}, "").traits == (
        REPEATABLE | ALONE
    )


@pytest.mark.parametrize(
    ("update", "repeatable"),
    [
        ({"$set": {"Plan": "pro"}}, True),
        ({"$set_once": {"Plan": "pro"}}, True),
        ({"$union": {"Plans": ["pro"]}}, True),
        ({"$unset": ["Plan"]}, True),
        ({"$delete": ""}, True),
        ({"$add": {"Logins": 1}}, False),
        ({"$append": {"$transactions": {"$amount": 9}}}, False),
        ({"$remove": {"Plans": "pro"}}, False),
        ({"$set": {"Plan": "pro"}, "$add": {"Logins": 1}}, False),
    ],
    ids=str,
)
def test_what_counts_is_not_repeatable(
    update: dict[str, Any], repeatable: bool
) -> None:
    """A charge is an append."""
    message = mixpanel_message("people", {"$distinct_id": "joe", **update}, TOKEN)

    assert message.repeatable is repeatable


@pytest.mark.parametrize(
    ("time", "moment"),
    [
        (1_700_000_000, 1_700_000_000.0),
        (1_700_000_000.5, 1_700_000_000.5),
        (1_700_000_000_500, 1_700_000_000.5),
        (1_700_000_000_500.0, 1_700_000_000.5),
        ("yesterday", 0.0),
        (True, 0.0),
        (None, 0.0),
    ],
)
def test_the_moment_of_an_event_is_in_seconds(time: object, moment: float) -> None:
    """Mixpanel takes milliseconds too; what is no time is none."""
    properties: dict[str, Any] = {"time": time}

    assert event_message("A", dict(properties)).moment == moment
    event = {"event": "A", "properties": properties}
    assert mixpanel_message("events", event, "t").moment == moment


def test_a_message_shows_no_values() -> None:
    """It may end up in a log."""
    message = Message("people", '{"$distinct_id":"joe@shop.example"}', 0)

    assert repr(message) == "Message('people', 35 characters)"


def test_the_official_librarys_text_becomes_the_same_message() -> None:
    """With what it imports with, which stays out of the text."""
    text = '{"event": "A", "properties": {"token": "t", "time": 5}}'
    message = message_from_text("imports", text, "t", ("key", "hunter2"))

    assert message == Message(
        "imports",
        '{"properties":{"time":5},"event":"A"}',
        REPEATABLE,
        5.0,
        ("key", "hunter2"),
    )


def test_an_event_that_says_where_the_user_is_keeps_that() -> None:
    """Also one whose properties the official library built."""
    event = {"event": "A", "properties": {"token": TOKEN, "ip": "203.0.113.7"}}
    message = mixpanel_message("imports", event, TOKEN)

    assert message.traits == REPEATABLE | OWN_IP
    assert wire_text(message, "", with_ip=True).count('"ip"') == 1
