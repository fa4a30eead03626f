"""Lists that ``$append`` and ``$union`` make longer, and ``$remove`` shorter.

Each list is read once for all updates of a request, as it may hold thousands of items
and be made longer thousands of times.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from mixpanel_query.local.profiles.profile_operations import Properties
from mixpanel_query.local.records.judging import Refusal
from mixpanel_query.local.records.property_limits import PROFILE
from mixpanel_query.local.rules.basis import rests_on

__all__ = ["GROWING", "REMOVE", "GrowingLists"]

GROWING: Final = ("$append", "$union")
REMOVE: Final = "$remove"


class GrowingList:
    """One list, with what is known of it.

    Attributes:
        items: The list, which belongs to this alone.
        stands_for: What the profile has, until the list is made longer.
    """

    def __init__(self, value: object) -> None:
        self.stands_for = value
        self.items: list[Any] = list(value) if isinstance(value, list) else []
        self._bytes = size_of(self.items)
        self._known: set[Any] | None = None

    def missing(self, items: Iterable[Any]) -> list[Any]:
        """Return those texts and numbers that are not in the list, each once."""
        if self._known is None:
            self._known = set(filter(is_plain, self.items))
        return [item for item in dict.fromkeys(items) if item not in self._known]

    def size_with(self, items: list[Any]) -> int:
        """Return how many bytes of JSON the list would have with more items."""
        commas = len(items) - (0 if self.items else 1) if items else 0
        return self._bytes + commas + sum(map(size_of, items))

    def extend(self, items: list[Any]) -> None:
        """Make the list longer."""
        self._bytes = self.size_with(items)
        self.items += items
        self.stands_for = self.items
        if self._known is not None:
            self._known.update(filter(is_plain, items))


class GrowingLists:
    """The lists of profiles that the updates of one request change."""

    def __init__(self) -> None:
        self._lists: dict[tuple[str, str], GrowingList] = {}
        self._lacking: dict[tuple[str, str], tuple[list[Any], set[Any]]] = {}

    def grow(
        self,
        distinct_id: str,
        properties: Properties,
        operation: str,
        value: Properties,
    ) -> None:
        """Make lists of a profile longer, all or none.

        Args:
            distinct_id: Whose profile.
            properties: Its properties, which get the lists.
            operation: ``$append`` or ``$union``.
            value: What it takes.

        Raises:
            Refusal: If a list would be too long.
        """
        additions = []
        for name, given in value.items():
            growing = self._list(distinct_id, name, properties.get(name))
            items = [given] if operation == "$append" else growing.missing(given)
            size = growing.size_with(items)
            if size > PROFILE.most_bytes:
                rests_on("large-lists-of-profiles")
                raise Refusal(
                    f"{operation}.{name}",
                    f"a list of a profile has at most {PROFILE.most_bytes:,} bytes; "
                    f"'{name}' would have {size:,}",
                )
            additions.append((name, growing, items))
        for name, growing, items in additions:
            self._lacking.pop((distinct_id, name), None)
            growing.extend(items)
            properties[name] = growing.items

    def shrink(
        self, distinct_id: str, properties: Properties, value: Properties
    ) -> None:
        """Take values out of lists, as ``$remove`` does.

        What a list is known to lack is not looked for in it again.
        """
        for name, item in value.items():
            present = properties.get(name)
            if not isinstance(present, list):
                continue
            known = self._lacking.get((distinct_id, name))
            lacking = known[1] if known and known[0] is present else set()
            sought = as_key(item)
            if sought not in lacking:
                properties[name] = present = without(present, item)
                lacking.add(sought)
                self._lacking[distinct_id, name] = present, lacking

    def _list(self, distinct_id: str, name: str, value: object) -> GrowingList:
        """Return the list of a property, if it is none that was set meanwhile."""
        known = self._lists.get((distinct_id, name))
        if known is None or known.stands_for is not value:
            known = self._lists[distinct_id, name] = GrowingList(value)
        return known


def as_key(item: object) -> tuple[str, object]:
    """Return what is equal for equal JSON values, and can be in a set."""
    if isinstance(item, list | dict):
        return "text", json.dumps(item, sort_keys=True)
    # In Python, true is equal to 1.
    return "bool" if isinstance(item, bool) else "plain", item


def without(items: list[Any], item: object) -> list[Any]:
    """Return a list without the items that are equal to one, as JSON values are.

    >>> without([1, True, 2, 1.0], 1)
    [True, 2]
    """
    if item not in items:
        return items
    is_bool = isinstance(item, bool)
    return [
        kept for kept in items if kept != item or isinstance(kept, bool) is not is_bool
    ]


def size_of(value: object) -> int:
    """Return how many bytes a value has as JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode())


def is_plain(item: object) -> bool:
    """Tell whether an item may be equal to a text or a number."""
    # In Python, true is equal to 1.
    return not isinstance(item, list | dict | bool)
