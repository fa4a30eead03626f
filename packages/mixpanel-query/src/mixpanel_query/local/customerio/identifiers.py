"""Who is meant: a person's id, email address, or the id that Customer.io gave.

https://docs.customer.io/journeys/identifying-people
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from mixpanel_query.local.customerio.limits import refuse_long
from mixpanel_query.local.records.judging import Refusal
from mixpanel_query.local.rules.basis import rests_on

__all__ = ["Identifier", "identifier", "identifier_of_path", "identifier_of_words"]

KINDS: Final = ("id", "email", "cio_id")
PREFIX: Final = "cio_"


class Identifier(NamedTuple):
    """One of the values that a person is known by.

    Attributes:
        kind: ``id``, ``email`` or ``cio_id``.
        value: The value as it was written; a ``cio_id`` without its prefix.
    """

    kind: str
    value: str

    @property
    def key(self) -> Identifier:
        """What equals that of every other way of writing the same."""
        if self.kind != "email":
            return self
        return Identifier(self.kind, self.value.lower())

    def __str__(self) -> str:
        return f"{PREFIX}{self.value}" if self.kind == "cio_id" else self.value


def identifier_of_path(text: str) -> Identifier:
    """Return who a path names, by the shape of the name.

    >>> str(identifier_of_path("cio_03000001")), identifier_of_path("a@b.io").kind
    ('cio_03000001', 'email')

    Raises:
        Refusal: If it is empty or too long.
    """
    if text.startswith(PREFIX) and len(text) > len(PREFIX):
        return identifier("cio_id", text, "identifier")
    return identifier("email" if "@" in text else "id", text, "identifier")


def identifier_of_words(words: object, field: str) -> Identifier:
    """Return who an object such as ``{"id": "42"}`` names.

    Raises:
        Refusal: If it is none, or does not name exactly one.
    """
    if not isinstance(words, Mapping):
        raise Refusal(field, f"{field} must be an object")
    given = [kind for kind in KINDS if kind in words]
    if len(given) != 1 or len(words) != 1:
        raise Refusal(field, f"{field} must have exactly one of {', '.join(KINDS)}")
    [kind] = given
    return identifier(kind, words[kind], f"{field}.{kind}")


def identifier(kind: str, value: object, field: str) -> Identifier:
    """Return an identifier that is checked.

    The texts are those of https://docs.customer.io/journeys/invalid-api-requests.

    Raises:
        Refusal: If it is no text, or empty, or too long.
    """
    name = "id" if field == "identifier" else kind
    if not isinstance(value, str):
        raise Refusal(field, f"{name} attribute must be a string value")
    if not value.strip():
        raise Refusal(field, f"{name} attribute cannot be an empty string")
    refuse_long(value, kind, field)
    if kind == "email":
        rests_on("customerio-workspace")
    return Identifier(kind, value.removeprefix(PREFIX) if kind == "cio_id" else value)
