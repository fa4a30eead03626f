"""Messages equal those of the official library."""

from __future__ import annotations

import json

import mixpanel
import pytest

from mixpanel_schema import (
    InvalidValueError,
    ProfileMetaProperties,
    Property,
    event_message,
    group_message,
    profile_message,
)

from .paid_orders import AMOUNT, INSERT_ID, MOMENT, PAID


class Recorder:
    """A consumer that keeps what the official library hands it."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, dict[str, object]]] = []

    def send(self, endpoint: str, json_message: str, *_: object) -> None:
        """Keep one message."""
        self.messages.append((endpoint, json.loads(json_message)))


@pytest.fixture
def official(monkeypatch: pytest.MonkeyPatch) -> mixpanel.Mixpanel:
    """Make the official library record, with a fixed clock and insert id."""
    library = mixpanel.Mixpanel("token", consumer=Recorder())
    monkeypatch.setattr(library, "_now", lambda: MOMENT)
    monkeypatch.setattr(library, "_make_insert_id", lambda: INSERT_ID)
    return library


def test_an_event_equals_the_official_librarys(official: mixpanel.Mixpanel) -> None:
    """Field by field; only the version named differs, because the library does."""
    official.track("u1", "Paid", {"Amount": 7, "Currency": "EUR"})
    endpoint, expected = official._consumer.messages[0]

    ours = event_message(
        PAID,
        {AMOUNT: 7, Property("Currency"): "EUR"},
        token="token",
        distinct_id="u1",
        time=MOMENT,
        insert_id=INSERT_ID,
    )

    assert endpoint == "events"
    assert expected["properties"].pop("$lib_version") == mixpanel.__version__
    assert ours["properties"].pop("$lib_version") == "0.1.0"
    assert ours == expected


def test_a_profile_update_equals_the_official_librarys(
    official: mixpanel.Mixpanel,
) -> None:
    """The meta properties stand beside the operation, as the library puts them."""
    official.people_set("u1", {"$name": "Jo"}, meta={"$ip": "0"})

    assert (
        profile_message(
            "$set",
            {Property("$name"): "Jo"},
            token="token",
            distinct_id="u1",
            time=MOMENT,
            meta={ProfileMetaProperties.dollar_ip: "0"},
        )
        == (official._consumer.messages[0][1])
    )


def test_unset_and_delete_equal_the_official_librarys(
    official: mixpanel.Mixpanel,
) -> None:
    """``$unset`` takes names, ``$delete`` takes nothing."""
    official.people_unset("u1", ["Plan"])
    official.people_delete("u1")
    to = {"token": "token", "distinct_id": "u1", "time": MOMENT}

    assert [
        profile_message("$unset", [Property("Plan")], **to),
        profile_message("$delete", **to),
    ] == [message for _, message in official._consumer.messages]


def test_an_unknown_operation_is_refused() -> None:
    """The message lists what may be done to a profile."""
    with pytest.raises(InvalidValueError, match="'\\$put' is unknown; use one of"):
        profile_message("$put", {}, token="t", distinct_id="u1", time=MOMENT)


@pytest.mark.parametrize(
    ("operation", "value", "call", "arguments"),
    [
        ("$set", {AMOUNT: 7}, "people_set", ({"Amount": 7},)),
        ("$set_once", {AMOUNT: 7}, "people_set_once", ({"Amount": 7},)),
        ("$add", {AMOUNT: 7}, "people_increment", ({"Amount": 7},)),
        ("$append", {AMOUNT: 7}, "people_append", ({"Amount": 7},)),
        ("$union", {AMOUNT: [7]}, "people_union", ({"Amount": [7]},)),
        ("$remove", {AMOUNT: 7}, "people_remove", ({"Amount": 7},)),
        ("$unset", [AMOUNT], "people_unset", (["Amount"],)),
        ("$delete", None, "people_delete", ()),
    ],
)
def test_every_profile_operation_equals_the_official_librarys(
    official: mixpanel.Mixpanel,
    operation: str,
    value: object,
    call: str,
    arguments: tuple[object, ...],
) -> None:
    """Field by field, for each thing that may be done to a profile."""
    getattr(official, call)("u1", *arguments)
    endpoint, expected = official._consumer.messages[0]
    ours = profile_message(
        operation, value, token="token", distinct_id="u1", time=MOMENT
    )

    assert endpoint == "people"
    assert ours == expected


@pytest.mark.parametrize(
    ("operation", "value", "call", "arguments"),
    [
        ("$set", {AMOUNT: 7}, "group_set", ({"Amount": 7},)),
        ("$set_once", {AMOUNT: 7}, "group_set_once", ({"Amount": 7},)),
        ("$union", {AMOUNT: [7]}, "group_union", ({"Amount": [7]},)),
        ("$remove", {AMOUNT: 7}, "group_remove", ({"Amount": 7},)),
        ("$unset", [AMOUNT], "group_unset", (["Amount"],)),
        ("$delete", None, "group_delete", ()),
    ],
)
def test_every_group_operation_equals_the_official_librarys(
    official: mixpanel.Mixpanel,
    operation: str,
    value: object,
    call: str,
    arguments: tuple[object, ...],
) -> None:
    """Field by field, for each thing that may be done to a group."""
    getattr(official, call)("Company", "acme", *arguments)
    endpoint, expected = official._consumer.messages[0]
    ours = group_message(
        operation,
        value,
        token="token",
        group_key="Company",
        group_id="acme",
        time=MOMENT,
    )

    assert endpoint == "groups"
    assert ours == expected


@pytest.mark.parametrize(
    ("operation", "value", "message"),
    [
        ("$add", {AMOUNT: "7"}, "'Amount' of \\$add is a str; give a number"),
        ("$add", {AMOUNT: True}, "'Amount' of \\$add is a bool; give a number"),
        (
            "$union",
            {AMOUNT: 7},
            "'Amount' of \\$union is no filled list of texts or numbers",
        ),
        (
            "$union",
            {AMOUNT: []},
            "'Amount' of \\$union is no filled list of texts or numbers",
        ),
        ("$set", [AMOUNT], "'\\$set' takes properties with values"),
    ],
)
def test_an_operation_refuses_what_it_does_not_take(
    operation: str, value: object, message: str
) -> None:
    """What the server would ignore is refused here."""
    with pytest.raises(InvalidValueError, match=message):
        profile_message(operation, value, token="t", distinct_id="u1", time=MOMENT)


def test_groups_do_not_count() -> None:
    """Mixpanel has no ``$add`` for groups, so there is no such message."""
    with pytest.raises(InvalidValueError, match="'\\$add' is unknown"):
        group_message(
            "$add", {AMOUNT: 1}, token="t", group_key="k", group_id="g", time=MOMENT
        )
