"""The reducers that JQL brings along, called as in its documents.

A function in JavaScript, made with `mixpanel_query.jql.js`, is a reducer too. For
``reduce`` and ``group_by`` it is ``function(accumulators, items)``, which merges a list
of earlier results; for ``group_by_user`` it is ``function(state, events)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.jql.accessors import Accessor, accessor_part
from mixpanel_query.jql.buckets import checked_number
from mixpanel_query.jql.parts import AccessorPart
from mixpanel_query.jql.writing import ScriptWriter

__all__ = [
    "BuiltIn",
    "any",
    "avg",
    "count",
    "max",
    "max_by",
    "min",
    "min_by",
    "null",
    "numeric_percentiles",
    "numeric_summary",
    "object_merge",
    "sum",
    "top",
]


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A reducer of JQL's own; the functions below make them.

    Attributes:
        name: Its name in JQL.
        accessor: What it looks at; None for the item itself.
        values: Its other arguments.
    """

    name: str
    accessor: AccessorPart | None = None
    values: tuple[object, ...] = ()

    def write(self, writer: ScriptWriter) -> str:
        """Return the call that makes it.

        Raises:
            InvalidQueryError: If it cannot stand at this place of the query.
        """
        if self.name == "top" and writer.items != "unknown":
            problem = "top ranks groups, and there are none yet"
            raise InvalidQueryError(f"{problem}; group first")
        given = [] if self.accessor is None else [self.accessor.write(writer)]
        given += [writer.value(value) for value in self.values]
        return f"mixpanel.reducer.{self.name}({', '.join(given)})"


def optional(name: str, accessor: Accessor | None) -> BuiltIn:
    """Return a reducer that looks at the item itself where nothing else is given."""
    return BuiltIn(name, None if accessor is None else accessor_part(accessor))


def count() -> BuiltIn:
    """Count items.

    >>> count().name
    'count'
    """
    return BuiltIn("count")


def sum(accessor: Accessor | None = None) -> BuiltIn:
    """Add up numbers."""
    return optional("sum", accessor)


def avg(accessor: Accessor | None = None) -> BuiltIn:
    """Average numbers."""
    return optional("avg", accessor)


def numeric_summary(accessor: Accessor | None = None) -> BuiltIn:
    """Give count, sum, sum_squares, avg and stddev of numbers."""
    return optional("numeric_summary", accessor)


def numeric_percentiles(
    accessor: Accessor, percentiles: float | Iterable[float]
) -> BuiltIn:
    """Give percentiles of numbers, approximately: JQL samples.

    Args:
        accessor: The number.
        percentiles: One, for a value, or several, for a list of
            ``{"percentile", "value"}``; between 0 and 100, neither of them included.

    Raises:
        InvalidQueryError: If one is outside, or there are none.

    >>> numeric_percentiles("properties.ms", [50, 99.9]).values
    ((50, 99.9),)
    """
    if isinstance(percentiles, Iterable):
        several = tuple(checked_percentile(each) for each in percentiles)
        if not several:
            raise InvalidQueryError("percentiles are empty; give one, such as 50")
        return BuiltIn("numeric_percentiles", accessor_part(accessor), (several,))
    single = checked_percentile(percentiles)
    return BuiltIn("numeric_percentiles", accessor_part(accessor), (single,))


def checked_percentile(given: float) -> float:
    """Return a percentile that JQL takes."""
    if not 0 < checked_number("percentile", given) < 100:
        problem = f"percentile {given} is out of range"
        raise InvalidQueryError(f"{problem}; it lies between 0 and 100, and is neither")
    return given


def min(accessor: Accessor) -> BuiltIn:
    """Give the smallest value."""
    return BuiltIn("min", accessor_part(accessor))


def max(accessor: Accessor) -> BuiltIn:
    """Give the largest value."""
    return BuiltIn("max", accessor_part(accessor))


def min_by(accessor: Accessor) -> BuiltIn:
    """Give the whole item with the smallest value."""
    return BuiltIn("min_by", accessor_part(accessor))


def max_by(accessor: Accessor) -> BuiltIn:
    """Give the whole item with the largest value."""
    return BuiltIn("max_by", accessor_part(accessor))


def top(limit: int) -> BuiltIn:
    """Give the groups with the largest values, as a list that is one item.

    Follow it with ``flatten()`` to have the groups as items.

    Args:
        limit: How many groups.

    Raises:
        InvalidQueryError: If that is none.
    """
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise InvalidQueryError(f"top {limit!r} is out of range; use at least 1")
    return BuiltIn("top", None, (limit,))


def object_merge() -> BuiltIn:
    """Merge objects; numbers in them are added up."""
    return BuiltIn("object_merge")


def any() -> BuiltIn:
    """Give some item of the group."""
    return BuiltIn("any")


def null() -> BuiltIn:
    """Give null, where only the keys matter."""
    return BuiltIn("null")
