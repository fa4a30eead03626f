"""Tests of mixpanel_query.expressions and of what it is made of."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable
from datetime import date, datetime, timezone
from decimal import Decimal
from enum import Enum, IntEnum
from fractions import Fraction

import numpy  # comes with pandas
import pytest

from mixpanel_query import (
    Expression,
    behavior,
    event_property,
    event_time,
    profile_property,
    user_property,
)
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.expressions import breakdown_text, expression_text
from mixpanel_schema import Property

a = event_property("a")
b = event_property("b")
noon = datetime(2026, 11, 9, 12)


class Plan(str, Enum):
    """Names that are text."""

    PRO = "Pro"


class Level(IntEnum):
    """Names that are numbers."""

    TOP = 3


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (a == "US", 'properties["a"] == "US"'),
        (a != b, 'properties["a"] != properties["b"]'),
        (user_property("age") > 30, 'user["age"] > 30'),
        (a >= 1.5, 'properties["a"] >= 1.5'),
        (a < Decimal("0.10"), 'properties["a"] < 0.10'),
        (a <= -1, 'properties["a"] <= (-1)'),
        (30 < a, 'properties["a"] > 30'),  # noqa: SIM300
        ("US" == a, 'properties["a"] == "US"'),  # noqa: SIM300
        (a == True, 'properties["a"] == true'),  # noqa: E712
        (a == 1, 'properties["a"] == 1'),
        (behavior("b1") > 0, 'behaviors["b1"] > 0'),
        (profile_property("$email") == "a@b", 'properties["$email"] == "a@b"'),
        (event_property(Property("Plan")) == Plan.PRO, 'properties["Plan"] == "Pro"'),
        (a == Level.TOP, 'properties["a"] == 3'),
    ],
    ids=str,
)
def test_comparisons(expression: Expression, text: str) -> None:
    """A comparison is written with its literal, whichever side that stood on."""
    assert str(expression) == text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (a + 1, 'properties["a"] + 1'),
        (1 + a, '1 + properties["a"]'),
        ("Mr " + a, '"Mr " + properties["a"]'),
        (a - 1, 'properties["a"] - 1'),
        (1 - a, '1 - properties["a"]'),
        (a * 2, 'properties["a"] * 2'),
        (2 * a, '2 * properties["a"]'),
        (a / 2, 'properties["a"] / 2'),
        (2 / a, '2 / properties["a"]'),
        (a % 2, 'properties["a"] % 2'),
        (2 % a, '2 % properties["a"]'),
        (-a, '-properties["a"]'),
        (-(a + 1), '-(properties["a"] + 1)'),
        ((a + 1) * 2, '(properties["a"] + 1) * 2'),
        (a - (b - 1), 'properties["a"] - (properties["b"] - 1)'),
        (a.floor(), 'floor(properties["a"])'),
        ((a / 2).ceil(), 'ceil(properties["a"] / 2)'),
        (a.round() == 2, 'round(properties["a"]) == 2'),
    ],
    ids=str,
)
def test_arithmetic(expression: Expression, text: str) -> None:
    """Operators keep their sides, and parts that are made of parts are wrapped."""
    assert str(expression) == text


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ((a == 1) & (b == 2), '(properties["a"] == 1) and (properties["b"] == 2)'),
        ((a == 1) | a.defined(), '(properties["a"] == 1) or defined(properties["a"])'),
        (~(a == 1), 'not (properties["a"] == 1)'),
        (~a, 'not properties["a"]'),
        (a & True, 'properties["a"] and true'),
        (False | a, 'false or properties["a"]'),
        (True & a, 'true and properties["a"]'),
        (a & b & a, 'properties["a"] and properties["b"] and properties["a"]'),
        (a & (b | a), 'properties["a"] and (properties["b"] or properties["a"])'),
        (a.in_([1, "x", True]), 'properties["a"] in [1, "x", true]'),
        (a.in_(b), 'properties["a"] in properties["b"]'),
        (~a.in_([-1]), 'not (properties["a"] in [-1])'),
        (a.contains("yahoo"), '"yahoo" in properties["a"]'),
        (a.contains(b), 'properties["b"] in properties["a"]'),
        (a.string().has_prefix("20"), 'has_prefix(string(properties["a"]), "20")'),
        (a.number() > 5, 'number(properties["a"]) > 5'),
        (a.boolean() & b, 'boolean(properties["a"]) and properties["b"]'),
        (Expression("x or y") & a, '(x or y) and properties["a"]'),
    ],
    ids=str,
)
def test_logic(expression: Expression, text: str) -> None:
    """And, or, not, in and casts are written as Mixpanel has them."""
    assert str(expression) == text


@pytest.mark.parametrize(
    ("expression", "moment"),
    [
        (event_time() >= date(2026, 11, 9), "2026-11-09T00:00:00"),
        (event_time() < noon, "2026-11-09T12:00:00"),
        (event_time() == noon, "2026-11-09T12:00:00"),
        (noon != event_time(), "2026-11-09T12:00:00"),
    ],
    ids=str,
)
def test_moments(expression: Expression, moment: str) -> None:
    """The time of an event is compared with a moment."""
    assert expression.text.endswith(f' datetime("{moment}")')
    assert expression.text.startswith('event["$time"] ')


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (-0.0, "0"),
        (1e-7, "0.0000001"),
        (1e16, "10000000000000000"),
        (2**60 + 1, "1152921504606846977"),
        (5e-324, "0." + "0" * 323 + "5"),
        (Decimal("1E+2"), "100"),
        (Decimal("0E-9999999"), "0"),
    ],
)
def test_numbers(value: float | Decimal, written: str) -> None:
    """Numbers are exact, and never in a notation that is not documented."""
    assert str(a == value) == f'properties["a"] == {written}'


def test_numbers_of_numpy() -> None:
    """Numbers of a data frame are numbers."""
    assert str(a == numpy.int64(7)) == 'properties["a"] == 7'
    assert str(numpy.int64(7) <= a) == 'properties["a"] >= 7'
    assert str(numpy.int64(7) - a) == '7 - properties["a"]'
    assert str(a == numpy.float64(0.5)) == 'properties["a"] == 0.5'


@pytest.mark.parametrize(
    ("build", "problem"),
    [
        (lambda: a == None, "no None; ask .defined()"),  # noqa: E711
        (lambda: a == math.nan, "nan is no number"),
        (lambda: a > math.inf, "inf is no number"),
        (lambda: a == Decimal("sNaN"), "sNaN is no number"),
        (lambda: a == 10**400, "too large"),
        (lambda: a == 10**9999, "too large"),
        (lambda: a == Decimal("1E-9999999"), "too long"),
        (lambda: a == date(2026, 11, 9), "2026-11-09 is a date"),
        (lambda: a > noon, "2026-11-09T12:00:00 is a date"),
        (lambda: event_time() > noon.replace(tzinfo=timezone.utc), "has a timezone"),
        (lambda: event_time() > noon.replace(microsecond=1), "parts of a second"),
        (lambda: a == ["x"], "is a list; give text"),
        (lambda: a == Fraction(1, 3), "is a Fraction"),
        (lambda: a == b"x", "is a bytes"),
        (lambda: a > "x", "> 'x': Mixpanel has > for numbers"),
        (lambda: a < True, "< True: Mixpanel has < for numbers"),
        (lambda: a - "x", "- 'x': Mixpanel has - for numbers"),
        (lambda: a + True, r"\+ True: Mixpanel has \+ for numbers"),
        (lambda: a & "b", "'b' is neither true nor false"),
        (lambda: a | 1, "1 is neither true nor false"),
        (lambda: a.in_([]), "in an empty list"),
        (lambda: a.in_("Pro"), "has text for a list"),
        (lambda: a.in_([None]), "no None"),
        (lambda: a.contains(5), "looks for no text"),
        (lambda: Expression(" "), "an expression of ' '"),
        (lambda: event_property(""), "a name is empty"),
        (lambda: event_property(5), "5 is no name"),
    ],
)
def test_what_means_nothing(build: Callable[[], object], problem: str) -> None:
    """A value or an operator that Mixpanel does not document is refused."""
    with pytest.raises(InvalidQueryError, match=problem) as caught:
        build()

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "use",
    [
        lambda: (a == 1) and (b == 2),
        lambda: (a == 1) or (b == 2),
        lambda: not a,
        lambda: 1 < a < 3,
        lambda: a in [b],
    ],
)
def test_words_of_python(use: Callable[[], object]) -> None:
    """``and``, ``or``, ``not`` and chains would drop half of what was asked."""
    with pytest.raises(InvalidQueryError, match=r"use & \| ~ for and, or, not"):
        use()


def test_in_of_python() -> None:
    """``in`` names what to write for it."""
    with pytest.raises(InvalidQueryError, match=r"use \.contains\(text\) or \.in_"):
        "yahoo" in a  # type: ignore[operator]  # noqa: B015


def test_long_expressions_make_short_messages() -> None:
    """An error names the beginning of what it is about."""
    with pytest.raises(InvalidQueryError) as caught:
        bool(a == "x" * 10_000)

    assert len(str(caught.value)) < 200


def test_expressions_travel() -> None:
    """An expression can be copied, pickled, hashed and shown."""
    expression = a == 1

    assert pickle.loads(pickle.dumps(expression)).text == expression.text  # noqa: S301
    assert copy.deepcopy(expression).text == expression.text
    assert len({expression, a}) == 2
    assert repr(expression) == "Expression('properties[\"a\"] == 1')"


def test_where_takes_both() -> None:
    """An expression is sent as its text, and text as it is."""
    assert expression_text("where", a == 1) == 'properties["a"] == 1'
    assert expression_text("where", "  true ") == "  true "


@pytest.mark.parametrize("given", ["", " ", None, 5, Property("a")])
def test_where_of_something_else(given: object) -> None:
    """What is no expression is refused by the parameter's name."""
    with pytest.raises(InvalidQueryError, match=r"where .* is no expression"):
        expression_text("where", given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("on", "text"),
    [
        (Property("Plan"), 'properties["Plan"]'),
        (user_property("Plan"), 'user["Plan"]'),
        ('properties["x"]', 'properties["x"]'),
        ("1", "1"),
        ("true", "true"),
    ],
)
def test_breakdown(on: Property | Expression | str, text: str) -> None:
    """``on`` takes a declared property, too."""
    assert breakdown_text(on) == text


@pytest.mark.parametrize("name", ["Plan", " Plan Name", "$city", "utm.source"])
def test_bare_name(name: str) -> None:
    """A name alone is no expression, and the message writes the one that was meant."""
    with pytest.raises(InvalidQueryError, match=r"is a bare name.*write properties"):
        breakdown_text(name)
