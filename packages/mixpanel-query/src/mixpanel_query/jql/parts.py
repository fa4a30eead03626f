"""The parts of a query that look at something, and the code that each becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.jql.writing import ScriptWriter

__all__ = [
    "AccessorPart",
    "JavaScript",
    "KeyPart",
    "MultipleKeys",
    "NumericBucket",
    "Path",
    "Prop",
    "Slice",
    "TimeBuckets",
    "ToNumber",
]


@dataclass(frozen=True, slots=True)
class JavaScript:
    """A function in JavaScript; make it with `js`."""

    text: str
    values: tuple[tuple[str, object], ...] = field(hash=False)

    def write(self, writer: ScriptWriter) -> str:
        """Return the function, and keep its values."""
        for name, value in self.values:
            writer.name(name, value)
        # A comment at its end must not swallow what follows.
        return f"{self.text}\n" if "//" in self.text else self.text


@dataclass(frozen=True, slots=True)
class Path:
    """A path as JQL has it, such as ``properties.Plan``; a text stands for it."""

    text: str

    def write(self, writer: ScriptWriter) -> str:
        """Return the code that reads the path."""
        return writer.value(self.text)


@dataclass(frozen=True, slots=True)
class Prop:
    """The value of one property; make it with `prop`."""

    name: str
    of: Literal["event", "user"] | None = None

    def write(self, writer: ScriptWriter) -> str:
        """Return a function that reads the property.

        Raises:
            InvalidQueryError: If there is no property at this place of the query.
        """
        self._check(writer)
        name = writer.value(self.name)
        if self.of is None:
            return f"function(item) {{ return item.properties[{name}]; }}"
        value = f"item.{self.of} ? item.{self.of}.properties[{name}] : undefined"
        return f"function(item) {{ return {value}; }}"

    def _check(self, writer: ScriptWriter) -> None:
        """Refuse what would be undefined for every item."""
        said = f"prop({self.name!r}, of={self.of!r})"
        if writer.items == "joined" and self.of is None:
            problem = f"prop({self.name!r}) is ambiguous in a join"
            raise InvalidQueryError(f'{problem}; add of="event" or of="user"')
        if writer.items in ("events", "people") and self.of is not None:
            raise InvalidQueryError(f"{said} needs a join; leave of out")


@dataclass(frozen=True, slots=True)
class TimeBuckets:
    """Buckets of calendar time; the constants below are all there are."""

    name: str

    def write(self, writer: ScriptWriter) -> str:
        """Return the constant."""
        return f"mixpanel.{self.name}"


@dataclass(frozen=True, slots=True)
class NumericBucket:
    """The lower boundary of the bucket of a number; made by `numeric_bucket`."""

    accessor: AccessorPart
    buckets: TimeBuckets | tuple[float, ...] | tuple[tuple[str, float], ...]

    def write(self, writer: ScriptWriter) -> str:
        """Return the mapper."""
        accessor = self.accessor.write(writer)
        if isinstance(self.buckets, TimeBuckets):
            buckets = self.buckets.write(writer)
        elif isinstance(self.buckets[0], tuple):
            buckets = writer.value(dict(self.buckets))
        else:
            buckets = writer.value(list(self.buckets))
        return f"mixpanel.numeric_bucket({accessor}, {buckets})"


@dataclass(frozen=True, slots=True)
class ToNumber:
    """A value as a number; made by `to_number`."""

    accessor: AccessorPart

    def write(self, writer: ScriptWriter) -> str:
        """Return the converter."""
        return f"mixpanel.to_number({self.accessor.write(writer)})"


@dataclass(frozen=True, slots=True)
class MultipleKeys:
    """Keys of which each element of a list makes a group; made by `multiple_keys`."""

    accessors: tuple[AccessorPart, ...]

    def write(self, writer: ScriptWriter) -> str:
        """Return the key."""
        parts = ", ".join(part.write(writer) for part in self.accessors)
        return f"mixpanel.multiple_keys([{parts}])"


@dataclass(frozen=True, slots=True)
class Slice:
    """Some components of the key of an earlier grouping; made by `slice`."""

    key: str
    start: int
    limit: int | None = None

    def write(self, writer: ScriptWriter) -> str:
        """Return the key.

        Raises:
            InvalidQueryError: If there was no earlier grouping.
        """
        if writer.items != "unknown":
            problem = "slice takes the key of an earlier group_by"
            raise InvalidQueryError(f"{problem}; group first")
        given = [self.key, self.start] + ([] if self.limit is None else [self.limit])
        return f"mixpanel.slice({', '.join(writer.value(each) for each in given)})"


AccessorPart: TypeAlias = Path | Prop | JavaScript | NumericBucket | ToNumber
KeyPart: TypeAlias = AccessorPart | MultipleKeys | Slice
