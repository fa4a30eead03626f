"""The words, signs, numbers and texts that an expression consists of."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from math import isfinite
from typing import NamedTuple

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.expressions.values import Value, as_number

__all__ = ["Token", "read_tokens", "refusal"]

# Longer than any that is written by hand; a list of a thousand e-mail addresses fits.
LONGEST = 100_000

TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<sign>==|!=|>=|<=|[-+*/%<>()\[\],])
    | (?P<end>\Z)
    )""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Token(NamedTuple):
    """A part of an expression.

    Attributes:
        kind: ``text``, ``number``, ``word``, ``sign``, or ``end`` after the last one.
        written: How it stands in the expression.
        place: Where it begins there, counted from 0.
        value: What a text or a number means.
    """

    kind: str
    written: str
    place: int
    value: str | float = ""


def refusal(name: str, problem: str) -> RequestRefusedError:
    """Return the error for an expression that cannot be read; ``name`` says which."""
    return RequestRefusedError(400, f"{name} is no expression: {problem}")


def read_tokens(name: str, text: str) -> Iterator[Token]:
    """Yield the parts of an expression, and an ``end``.

    Raises:
        RequestRefusedError: 400, if it is too long or something in it is no part.
    """
    if len(text) > LONGEST:
        problem = f"it has {len(text):,} characters; at most {LONGEST:,} are read"
        raise refusal(name, problem)
    place = 0
    while True:
        found = TOKEN.match(text, place)
        if found is None or found.lastgroup is None:
            raise refusal(name, strange_text(text, place))
        kind = found.lastgroup
        written = found[kind]
        token = Token(kind, written, found.start(kind))
        if kind == "text":
            token = token._replace(value=text_value(name, written))
        elif kind == "number":
            token = token._replace(value=number_value(name, written))
        yield token
        if kind == "end":
            return
        place = found.end()


def strange_text(text: str, place: int) -> str:
    """Say what stands where no part begins."""
    rest = text[place:].lstrip(string.whitespace)
    place = len(text) - len(rest)
    if rest[0] in "\"'":
        return f"the text that begins at character {place + 1} has no end"
    return f"{rest[0]!r} at character {place + 1} means nothing"


def text_value(name: str, written: str) -> str:
    """Return the text that is meant; only a quote and a backslash can be escaped."""

    def unescape(found: re.Match[str]) -> str:
        if found[1] not in "\"'\\":
            problem = f'{found[0]!r} in a text is not documented; write \\\\ or \\"'
            raise refusal(name, problem)
        return found[1]

    return ESCAPED.sub(unescape, written[1:-1])


def number_value(name: str, written: str) -> Value:
    """Return the number that is meant."""
    number = float(written)
    if not isfinite(number):
        raise refusal(name, f"the number {written[:20]}… is too large")
    return as_number(int(number) if number.is_integer() else number)
