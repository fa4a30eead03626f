"""Limits: each rule at its edge, the cutting of text, and arbitrary values."""

import json
from datetime import datetime, timedelta, timezone

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

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
KEY = "0123456789abcdef0123456789abcdef"

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


def event(**properties: object) -> dict[str, object]:
    """Build an event that breaks no rule but those asked for."""
    whole = {"distinct_id": "u1", "$insert_id": KEY, "time": NOW.timestamp()}
    return {"event": "Paid", "properties": {**whole, **properties}}


def rules(message: dict[str, object], **options: object) -> list[tuple[str, int, int]]:
    """List the broken rules with size and limit."""
    found = limits.check(message, **options)
    return [(broken.rule, broken.size, broken.limit) for broken in found]


@pytest.mark.parametrize(
    ("properties", "broken"),
    [
        ({"a": "x" * 255}, []),
        ({"a": "x" * 256}, [("event text", 256, 255)]),
        ({"a": "é" * 127 + "x"}, []),
        ({"a": "é" * 128}, [("event text", 256, 255)]),
        ({"a" * 255: 1}, []),
        ({"a" * 256: 1}, [("event property name", 256, 255)]),
        ({"a": [1] * 254}, []),
        ({"a": [1] * 255}, [("event list", 255, 254)]),
        ({"a": {str(i): 1 for i in range(254)}}, []),
        ({"a": {str(i): 1 for i in range(255)}}, [("event dict", 255, 254)]),
        ({"a": {"b": {"c": 1}}}, []),
        ({"a": {"b": {"c": {}}}}, []),
        ({"a": {"b": {"c": {"d": {}}}}}, [("event dict depth", 4, 3)]),
        ({"a": [{"b": 1}]}, []),
        ({"a": [{"b": [1]}]}, [("event list depth", 3, 2)]),
        ({"a": ["x" * 100] * 79}, []),
        ({"a": ["x" * 100] * 80}, [("event list size", 8241, 8192)]),
        ({"a": {"b": "x" * 256}}, [("event text", 256, 255)]),
        ({"a": 2**63 - 1}, []),
        ({"a": 2**64}, [("event number", 65, 64)]),
        ({"distinct_id": ""}, []),
        ({"distinct_id": "None"}, [("event invalid id", 1, 0)]),
        ({"$insert_id": "x" * 36}, []),
        ({"$insert_id": "x" * 37}, [("event insert id", 37, 36)]),
        ({"$insert_id": "a_b c"}, [("event insert id characters", 2, 0)]),
        ({"time": 31_536_000}, []),
        ({"time": 31_535_998}, [("event early", 2, 0)]),
    ],
)
def test_each_rule_of_an_event_holds_at_its_edge(
    properties: dict[str, object], broken: list[tuple[str, int, int]]
) -> None:
    """The last value that is taken breaks nothing, the next one its rule."""
    assert rules(event(**properties)) == broken


def test_an_event_has_at_most_254_properties() -> None:
    """Three properties are always there, so that 251 more are taken."""
    assert rules(event(**{f"p{i}": i for i in range(251)})) == []
    assert rules(event(**{f"p{i}": i for i in range(252)})) == [
        ("event properties", 255, 254)
    ]


def test_a_long_event_name_is_reported() -> None:
    """The server would cut it, so that two events could become one."""
    assert rules({**event(), "event": "x" * 256}) == [("event name", 256, 255)]


def test_a_whole_event_is_smaller_than_a_megabyte() -> None:
    """Many lists that are each small enough are together too much."""
    lists = {f"p{i}": ["x" * 250] * 32 for i in range(130)}
    found = rules(event(**lists))

    assert [rule for rule, _, _ in found] == ["event record"]
    assert found[0][2] == 1_048_575


@pytest.mark.parametrize(
    ("ago", "via", "broken"),
    [
        (timedelta(days=5), "track", []),
        (timedelta(days=5, seconds=1), "track", [("event age", 432_001, 432_000)]),
        (timedelta(days=5, seconds=1), "import", []),
        (timedelta(hours=-1), "import", []),
        (timedelta(hours=-1, seconds=-1), "import", [("event ahead", 3_601, 3_600)]),
    ],
    ids=["5 days", "older", "older imported", "an hour ahead", "further ahead"],
)
@pytest.mark.parametrize("factor", [1, 1_000], ids=["seconds", "milliseconds"])
def test_times_are_judged_against_the_present(
    ago: timedelta, via: str, broken: list[tuple[str, int, int]], factor: int
) -> None:
    """``/track`` takes five days, nothing takes the future."""
    time = int((NOW - ago).timestamp()) * factor

    assert rules(event(time=time), now=NOW, via=via) == broken


def profile(operation: str, body: object, **more: object) -> dict[str, object]:
    """Build a profile update."""
    return {"$token": "t", "$distinct_id": "u1", "$time": 1, operation: body, **more}


