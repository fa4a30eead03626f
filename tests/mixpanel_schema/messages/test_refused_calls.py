"""Ids, times, operations and keys that no message can have."""

from __future__ import annotations

from uuid import UUID

import pytest

from mixpanel_schema import (
    InvalidValueError,
    Property,
    UndeclaredNameError,
    event_message,
    profile_message,
)

from .paid_orders import AMOUNT, INSERT_ID, MOMENT, PAID


@pytest.mark.parametrize("given", ["Amount", None, 7], ids=repr)
def test_what_is_no_property_is_refused_by_name(given: object) -> None:
    """A loose text among the properties is one clear error, for all messages."""
    with pytest.raises(UndeclaredNameError, match="use the attribute of a catalogue"):
        event_message(
            PAID,
            {given: 7},
            token="t",
            distinct_id="u1",
            time=MOMENT,
            insert_id=INSERT_ID,
        )
    with pytest.raises(UndeclaredNameError, match="use the attribute of a catalogue"):
        profile_message("$set", {given: 7}, token="t", distinct_id="u1", time=MOMENT)
    with pytest.raises(UndeclaredNameError, match="use the attribute of a catalogue"):
        profile_message("$unset", [given], token="t", distinct_id="u1", time=MOMENT)


@pytest.mark.parametrize("time", ["yesterday", None, True, b"1"], ids=repr)
def test_a_time_of_another_kind_is_refused(time: object) -> None:
    """The message says what a time may be."""
    with pytest.raises(InvalidValueError, match="give epoch seconds or a datetime"):
        event_message(PAID, token="t", distinct_id="u1", time=time, insert_id="i")


@pytest.mark.parametrize("name", ["token", "distinct_id", "insert_id"])
@pytest.mark.parametrize("given", [7, None, b"x", ["a"]], ids=repr)
def test_an_id_that_is_no_text_is_refused(name: str, given: object) -> None:
    """Numbers have to be written as text, because 7 and "7" would be two users."""
    wire = {"token": "t", "distinct_id": "u1", "insert_id": INSERT_ID, name: given}

    with pytest.raises(InvalidValueError, match="give text"):
        event_message(PAID, time=MOMENT, **wire)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("$insert_id", "bad id !! longer than thirty-six bytes", "insert_id"),
        ("distinct_id", "anonymous", "means nobody"),
        ("distinct_id", None, "give text"),
        ("time", 5, "before 1971"),
        ("time", "yesterday", "give epoch seconds"),
        ("token", b"x", "not JSON"),
    ],
)
def test_a_property_in_the_place_of_an_id_is_checked_like_it(
    name: str, value: object, message: str
) -> None:
    """Replacing the id or the time with a property is no way around the rules."""
    with pytest.raises(InvalidValueError, match=message):
        event_message(
            PAID,
            {Property(name): value},
            token="t",
            distinct_id="user-1",
            time=MOMENT,
            insert_id=INSERT_ID,
        )


@pytest.mark.parametrize("token", ["\ud800", "x" * 300])
def test_an_impossible_token_is_refused(token: str) -> None:
    """A token is text within the limits like any other."""
    with pytest.raises(InvalidValueError):
        event_message(
            PAID, token=token, distinct_id="u1", time=MOMENT, insert_id=INSERT_ID
        )


def test_a_uuid_as_text_is_an_insert_id() -> None:
    """36 characters with dashes are the longest that is taken; the null one is not."""
    wire = {"token": "t", "distinct_id": "u1", "time": MOMENT}
    made = event_message(PAID, insert_id="0f8fad5b-d9cb-469f-a165-70867728950e", **wire)

    assert made["properties"]["$insert_id"] == "0f8fad5b-d9cb-469f-a165-70867728950e"
    with pytest.raises(InvalidValueError, match="means nobody"):
        event_message(PAID, insert_id=str(UUID(int=0)), **wire)


@pytest.mark.parametrize("name", ["$set", "$token", "$distinct_id"])
def test_meta_cannot_replace_what_the_message_is(name: str) -> None:
    """Otherwise a mistake would write to another profile, or something else."""
    with pytest.raises(InvalidValueError, match="would replace the message's own"):
        profile_message(
            "$set",
            {AMOUNT: 1},
            token="t",
            distinct_id="u1",
            time=MOMENT,
            meta={Property(name): "x"},
        )


@pytest.mark.parametrize("value", [[True], [None], [{"a": 1}], [[1]]], ids=repr)
def test_union_takes_texts_and_numbers(value: list[object]) -> None:
    """The server ignores other items, so they are refused here."""
    with pytest.raises(InvalidValueError, match="no filled list of texts or numbers"):
        profile_message(
            "$union", {AMOUNT: value}, token="t", distinct_id="u1", time=MOMENT
        )


@pytest.mark.parametrize("operation", [[], None, 7], ids=repr)
def test_an_operation_that_is_no_text_is_refused(operation: object) -> None:
    """Whatever is given for an operation, there is one error."""
    with pytest.raises(InvalidValueError, match="is unknown; use one of"):
        profile_message(operation, {}, token="t", distinct_id="u1", time=MOMENT)


def test_a_single_property_is_no_list_of_them() -> None:
    """A forgotten pair of brackets is one clear error."""
    with pytest.raises(InvalidValueError, match="takes a list of properties"):
        profile_message("$unset", AMOUNT, token="t", distinct_id="u1", time=MOMENT)


def test_properties_without_values_are_refused() -> None:
    """A list of them says nothing; the error tells what to give."""
    with pytest.raises(InvalidValueError) as caught:
        event_message(
            PAID,
            [AMOUNT],  # type: ignore[arg-type]
            token="t",
            distinct_id="u1",
            time=MOMENT,
            insert_id=INSERT_ID,
        )

    assert str(caught.value) == (
        "properties are a list; give a dict from each property to its value"
    )
