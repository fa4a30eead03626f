"""What operators and functions give for each type, and the time of events."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.expressions import (
    UNDEFINED,
    Accessor,
    is_met,
    read_expression,
)


def value(text: str, zone: str = "UTC", **properties: object) -> Any:  # noqa: ANN401
    """Return the value of an expression in which p, q, … are properties."""
    for name in properties:
        text = text.replace(f"{name}.", f'properties["{name}"]')
    given = {Accessor("properties", name): each for name, each in properties.items()}
    return read_expression("where", text, ZoneInfo(zone)).value(given)


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        ('p. == "5"', 5, False),
        ("p. == 5", "5", False),
        ("p. != 5", "5", True),
        ("p. == 5", 5.0, True),
        ("p. == true", 1, False),
        ("p. > 1", "2", UNDEFINED),
        ('p. > "a"', "b", UNDEFINED),
        ("p. + 1", "2", UNDEFINED),
        ('p. + "!"', "hi", "hi!"),
        ("p. / 0", 1, UNDEFINED),
        ("p. % 0", 1, UNDEFINED),
        ("p. % 3", -7, -1),
        ("p. % -3", 7, 1),
        ("p. % 2", 5.5, 1.5),
        ("p. % 2", -5.5, -1.5),
        ("p. - 1", None, UNDEFINED),
        ("p. * 2", 1e308, UNDEFINED),
        ('"hoo" in p.', "yahoo", True),
        ('"x" in p.', ["x", "y"], True),
        ("5 in p.", "5", UNDEFINED),
        ("p. in [1, 2]", 2, True),
        ("p. in [1, 2]", "2", False),
        ("p. in [q., 2]", 3, False),
        ("p. in [q., 2]", 2, True),
        ("p. in [true]", 1, False),
        ("p. and true", UNDEFINED, False),
        ("p. or true", UNDEFINED, True),
        ("not p.", True, False),
        ("not p.", UNDEFINED, True),
        ("not p.", "x", UNDEFINED),
        ("not p.", None, UNDEFINED),
        ("-p.", 2.5, -2.5),
        ("-p.", "2", UNDEFINED),
        ("floor(p.)", -1.5, -2),
        ("ceil(p.)", 1.2, 2),
        ("round(p.)", 2.5, 3),
        ("round(p.)", -2.5, -3),
        ("round(p.)", "2.5", UNDEFINED),
        ("defined(p.)", UNDEFINED, False),
        ("defined(p.)", None, False),
        ("defined(p.)", "", True),
        ("string(p.)", 3.0, "3"),
        ("string(p.)", 1e21, "1000000000000000000000"),
        ("string(p.)", 0.1, "0.1"),
        ("string(p.)", True, "true"),
        ("string(p.)", None, None),
        ("string(p.)", UNDEFINED, UNDEFINED),
        ("number(p.)", " 2.50 ", 2.5),
        ("number(p.)", "1e3", 1000),
        ("number(p.)", "two", UNDEFINED),
        ("number(p.)", "nan", UNDEFINED),
        ("number(p.)", "1e999", UNDEFINED),
        ("number(p.)", True, 1.0),
        ("number(p.)", None, UNDEFINED),
        ("boolean(p.)", "false", False),
        ("boolean(p.)", "", False),
        ("boolean(p.)", "no", True),
        ("boolean(p.)", 0.0, False),
        ("boolean(p.)", [], True),
        ("boolean(p.)", None, False),
        ("boolean(p.)", UNDEFINED, False),
        ('has_prefix(p., "20")', "2016", True),
        ('has_prefix(p., "20")', 2016, UNDEFINED),
    ],
)
def test_values_by_type(text: str, given: object, expected: object) -> None:
    """Mixpanel's tables, row by row."""
    found = value(text, p=given, q=UNDEFINED)

    assert (isinstance(found, bool), found) == (isinstance(expected, bool), expected)


@pytest.mark.parametrize("given", ["yes", 1, None, ["x"], {"a": 1}])
@pytest.mark.parametrize("word", ["and", "or"])
def test_and_joins_nothing_but_booleans(word: str, given: object) -> None:
    """A text or a number beside ``and`` is an error, as documented."""
    with pytest.raises(RequestRefusedError, match=f"what '{word}' joins is") as caught:
        value(f"true {word} p.", p=given)

    assert caught.value.status == 400


def test_a_condition_is_true_false_or_missing() -> None:
    """Null and undefined are not met, and text is an error, not a guess."""
    where = read_expression("where", 'properties["p"]', ZoneInfo("UTC"))
    accessor = Accessor("properties", "p")

    assert is_met(where, {accessor: True})
    assert not is_met(where, {accessor: None})
    assert not is_met(where, {})
    with pytest.raises(RequestRefusedError, match="'yes' is of the type text"):
        is_met(where, {accessor: "yes"})


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ('datetime("2026-11-09T00:00:00")', "UTC", 1794182400),
        ('datetime("2026-11-09")', "UTC", 1794182400),
        ('datetime("2026-11-09T00:00:00")', "America/Los_Angeles", 1794211200),
        ('datetime("2026-11-09T00:00:00Z")', "America/Los_Angeles", 1794182400),
        ("datetime(1794182400)", "UTC", 1794182400),
        ("datetime(1794182400500)", "UTC", 1794182400.5),
        ("datetime(1794182400 - 86400)", "UTC", 1794096000),
        ('datetime(string(1) + "x")', "UTC", UNDEFINED),
        ("datetime(-5)", "UTC", UNDEFINED),
    ],
)
def test_moments_are_epoch_seconds(text: str, zone: str, expected: object) -> None:
    """A moment without an offset is the project's; a large number has milliseconds."""
    assert value(text, zone) == expected


def test_the_time_of_an_event_is_compared_with_moments() -> None:
    """The example of Mixpanel's documents for the export."""
    text = 'event["$time"] >= datetime("2026-11-09T00:00:00")'
    expression = read_expression("where", text, ZoneInfo("UTC"))
    time = Accessor("event", "$time")

    assert expression.value({time: 1794182400}) is True
    assert expression.value({time: 1794182399.999}) is False


def test_large_numbers_are_floats() -> None:
    """What no float can hold is undefined, and never an error."""
    assert value("p. + 1", p=10**400) is UNDEFINED
    assert value("p. * p.", p=2**53) == float(2**106)
    assert value("string(p.)", p=2**60) == "1152921504606846976"
