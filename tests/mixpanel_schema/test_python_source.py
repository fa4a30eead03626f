"""Python source, as it is written."""

from __future__ import annotations

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_schema.python_source import call, docstring, literal, value_lines

TEXT = st.text(st.sampled_from("ab\"'\\\n\t\u2028é{}% ") | st.characters(codec="utf-8"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=8,
)


@given(TEXT)
def test_a_literal_is_the_text(text: str) -> None:
    """Reading it gives the same text, whatever quotes are in it."""
    assert ast.literal_eval(literal(text)) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", '"plain"'),
        ("it's", '"it\'s"'),
        ('say "a"', "'say \"a\"'"),
        ("'a' \"b\"", '"\'a\' \\"b\\""'),
    ],
)
def test_a_literal_has_the_quotes_that_a_formatter_gives_it(
    text: str, written: str
) -> None:
    """Double quotes, unless single ones save escapes."""
    if text == "'a' \"b\"":
        assert literal(text) in (written, "'\\'a\\' \"b\"'")
    else:
        assert literal(text) == written


@given(TEXT)
def test_a_docstring_is_one_valid_line(text: str) -> None:
    """No text closes it early."""
    written = docstring(text)

    assert "\n" not in written
    assert isinstance(ast.literal_eval(written), str)


@pytest.mark.parametrize("text", ['"""', 'a """b""" c', '\\"""', "ends with \\", '"a"'])
def test_quotes_do_not_end_a_docstring(text: str) -> None:
    """Three quotes in a row, or a backslash before the end, are no way out."""
    assert isinstance(ast.literal_eval(docstring(text)), str)


def test_a_long_docstring_is_cut_at_a_word() -> None:
    """It says that there is more."""
    written = docstring("word " * 40)

    assert written.endswith('word…"""')
    assert len(written) <= 84


def test_a_call_takes_as_many_lines_as_it_needs() -> None:
    """One, three, or one an argument."""
    short = list(call("x = f", ["1"], {"a": "2"}))
    middle = list(call("x = f", ["1" * 70], {"a": "2" * 9}))
    long = list(call("x = f", ["1" * 70], {"a": "2" * 20}, ending=":"))

    assert short == ["x = f(1, a=2)"]
    assert middle == ["x = f(", f"    {'1' * 70}, a={'2' * 9}", ")"]
    assert long == ["x = f(", f"    {'1' * 70},", f"    a={'2' * 20},", "):"]


@given(JSON)
def test_a_value_is_written_as_it_is(value: Any) -> None:  # noqa: ANN401  # any JSON
    """Reading the lines gives the value, however they are spread."""
    lines = "\n".join(value_lines("", value, "    "))

    assert ast.literal_eval(f"[\n{lines}\n]") == [value]


def test_a_long_list_is_spread() -> None:
    """An item a line, each with a comma."""
    lines = list(value_lines("tags=", ["a" * 50, "b" * 50], ""))

    assert lines == ["tags=[", f'    "{"a" * 50}",', f'    "{"b" * 50}",', "],"]
