"""The grammar of expressions: ranks, accessors, and what is refused."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.expressions import Accessor, read_expression
from mixpanel_query.local.expressions.grammar import DEEPEST, parse


def value(text: str, **properties: object) -> Any:  # noqa: ANN401
    """Return the value of an expression."""
    given = {Accessor("properties", name): each for name, each in properties.items()}
    return read_expression("where", text, ZoneInfo("UTC")).value(given)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 + 3 * 4", 14),
        ("10 - 3 - 2", 5),
        ("(10 - 3) - 2", 5),
        ("10 - (3 - 2)", 9),
        ("24 / 4 / 2", 3),
        ("-2 * 3", -6),
        ("2 * -3", -6),
        ("1 + 1 == 2 and 3 > 2", True),
        ("true or true and false", True),
        ("(true or true) and false", False),
        ("not 1 == 2", True),
        ("not true or true", True),
        ("not not true", True),
        ("1 == 1 == true", True),
        ("2 in [1, 2] and true", True),
        (" \t\n1.50 ", 1.5),
        (".5 + 1.", 1.5),
        ("'it' + \"s\"", "its"),
        (r"'don\'t'", "don't"),
        (r'"a \"b\" \\ c"', r'a "b" \ c'),
    ],
)
def test_operators_bind_as_in_most_languages(text: str, expected: object) -> None:
    """Products before sums, comparisons before not, and before or."""
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "accessor"),
    [
        ('properties["a b"]', ("properties", "a b")),
        ("properties['a']", ("properties", "a")),
        ('user["$email"]', ("user", "$email")),
        ('event["$time"]', ("event", "$time")),
        (r'properties["x \" y"]', ("properties", 'x " y')),
    ],
)
def test_accessors_name_a_property(text: str, accessor: tuple[str, str]) -> None:
    """Events, users and the time of an event can be looked at."""
    assert parse("where", text) == accessor


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it ends at character 1, where a value or a property is expected"),
        ("1 +", "it ends at character 4, where a value"),
        ("1 2", "'2' stands at character 3, where an operator or the end"),
        ("(1", "it ends at character 3, where '\\)' is expected"),
        ("properties.plan", "'.' at character 11 means nothing"),
        ("properties[plan]", "where the name of a property in quotes is expected"),
        ("plan == 1", 'a property is written properties\\["plan"\\]'),
        ('properties["a] == 1', "the text that begins at character 12 has no end"),
        (r'"a\n"', "in a text is not documented"),
        ("properties['a'] = 1", "'=' at character 17 means nothing"),
        ("true && false", "'&' at character 6 means nothing"),
        ("defined()", r"defined\(\) takes 1 value\(s\), not 0"),
        ("floor(1, 2)", r"floor\(\) takes 1 value\(s\), not 2"),
        ('event["name"]', 'there is event\\["\\$time"\\]'),
        ("datetime(true)", "is no time"),
        ('datetime("yesterday")', 'write "2026-11-09T00:00:00"'),
        ("9" * 400, "is too large"),
        ("(" * (DEEPEST + 1), f"nested more than {DEEPEST} deep"),
        ("1" * 100_001, "it has 100,001 characters; at most 100,000"),
    ],
)
def test_what_is_no_expression_is_refused(text: str, message: str) -> None:
    """The error names the parameter, the place, and what would be right."""
    with pytest.raises(RequestRefusedError, match=message) as caught:
        value(text)

    assert caught.value.status == 400
    assert caught.value.message.startswith("where is no expression: ")


def test_behaviors_are_not_answered() -> None:
    """They are another API's, and leaving them out would be a wrong answer."""
    with pytest.raises(RequestRefusedError, match="where with behaviors") as caught:
        parse("where", 'behaviors["b"] > 0')

    assert caught.value.status == 501


def test_the_deepest_expression_can_be_evaluated() -> None:
    """With every rank of operators on every level, Python's stack is enough."""
    level = "true or true and 1 == 1 + 2 * ("
    text = level * ((DEEPEST - 1) // 2) + "1" + ")" * ((DEEPEST - 1) // 2)

    assert value(text) is True


def test_long_lists_and_rows_are_read() -> None:
    """Ten thousand values, and as many conditions in a row, are no nesting."""
    numbers = ", ".join(map(str, range(10_000)))

    assert value(f"9999 in [{numbers}]") is True
    assert value(" or ".join(["false"] * 9_999 + ["true"])) is True
