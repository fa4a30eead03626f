"""Messages that are cut to fit, and batches."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_schema import (
    Event,
    InvalidValueError,
    NameStyleError,
    Property,
    event_message,
    limits,
    profile_message,
)

from .limited_messages import KEY, NOW, event, item, profile

AnyJson = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=10**300, max_value=10**301)
    | st.floats()
    | st.text()
    | st.text(min_size=60, max_size=300),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text(), inner)
        | st.lists(st.just("x"), min_size=250, max_size=260)
    ),
    max_leaves=30,
)


def test_text_is_cut_between_characters() -> None:
    """255 bytes of two-byte characters are 127 characters, all whole."""
    fitted, cuts = limits.fit(event(Note="é" * 200, Deep={"a": ["x" * 300]}))

    assert fitted["properties"]["Note"] == "é" * 127
    assert fitted["properties"]["Deep"] == {"a": ["x" * 255]}
    assert [(cut.path, cut.size) for cut in cuts] == [("Note", 400), ("Deep.a.0", 300)]


def test_ids_are_never_cut() -> None:
    """A shortened id would be somebody else's."""
    message = event(**{"distinct_id": "x" * 300, "$insert_id": "x" * 40})
    fitted, cuts = limits.fit(message)

    assert fitted == message
    assert cuts == []


def test_names_profiles_and_customerio_items_are_cut_too() -> None:
    """Each kind of message has its own limit of text."""
    named, _ = limits.fit({**event(**{"n" * 300: 1}), "event": "x" * 300})
    update, _ = limits.fit(profile("$set", {"a": "x" * 300}))
    person, cuts = limits.fit(item(attributes={"a": "x" * 1_200}))

    assert named["event"] == "x" * 255
    assert "n" * 255 in named["properties"]
    assert update["$set"] == {"a": "x" * 255}
    assert person["attributes"] == {"a": "x" * 1_000}
    assert [(cut.rule, cut.size) for cut in cuts] == [("customerio attribute", 1_200)]


def test_the_message_given_is_left_alone() -> None:
    """Cutting makes a copy."""
    message = event(Note="x" * 300)
    limits.fit(message)

    assert message["properties"]["Note"] == "x" * 300


@given(st.dictionaries(st.text(min_size=1, max_size=300), AnyJson, max_size=5))
def test_an_event_message_keeps_every_limit_or_is_refused(
    values: dict[str, object],
) -> None:
    """Whatever is tracked, there are two outcomes, and no other error."""
    try:
        message = event_message(
            Event("Paid"),
            {Property(name): value for name, value in values.items()},
            token="t",
            distinct_id="u1",
            time=NOW,
            insert_id=KEY,
        )
    except (InvalidValueError, NameStyleError):  # the latter from Property itself
        return

    assert limits.check(message) == []
    assert json.loads(json.dumps(message, allow_nan=False)) == message


@given(AnyJson, st.sampled_from(["$set", "$set_once", "$append", "$remove", "$union"]))
def test_a_profile_message_keeps_every_limit_or_is_refused(
    value: object, operation: str
) -> None:
    """Whatever a profile is set to, there are two outcomes."""
    try:
        message = profile_message(
            operation, {Property("A"): value}, token="t", distinct_id="u1", time=NOW
        )
    except InvalidValueError:
        return

    assert limits.check(message) == []
    assert json.loads(json.dumps(message, allow_nan=False)) == message


@given(st.dictionaries(st.text(min_size=1), AnyJson, max_size=5))
def test_what_was_fitted_has_no_long_text(values: dict[str, object]) -> None:
    """After cutting, no text is left to be cut."""
    try:
        fitted, _ = limits.fit(event(**{f"p {name}": v for name, v in values.items()}))
        again, cuts = limits.fit(fitted)
    except InvalidValueError:
        return

    assert cuts == []
    assert again == fitted


@pytest.mark.parametrize(
    ("messages", "broken"),
    [
        ([event()] * 2_000, []),
        ([event()] * 2_001, [("event batch", 2_001, 2_000)]),
        ([profile("$set", {"a": 1})] * 2_001, [("profile batch", 2_001, 2_000)]),
        ([], []),
    ],
    ids=["2000 events", "2001 events", "2001 updates", "none"],
)
def test_a_batch_holds_two_thousand(
    messages: list[dict[str, object]], broken: list[tuple[str, int, int]]
) -> None:
    """More than that has to be split before it is sent."""
    found = limits.check_batch(messages)

    assert [(rule.rule, rule.size, rule.limit) for rule in found] == broken


def test_a_batch_is_within_its_bytes() -> None:
    """Ten megabytes of events, half a megabyte for Customer.io."""
    large = [event(**{f"p{i}": "x" * 250 for i in range(200)})] * 220
    people = [item(attributes={f"a{i}": "x" * 900 for i in range(30)})] * 20

    assert [found.rule for found in limits.check_batch(large)] == ["event batch size"]
    assert [found.rule for found in limits.check_batch(people)] == [
        "customerio batch size"
    ]


def test_names_that_would_become_one_are_not_cut() -> None:
    """Cutting loses no value; what stays too long is reported by ``check``."""
    twins = {"n" * 255 + "a": 1, "n" * 255 + "b": 2}
    fitted, cuts = limits.fit(event(**twins))

    assert fitted["properties"].items() >= twins.items()
    assert cuts == []


def test_customerios_names_are_cut_too() -> None:
    """Both the event's name and those of its attributes, in bytes."""
    fitted, cuts = limits.fit(item(name="é" * 60, attributes={"é" * 80: 1}))

    assert fitted["name"] == "é" * 50
    assert fitted["attributes"] == {"é" * 75: 1}
    assert [(cut.rule, cut.size) for cut in cuts] == [
        ("customerio event name", 120),
        ("customerio attribute name", 160),
    ]
