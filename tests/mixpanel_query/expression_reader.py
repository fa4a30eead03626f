"""Reads an expression, from the grammar that Mixpanel documents.

https://developer.mixpanel.com/reference/segmentation-expressions

The grammar has no precedence, so an expression that would need one is refused: two
operators beside each other, unless they are a row of ``and`` or of ``or``.
"""

from __future__ import annotations

from decimal import Decimal

ACCESSORS = ("properties", "user", "event", "behaviors")
FUNCTIONS = ("floor", "round", "ceil", "boolean", "number", "string", "defined")
SIGNS = ("==", "!=", ">=", "<=", ">", "<", "+", "-", "*", "/", "%")
WORDS = ("in", "and", "or")

Tree = tuple[object, ...]


def tokens(text: str) -> list[Tree]:
    """Take a text apart into strings, numbers, words and signs."""
    found: list[Tree] = []
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
        elif text[at] == '"':
            value, at = string_at(text, at + 1)
            found.append(("string", value))
        elif text[at] in "0123456789":
            end = at
            while end < len(text) and text[end] in "0123456789.":
                end += 1
            found.append(("number", Decimal(text[at:end])))
            at = end
        elif text[at].isalpha():
            end = at
            while end < len(text) and (text[end].isalnum() or text[end] == "_"):
                end += 1
            found.append(("word", text[at:end]))
            at = end
        else:
            sign = next((s for s in SIGNS if text.startswith(s, at)), text[at])
            found.append(("sign", sign))
            at += len(sign)
    return found


def string_at(text: str, at: int) -> tuple[str, int]:
    """Read a string up to the quote that ends it."""
    value = ""
    while text[at] != '"':
        if text[at] == "\\":
            at += 1
        value += text[at]
        at += 1
    return value, at + 1


class Reader:
    """Reads tokens into a tree."""

    def __init__(self, text: str) -> None:
        self.rest = tokens(text)

    def take(self, *expected: object) -> object:
        """Take the next token, which must be one of those expected, if any are."""
        kind, value = self.rest.pop(0)
        assert not expected or value in expected, f"{value!r} for {expected}"
        assert not expected or kind in ("sign", "word"), f"{kind} for {expected}"
        return value

    def comes(self, *values: str) -> bool:
        """Tell whether one of these signs or words is next."""
        return bool(self.rest) and self.rest[0] in [
            (kind, value) for kind in ("sign", "word") for value in values
        ]

    def expression(self) -> Tree:
        """Read an operator with its operands, or one operand."""
        if self.comes("-", "not"):
            return (self.take(), self.operand())
        parts, signs = [self.operand()], []
        while self.comes(*SIGNS, *WORDS):
            signs.append(self.take())
            parts.append(self.operand())
        if not signs:
            return parts[0]
        if len(signs) > 1:
            assert set(signs) in ({"and"}, {"or"}), f"needs a precedence: {signs}"
        return (signs[0], *parts)

    def operand(self) -> Tree:
        """Read what stands beside an operator."""
        kind, value = self.rest.pop(0)
        if kind in ("string", "number"):
            return (kind, value)
        if value in ("true", "false"):
            return ("bool", value == "true")
        if value in ACCESSORS:
            self.take("[")
            _, name = self.rest.pop(0)
            self.take("]")
            return (value, name)
        if value == "[":
            return ("list", *self.listed())
        call = (value,) if value in FUNCTIONS else ()
        if call:
            self.take("(")
        else:
            assert value == "(", f"{value!r} begins nothing"
        inner = self.expression()
        self.take(")")
        return (*call, inner) if call else inner

    def listed(self) -> list[Tree]:
        """Read the values of a list up to its end."""
        values = [self.expression()]
        while self.take(",", "]") == ",":
            values.append(self.expression())
        return values


def read(text: str) -> Tree:
    """Read a whole expression."""
    reader = Reader(text)
    tree = reader.expression()
    assert not reader.rest, f"left over: {reader.rest}"
    return tree