@pytest.mark.parametrize(
    ("message", "broken"),
    [
        (profile("$set", {f"p{i}": i for i in range(2_000)}), []),
        (
            profile("$set", {f"p{i}": i for i in range(2_001)}),
            [("profile properties", 2_001, 2_000)],
        ),
        (profile("$set", {"a": [1] * 1_000}), []),
        (profile("$set", {"a": "x" * 256}), [("profile text", 256, 255)]),
        (
            profile("$set", {"a": ["x" * 200] * 1_300}),
            [("profile list size", 263_901, 262_144)],
        ),
        (profile("$set", {}, **{"$distinct_id": ""}), [("profile invalid id", 1, 0)]),
        (profile("$unset", ["a"]), []),
    ],
    ids=["2000", "2001", "long list", "text", "large list", "no id", "unset"],
)
def test_profiles_have_limits_of_their_own(
    message: dict[str, object], broken: list[tuple[str, int, int]]
) -> None:
    """A profile takes longer lists and more properties than an event."""
    assert rules(message) == broken


def item(**parts: object) -> dict[str, object]:
    """Build an item for Customer.io's batch."""
    return {"type": "person", "action": "event", "identifiers": {"id": "u1"}, **parts}


@pytest.mark.parametrize(
    ("message", "broken"),
    [
        (item(name="x" * 100, attributes={"a": "x" * 1_000}), []),
        (item(name="é" * 51), [("customerio event name", 102, 100)]),
        (item(identifiers={"id": "x" * 151}), [("customerio id", 151, 150)]),
        (
            item(attributes={"x" * 151: 1}),
            [("customerio attribute name", 151, 150)],
        ),
        (
            item(attributes={"a": "x" * 1_001}),
            [("customerio attribute", 1_001, 1_000)],
        ),
        (
            item(attributes={f"a{i}": 1 for i in range(301)}),
            [("customerio attributes", 301, 300)],
        ),
    ],
    ids=["fits", "name", "id", "attribute name", "attribute", "attributes"],
)
def test_customerio_has_limits_of_its_own(
    message: dict[str, object], broken: list[tuple[str, int, int]]
) -> None:
    """Customer.io counts bytes everywhere."""
    assert rules(message) == broken


def test_a_violation_says_what_to_do() -> None:
    """Where, how much, of what, how much is taken, what becomes of it, the remedy."""
    [violation] = limits.check(event(Basket=[{"note": "x" * 300}]))

    assert str(violation) == (
        "Basket.0.note: 300 bytes of text are cut to 255; shorten it (event text)"
    )


@pytest.mark.parametrize(
    "message",
    [{}, {"a": 1}, {"event": "Paid"}, {"event": "Paid", "properties": []}],
    ids=["empty", "unknown", "no properties", "a list"],
)
def test_what_is_no_message_is_refused(message: dict[str, object]) -> None:
    """A check that cannot be made is no check that was passed."""
    with pytest.raises(InvalidValueError):
        limits.check(message)


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


def test_customerios_first_event_call_is_checked() -> None:
    """Its data may be 100,000 bytes, and its name 100."""
    small = {"name": "Paid", "data": {"Amount": 1}}
    large = {"name": "x" * 101, "data": {f"p{i}": "x" * 999 for i in range(100)}}

    assert rules(small) == []
    assert [rule for rule, _, _ in rules(large)] == [
        "customerio event name",
        "customerio event data",
    ]


@pytest.mark.parametrize(
    ("properties", "rule"),
    [
        ({"$insert_id": ""}, "event invalid id"),
        ({"a": [[1]]}, "event list in list"),
        ({"time": 31_535_999.5}, "event early"),
    ],
    ids=["empty id", "list in list", "half a second"],
)
def test_small_print(properties: dict[str, object], rule: str) -> None:
    """Rules that are easily forgotten."""
    assert [found for found, _, _ in rules(event(**properties))] == [rule]


def test_half_a_second_too_old_is_too_old() -> None:
    """Parts of a second count."""
    past = NOW.timestamp() - 5 * 86_400 - 0.5
    future = NOW.timestamp() + 3_600.5

    assert [r for r, _, _ in rules(event(time=past), now=NOW, via="track")] == [
        "event age"
    ]
    assert [r for r, _, _ in rules(event(time=future), now=NOW)] == ["event ahead"]


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


def test_endless_values_are_no_trouble() -> None:
    """A list in itself is refused by ``check`` and left alone by ``fit``."""
    endless: list[object] = []
    endless.append(endless)
    limits.fit(event(a=endless))

    with pytest.raises(InvalidValueError):
        limits.check(event(a=endless))


def test_keys_that_are_no_text_are_refused() -> None:
    """They could not be JSON."""
    with pytest.raises(InvalidValueError, match="give a dict of texts"):
        limits.check(item(attributes={1: 1}))
