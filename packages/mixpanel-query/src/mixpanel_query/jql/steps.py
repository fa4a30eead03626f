"""The transformations of a query, one after another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.jql.parts import AccessorPart, JavaScript, KeyPart
from mixpanel_query.jql.reducer import BuiltIn
from mixpanel_query.jql.writing import Part, ScriptWriter

__all__ = [
    "ApplyGroupLimits",
    "Filter",
    "Flatten",
    "GroupBy",
    "GroupByUser",
    "Map",
    "Reduce",
    "Reducer",
    "Reducers",
    "Sort",
    "Step",
    "checked_function",
    "checked_limit",
    "checked_reducers",
]

Reducer: TypeAlias = BuiltIn | JavaScript
Reducers: TypeAlias = Reducer | tuple[Reducer, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """Keeps the items for which a function is true."""

    function: JavaScript

    def write(self, writer: ScriptWriter) -> str:
        """Return the call."""
        return f"filter({self.function.write(writer)})"


@dataclass(frozen=True, slots=True)
class Map:
    """Makes another item of each."""

    function: JavaScript

    def write(self, writer: ScriptWriter) -> str:
        """Return the call."""
        return f"map({self.function.write(writer)})"


@dataclass(frozen=True, slots=True)
class Reduce:
    """Makes one item of all."""

    reducers: Reducers

    def write(self, writer: ScriptWriter) -> str:
        """Return the call."""
        return f"reduce({written(self.reducers, writer)})"


@dataclass(frozen=True, slots=True)
class GroupBy:
    """Makes one item of each group."""

    keys: tuple[KeyPart, ...]
    reducers: Reducers

    def write(self, writer: ScriptWriter) -> str:
        """Return the call."""
        keys = written(self.keys, writer)
        return f"groupBy({keys}, {written(self.reducers, writer)})"


@dataclass(frozen=True, slots=True)
class GroupByUser:
    """Makes one item of each user, and of further keys if there are some."""

    keys: tuple[KeyPart, ...]
    reducers: Reducers

    def write(self, writer: ScriptWriter) -> str:
        """Return the call."""
        keys = f"{written(self.keys, writer)}, " if self.keys else ""
        return f"groupByUser({keys}{written(self.reducers, writer)})"


@dataclass(frozen=True, slots=True)
class Flatten:
    """Makes items of the elements of items that are lists."""

    def write(self, writer: ScriptWriter) -> str:
        """Return the call."""
        return "flatten()"


@dataclass(frozen=True, slots=True)
class Sort:
    """Puts the items in order."""

    accessor: AccessorPart
    is_ascending: bool

    def write(self, writer: ScriptWriter) -> str:
        """Return the call."""
        name = "sortAsc" if self.is_ascending else "sortDesc"
        return f"{name}({self.accessor.write(writer)})"


@dataclass(frozen=True, slots=True)
class ApplyGroupLimits:
    """Keeps so many groups of each component of the key."""

    limits: tuple[int, ...]
    global_limit: int

    def write(self, writer: ScriptWriter) -> str:
        """Return the call; of the two places the documents have, the example's."""
        limits, limit = writer.value(list(self.limits)), writer.value(self.global_limit)
        return f"applyGroupLimits({limits}, {limit})"


Step: TypeAlias = (
    Filter | Map | Reduce | GroupBy | GroupByUser | Flatten | Sort | ApplyGroupLimits
)


def written(parts: Part | tuple[Part, ...], writer: ScriptWriter) -> str:
    """Return the code of one part, or of a list of them."""
    if isinstance(parts, tuple):
        return f"[{', '.join(part.write(writer) for part in parts)}]"
    return parts.write(writer)


def checked_function(name: str, given: JavaScript) -> JavaScript:
    """Return a function that was made with `js`.

    Raises:
        InvalidQueryError: If it was not; text is not taken for code.
    """
    if not isinstance(given, JavaScript):
        problem = f"{name} of {given!r} is no JavaScript"
        raise InvalidQueryError(f'{problem}; write js("function(item) {{ … }}")')
    return given


def checked_reducers(given: Reducer | Iterable[Reducer]) -> Reducers:
    """Return one reducer, or several in their order.

    Raises:
        InvalidQueryError: If one is none, or there are none.
    """
    several = tuple(given) if isinstance(given, (list, tuple)) else (given,)
    for each in several:
        if not isinstance(each, (BuiltIn, JavaScript)):
            problem = f"{each!r} is no reducer"
            raise InvalidQueryError(
                f"{problem}; use reducer.count() and such, or js(…)"
            )
    if not several:
        raise InvalidQueryError("the list of reducers is empty; give one")
    return several if isinstance(given, (list, tuple)) else several[0]


def checked_limit(name: str, given: int) -> int:
    """Return a limit that keeps something.

    Raises:
        InvalidQueryError: If it does not.
    """
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise InvalidQueryError(f"{name} {given!r} is out of range; use at least 1")
    return given
