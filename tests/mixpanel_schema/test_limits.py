"""Limits: each rule at its edge."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mixpanel_schema import InvalidValueError, limits

from .limited_messages import NOW, event, item, profile


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
        ({"$insert_id": None}, [("event invalid id", 1, 0)]),
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


def test_an_event_without_a_time_breaks_no_limit_of_times() -> None:
    """The server takes the moment in which it arrives."""
    untimed = {"event": "Paid", "properties": {"distinct_id": "u1"}}

    assert rules(untimed, now=NOW, via="track") == []
