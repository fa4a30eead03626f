"""What a query looks at: properties, paths, JavaScript, buckets and keys.

Wherever an accessor is taken, it may be one of these:

* a text, which is a path as JQL has it: ``"name"``, ``"properties.Plan"``, ``"value"``;
* a declared `mixpanel_schema.Property`, or `prop`, for a property of any name;
* `js`, for a function in JavaScript;
* `numeric_bucket` or `to_number`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, Union

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.jql.writing import ScriptWriter
from mixpanel_query.names import name_of

if TYPE_CHECKING:
    from mixpanel_schema import Property

__all__ = [
    "Accessor",
    "JavaScript",
    "Key",
    "MultipleKeys",
    "NumericBucket",
    "Path",
    "Prop",
    "Slice",
    "TimeBuckets",
    "ToNumber",
    "accessor_part",
    "annual_time_buckets",
    "daily_time_buckets",
    "js",
    "key_parts",
    "monthly_time_buckets",
    "multiple_keys",
    "numeric_bucket",
    "prop",
    "quarterly_time_buckets",
    "slice",
    "to_number",
    "weekly_time_buckets",
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


def js(text: str, **values: object) -> JavaScript:
    """Take a function in JavaScript as it is.

    Args:
        text: The function. It is code: put no value from outside into it.
        **values: What it reads from ``params``, by name.

    Raises:
        InvalidQueryError: If the text is empty.

    >>> is_plan = js("(item) => item.properties.Plan == params.plan", plan="Pro")
    >>> is_plan.values
    (('plan', 'Pro'),)
    """
    if not isinstance(text, str) or not text.strip():
        problem = f"{text!r} is no JavaScript"
        raise InvalidQueryError(f"{problem}; write a function, such as (e) => e.name")
    return JavaScript(text.strip(), tuple(values.items()))


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


def prop(named: Property | str, *, of: Literal["event", "user"] | None = None) -> Prop:
    """Take the value of a property, whatever signs its name has.

    Args:
        named: The property.
        of: In a join, whose it is.

    Raises:
        InvalidQueryError: If the name is empty, or ``of`` is something else.

    >>> prop("a.b")
    Prop(name='a.b', of=None)
    """
    if of not in (None, "event", "user"):
        raise InvalidQueryError(f"of {of!r} is unknown; use event or user")
    return Prop(name_of(named), of)


@dataclass(frozen=True, slots=True)
class TimeBuckets:
    """Buckets of calendar time; the constants below are all there are."""

    name: str

    def write(self, writer: ScriptWriter) -> str:
        """Return the constant."""
        return f"mixpanel.{self.name}"


daily_time_buckets: Final = TimeBuckets("daily_time_buckets")
weekly_time_buckets: Final = TimeBuckets("weekly_time_buckets")
monthly_time_buckets: Final = TimeBuckets("monthly_time_buckets")
quarterly_time_buckets: Final = TimeBuckets("quarterly_time_buckets")
annual_time_buckets: Final = TimeBuckets("annual_time_buckets")


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


def numeric_bucket(
    accessor: Accessor,
    boundaries: Iterable[float] | TimeBuckets | None = None,
    *,
    bucket_size: float | None = None,
    offset: float | None = None,
) -> NumericBucket:
    """Put numbers into buckets; the lower boundary stands for each.

    Args:
        accessor: The number.
        boundaries: Where buckets begin, in ascending order, the last one open at its
            end; or one of the constants such as `daily_time_buckets`, for ``"time"``.
        bucket_size: Instead of boundaries, how wide all buckets are.
        offset: Where one of those begins; 0, where left out.

    Raises:
        InvalidQueryError: If the buckets are none.

    >>> numeric_bucket("properties.age", [0, 18, 65]).buckets
    (0, 18, 65)
    """
    part = accessor_part(accessor)
    if (boundaries is None) == (bucket_size is None):
        problem = "numeric_bucket takes boundaries or bucket_size"
        raise InvalidQueryError(f"{problem}; give one of the two")
    if bucket_size is not None:
        if not checked_number("bucket_size", bucket_size) > 0:
            problem = f"bucket_size {bucket_size} is not positive"
            raise InvalidQueryError(f"{problem}; give a width")
        sizes = [("bucket_size", bucket_size)]
        if offset is not None:
            sizes.append(("offset", checked_number("offset", offset)))
        return NumericBucket(part, tuple(sizes))
    if offset is not None:
        problem = f"offset {offset} goes with bucket_size only"
        raise InvalidQueryError(f"{problem}; leave it out")
    if isinstance(boundaries, TimeBuckets):
        return NumericBucket(part, boundaries)
    bounds = tuple(checked_number("boundary", each) for each in boundaries or ())
    if not bounds or list(bounds) != sorted(set(bounds)):
        problem = f"boundaries {list(bounds)} do not ascend"
        raise InvalidQueryError(f"{problem}; give where each bucket begins, in order")
    return NumericBucket(part, bounds)


def checked_number(name: str, given: float) -> float:
    """Return a number that JavaScript can hold."""
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise InvalidQueryError(f"{name} {given!r} is no number; give one")
    if not isfinite(given):
        raise InvalidQueryError(f"{name} {given} is not finite; give a number that is")
    return given


@dataclass(frozen=True, slots=True)
class ToNumber:
    """A value as a number; made by `to_number`."""

    accessor: AccessorPart

    def write(self, writer: ScriptWriter) -> str:
        """Return the converter."""
        return f"mixpanel.to_number({self.accessor.write(writer)})"


def to_number(accessor: Accessor) -> ToNumber:
    """Read text as a number; what is none becomes undefined.

    >>> to_number("properties.age").accessor
    Path(text='properties.age')
    """
    return ToNumber(accessor_part(accessor))


@dataclass(frozen=True, slots=True)
class MultipleKeys:
    """Keys of which each element of a list makes a group; made by `multiple_keys`."""

    accessors: tuple[AccessorPart, ...]

    def write(self, writer: ScriptWriter) -> str:
        """Return the key."""
        parts = ", ".join(part.write(writer) for part in self.accessors)
        return f"mixpanel.multiple_keys([{parts}])"


def multiple_keys(accessors: Accessor | Iterable[Accessor]) -> MultipleKeys:
    """Make a group of each element of a property that is a list.

    >>> multiple_keys(["properties.$campaigns"]).accessors
    (Path(text='properties.$campaigns'),)
    """
    several = accessors if isinstance(accessors, (list, tuple)) else (accessors,)
    if not several:
        raise InvalidQueryError("multiple_keys are empty; name a property")
    return MultipleKeys(tuple(accessor_part(each) for each in several))


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


def slice(key: str, start: int, limit: int | None = None) -> Slice:
    """Keep the components from ``start`` up to ``limit``, not counted, of a key.

    ``slice("key", 1)`` leaves out the distinct_id that ``group_by_user`` puts first.

    Raises:
        InvalidQueryError: If nothing is between the two.

    >>> slice("key", 1)
    Slice(key='key', start=1, limit=None)
    """
    is_number = all(isinstance(each, int) for each in (start, limit or 0))
    if not is_number or start < 0 or (limit is not None and limit <= start):
        problem = f"slice from {start!r} to {limit!r} holds nothing"
        raise InvalidQueryError(f"{problem}; count from 0, and end after the start")
    if not isinstance(key, str) or not key:
        raise InvalidQueryError(
            f'slice of {key!r} is of nothing; write slice("key", …)'
        )
    return Slice(key, start, limit)


AccessorPart: TypeAlias = Path | Prop | JavaScript | NumericBucket | ToNumber
KeyPart: TypeAlias = AccessorPart | MultipleKeys | Slice
Accessor: TypeAlias = Union[str, "Property", AccessorPart]
Key: TypeAlias = Accessor | MultipleKeys | Slice


def accessor_part(given: Accessor) -> AccessorPart:
    """Return what an accessor stands for.

    Raises:
        InvalidQueryError: If it is none.
    """
    if isinstance(given, (Path, Prop, JavaScript, NumericBucket, ToNumber)):
        return given
    if isinstance(given, str):
        if not given:
            raise InvalidQueryError('a path is empty; write one such as "properties.x"')
        return Path(given)
    if isinstance(given, (MultipleKeys, Slice)):
        problem = f"{given!r} is a key, not a value"
        raise InvalidQueryError(f"{problem}; it stands in the keys of a group_by")
    return Prop(name_of(given))


def key_parts(given: Key | Iterable[Key]) -> tuple[KeyPart, ...]:
    """Return what keys stand for, one or several.

    Raises:
        InvalidQueryError: If there is none.
    """
    parts = tuple(
        each if isinstance(each, (MultipleKeys, Slice)) else accessor_part(each)
        for each in listed(given)
    )
    if not parts:
        raise InvalidQueryError(
            "there are no keys to group by; name one, or use reduce"
        )
    return parts


def listed(given: Key | Iterable[Key]) -> Iterable[Key]:
    """Return one or several as several."""
    if isinstance(given, (list, tuple)):
        return given
    return (given,)  # type: ignore[return-value]
