"""What our own client writes means here what Mixpanel's tables say."""

from __future__ import annotations

import importlib.util
import operator
from pathlib import Path
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mixpanel_query import Expression, event_property, user_property
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.expressions import UNDEFINED, Accessor, read_expression

HERE = Path(__file__).parent


def imported(path: Path) -> ModuleType:
    """Import a file that tests share; the tests are imported by path, too."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PLAIN = imported(HERE / "plain_evaluator.py")
READER = imported(HERE.parent.parent / "expression_reader.py")

NUMBERS = st.one_of(
    st.integers(-1000, 1000), st.sampled_from([0.5, -2.25, 1e6, 2**53, 3.0])
)
TEXTS = st.sampled_from(["", "a", "ab", "false", "true", "5", "-2.5", 'x"y\\', "1.2.3"])
SCALARS = st.one_of(NUMBERS, TEXTS, st.booleans())
VALUES = st.one_of(SCALARS, st.none(), st.lists(SCALARS, max_size=2))
HAPPENED = st.dictionaries(st.sampled_from(["a", "b"]), VALUES)

BINARY = [
    operator.eq,
    operator.ne,
    operator.gt,
    operator.ge,
    operator.lt,
    operator.le,
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.mod,
    operator.and_,
    operator.or_,
    lambda left, right: left.in_(right),
]
UNARY = [
    operator.neg,
    operator.invert,
    Expression.floor,
    Expression.ceil,
    Expression.round,
    Expression.string,
    Expression.number,
    Expression.boolean,
    Expression.defined,
]
EQUALITY = [operator.eq, operator.ne]


def longer(parts: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Expressions that have others as their parts."""
    return st.one_of(
        st.builds(lambda f, a, b: f(a, b), st.sampled_from(BINARY), parts, parts),
        st.builds(lambda f, a, b: f(a, b), st.sampled_from(EQUALITY), parts, SCALARS),
        st.builds(lambda f, a: f(a), st.sampled_from(UNARY), parts),
        st.builds(Expression.in_, parts, st.lists(SCALARS, min_size=1, max_size=3)),
        st.builds(lambda text, a: a.contains(text), TEXTS, parts),
        st.builds(lambda a, b: a > b, parts, NUMBERS),
    )


EXPRESSIONS = st.recursive(
    st.sampled_from(
        [
            event_property("a"),
            event_property("b"),
            user_property("a"),
            event_property("never"),
        ]
    ),
    longer,
    max_leaves=8,
)


@settings(max_examples=400)
@given(EXPRESSIONS, HAPPENED, HAPPENED)
@example(event_property("a") % -3, {"a": -7}, {})
@example(event_property("a") == event_property("b"), {"a": 1, "b": True}, {})
@example(~event_property("never"), {}, {})
def test_values_are_those_of_the_tables(
    written: Expression, properties: dict[str, Any], user: dict[str, Any]
) -> None:
    """Every expression has the value, or the error, that the tables give it."""
    expression = read_expression("where", written.text, ZoneInfo("UTC"))
    given_values = {Accessor("properties", name): v for name, v in properties.items()}
    given_values |= {Accessor("user", name): value for name, value in user.items()}
    try:
        expected = PLAIN.evaluate(READER.read(written.text), properties, user)
    except PLAIN.WrongTypeError:
        expected = "an error"
    try:
        found = expression.value(given_values)
    except RequestRefusedError:
        found = "an error"
    if expected is PLAIN.MISSING:
        assert found is UNDEFINED
    else:
        assert PLAIN.kind(found) == PLAIN.kind(expected)
        assert found == expected


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("(" * 1000)
@example("not " * 1000 + "true")
@example("properties" + "[" * 500)
@example("-" * 5000 + "1")
@example("true and " * 5000 + "true")
@example("1 + " * 5000 + "1 > 3")
@example("9" * 5000)
@example('"' * 3)
@example("1 in " * 100 + "[1]")
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but a clear refusal, on one line, comes of a text that is none."""
    message = refusal_of(text)

    assert "\n" not in message
    assert message.startswith(("where", "the local project")) or not message


def refusal_of(text: str) -> str:
    """Return the error that reading or evaluating a text gives; empty for none."""
    try:
        read_expression("where", text, ZoneInfo("UTC")).value({})
    except RequestRefusedError as error:
        return error.message
    return ""


WORDS = [
    *("properties", "user", "event", '"a"', '"$time"', "[", "]", "(", ")", ","),
    *("==", "<", "+", "-", "in", "and", "or", "not", "1", "true", "defined", "number"),
    *("datetime", "string", '"2026-11-09"', "has_prefix", "behaviors"),
]


@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_any_row_of_words_is_read_or_refused(words: list[str]) -> None:
    """Words of the language in any order end in a value or in a refusal."""
    message = refusal_of(" ".join(words))

    assert message.startswith(("where", "the local project")) or not message
