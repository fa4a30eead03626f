"""Limits of properties: what is cut, what is left out, and what is refused for it.

https://docs.mixpanel.com/docs/data-structure/property-reference/data-type and
https://developer.mixpanel.com/reference/import-events
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mixpanel_query.local.records.judging import Notes, Refusal
from mixpanel_query.local.rules.basis import rests_on

__all__ = ["EVENT", "LONGEST_NAME", "PROFILE", "PropertyLimits", "cut_text", "limited"]

LONGEST_NAME = 255
MOST_TEXT_BYTES = 255
# A character has at most four bytes, so that shorter texts need not be encoded.
SHORT = MOST_TEXT_BYTES // 4
FEWER_KEYS_THAN = 255
DEEPEST = 3
NUMBERS = frozenset({int, float})
LONG = 2**63


@dataclass(frozen=True, slots=True)
class PropertyLimits:
    """What a list or an object may hold.

    Attributes:
        most_bytes: Bytes of its JSON text.
        fewer_items_than: Items of a list; None for any number.
        field: Where the properties stand in a record, such as ``properties``.
    """

    most_bytes: int
    fewer_items_than: int | None
    field: str


EVENT: Final = PropertyLimits(8 * 1024, 255, "properties")
PROFILE: Final = PropertyLimits(256 * 1024, None, "")


def limited(
    given: Mapping[str, Any], limits: PropertyLimits, notes: Notes
) -> dict[str, Any]:
    """Return properties within the limits; what becomes of the others is noted.

    Names and texts are cut, and what has too many bytes is left out.

    Raises:
        Refusal: If a list or an object has too many items, or is nested too deeply.
    """
    kept = {}
    for name, value in given.items():
        shown = name
        if len(name) > LONGEST_NAME:
            shown = name[:LONGEST_NAME]
            notes.changes.append(
                f"a property's name is cut to {LONGEST_NAME} characters: '{shown}'"
            )
        kind = type(value)
        if kind is str:
            if len(value) > SHORT:
                value = cut_property(shown, value, notes)
        elif kind is list or kind is dict:
            container = Container(shown, limits, notes)
            value = container.within(value)
            if not container.fits(value):
                continue
        kept[shown] = value
    return kept


def cut_property(name: str, value: str, notes: Notes) -> str:
    """Return a text of at most 255 bytes, and note if it was longer."""
    cut = cut_text(value)
    if cut is not value:
        notes.changes.append(f"'{name}' is cut to {MOST_TEXT_BYTES} bytes")
    return cut


def cut_text(value: str) -> str:
    """Return as many whole characters of a text as 255 bytes of UTF-8 hold.

    >>> len(cut_text("a" * 300)), len(cut_text("é" * 300))
    (255, 127)
    """
    if len(value) <= SHORT:
        return value
    # Half a character stays, as it is refused later.
    encoded = value.encode("utf-8", "surrogatepass")
    if len(encoded) <= MOST_TEXT_BYTES:
        return value
    end = MOST_TEXT_BYTES
    # Bytes that begin with the bits 10 go on with a character.
    while encoded[end] & 0xC0 == 0x80:
        end -= 1
    return encoded[:end].decode("utf-8", "surrogatepass")


def is_long(value: object) -> bool:
    """Tell whether something is a number with more digits than a float has."""
    return type(value) is int and not -LONG < value < LONG


class Container:
    """One property that holds a list or an object.

    Args:
        name: Name of the property.
        limits: What holds for it.
        notes: Takes what there is to say of it.
    """

    def __init__(self, name: str, limits: PropertyLimits, notes: Notes) -> None:
        self._name = name
        self._limits = limits
        self._notes = notes
        self._cuts = 0
        # No fewer bytes than the JSON text has, but quicker to count.
        self._bytes = 0

    def within(self, value: Any, level: int = 0) -> Any:  # noqa: ANN401 - JSON
        """Return the value with its texts cut.

        Raises:
            Refusal: If it has too many items or keys, or is nested too deeply.
        """
        if isinstance(value, str):
            cut = cut_text(value)
            self._cuts += cut is not value
            self._bytes += 6 * len(cut) + 4
            return cut
        if isinstance(value, list):
            fewer = self._limits.fewer_items_than
            self._check(len(value), fewer, "elements")
            self._bytes += 2 + 2 * len(value)
            if NUMBERS.issuperset(map(type, value)) and not any(map(is_long, value)):
                self._bytes += 26 * len(value)
                return value
            return [self.within(item, level) for item in value]
        if isinstance(value, dict):
            self._check_depth(level + 1)
            self._check(len(value), FEWER_KEYS_THAN, "keys")
            self._bytes += 2 + sum(6 * len(key) + 8 for key in value)
            return {key: self.within(item, level + 1) for key, item in value.items()}
        self._bytes += len(str(value)) if is_long(value) else 26
        return value

    def fits(self, value: object) -> bool:
        """Tell whether the value is small enough, and note if it is not."""
        if self._cuts:
            texts = "a text" if self._cuts == 1 else f"{self._cuts} texts"
            self._notes.changes.append(
                f"{texts} in '{self._name}' cut to {MOST_TEXT_BYTES} bytes"
            )
        most = self._limits.most_bytes
        if self._bytes <= most:
            return True
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        size = len(text.encode("utf-8", "surrogatepass"))
        if size <= most:
            return True
        rests_on("large-property")
        self._notes.changes.append(
            f"'{self._name}' is left out: it has {size:,} bytes, more than {most:,}"
        )
        return False

    def _check(self, size: int, fewer: int | None, noun: str) -> None:
        """Refuse a list or an object with too many parts."""
        if fewer is not None and size >= fewer:
            raise Refusal(
                self._field,
                f"'{self._field}' must have fewer than {fewer} {noun}; it has {size:,}",
            )

    def _check_depth(self, level: int) -> None:
        """Refuse an object in an object in an object in an object."""
        if level > DEEPEST:
            raise Refusal(
                self._field, f"'{self._field}' is nested more than {DEEPEST} deep"
            )

    @property
    def _field(self) -> str:
        """Where the property stands in the record."""
        return f"{self._limits.field}.{self._name}".lstrip(".")
