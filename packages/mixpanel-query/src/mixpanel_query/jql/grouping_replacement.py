"""What counts, sums and averages the same as groups of events do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mixpanel_query.jql.parts import (
    AccessorPart,
    KeyPart,
    NumericBucket,
    Path,
    Prop,
    Slice,
    TimeBuckets,
)
from mixpanel_query.jql.reducer import BuiltIn
from mixpanel_query.jql.replaced_events import EventChoice
from mixpanel_query.jql.steps import Flatten, GroupBy, GroupByUser, Reduce, Step
from mixpanel_query.names import property_expression

__all__ = ["grouped", "reduced", "unique_users"]

ADD_UP: Final = "add up the days"
UNITS: Final = {
    "daily_time_buckets": "day",
    "weekly_time_buckets": "week",
    "monthly_time_buckets": "month",
}
SLICED: Final = Slice("key", 1)
COUNT: Final = BuiltIn("count")
# Of a property, segmentation gives 60 values unless it is told otherwise.
MOST_SEGMENTS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a grouping, as far as the Query API knows such keys.

    Attributes:
        unit: The length of buckets of time; None for no such key.
        on: The expression of a property; None for no such key.
        has_name: Whether the event's name is a key.
    """

    unit: str | None
    on: str | None
    has_name: bool

    @property
    def limit(self) -> int | None:
        """How many values of the property to ask for; None if there is none."""
        return None if self.on is None else MOST_SEGMENTS


def reduced(choice: EventChoice, step: Reduce) -> tuple[str | None, str]:
    """Replace counting or adding up all events."""
    reducer = step.reducers
    if not isinstance(reducer, BuiltIn):
        return None, ""
    if reducer == COUNT:
        return choice.segmentation() or choice.events("day"), ADD_UP
    on = None if reducer.accessor is None else property_text(reducer.accessor)
    if reducer.name == "sum" and on is not None:
        return choice.segmentation("segmentation_sum", on=on), ADD_UP
    return None, ""


def grouped(
    choice: EventChoice, step: GroupBy, rest: tuple[Step, ...]
) -> tuple[str | None, str]:
    """Replace groups of events by day, name or property."""
    keys, reducer = read_keys(step.keys), step.reducers
    if keys is None or not isinstance(reducer, BuiltIn):
        return None, ""
    if reducer != COUNT:
        return (None, "") if rest else (aggregated(choice, keys, reducer), "")
    if rest:
        return ranked(choice, keys, rest), ADD_UP
    return counted(choice, keys), "" if keys.unit else ADD_UP


def counted(choice: EventChoice, keys: Keys) -> str | None:
    """Replace counts of groups."""
    if keys.has_name:
        return None if keys.on else choice.events(keys.unit or "day")
    if keys.unit == "week":  # which the segmentation has not
        is_one = len(choice.names) == 1 and keys.on is None
        return choice.events("week") if is_one else None
    unit = None if keys.unit == "day" else keys.unit
    return choice.segmentation(on=keys.on, unit=unit, limit=keys.limit)


def ranked(choice: EventChoice, keys: Keys, rest: tuple[Step, ...]) -> str | None:
    """Replace the largest groups of a property."""
    first, *others = rest
    is_flat = all(isinstance(each, Flatten) for each in others)
    top = first.reducers if isinstance(first, Reduce) else None
    if not isinstance(top, BuiltIn) or top.name != "top" or not is_flat:
        return None
    if keys.on is None or keys.unit or keys.has_name:
        return None
    most = top.values[0]
    if not isinstance(most, int) or most > MOST_SEGMENTS:
        return None
    return choice.segmentation(on=keys.on, limit=most)


def aggregated(choice: EventChoice, keys: Keys, reducer: BuiltIn) -> str | None:
    """Replace sums and averages of a property by day."""
    names = {"sum": "segmentation_sum", "avg": "segmentation_average"}
    if reducer.name not in names or reducer.accessor is None:
        return None
    on = property_text(reducer.accessor)
    if on is None or keys.unit != "day" or keys.on or keys.has_name:
        return None
    return choice.segmentation(names[reducer.name], on=on)


def unique_users(
    choice: EventChoice, step: GroupByUser, rest: tuple[Step, ...]
) -> str | None:
    """Replace the count of users, in all, by day or by property."""
    keys = read_keys(step.keys)
    if keys is None or keys.has_name or keys.unit in ("week", "month"):
        return None
    if rest != (counting_users(step),):
        return None
    interval = None if keys.unit else choice.window.days
    return choice.segmentation(
        type="unique", interval=interval, on=keys.on, limit=keys.limit
    )


def counting_users(step: GroupByUser) -> Step:
    """Return the step that counts the users of a grouping by user."""
    return GroupBy((SLICED,), COUNT) if step.keys else Reduce(COUNT)


def read_keys(keys: tuple[KeyPart, ...]) -> Keys | None:
    """Read keys; None if one is of a kind, or more, that no call knows."""
    units = [unit for key in keys if (unit := unit_of(key))]
    names = [key for key in keys if key == Path("name")]
    on = [text for key in keys if (text := property_text(key))]
    counts = [len(units), len(names), len(on)]
    if sum(counts) != len(keys) or max(counts, default=0) > 1:
        return None
    return Keys(next(iter(units), None), next(iter(on), None), bool(names))


def unit_of(key: KeyPart) -> str | None:
    """Return the unit of a key that is a bucket of time."""
    if not isinstance(key, NumericBucket) or key.accessor != Path("time"):
        return None
    return UNITS.get(key.buckets.name) if isinstance(key.buckets, TimeBuckets) else None


def property_text(accessor: KeyPart | AccessorPart) -> str | None:
    """Return the expression of an accessor that is a property."""
    if isinstance(accessor, Prop) and accessor.of is None:
        return property_expression(accessor.name)
    prefix = "properties."
    if isinstance(accessor, Path) and accessor.text.startswith(prefix):
        name = accessor.text.removeprefix(prefix)
        return property_expression(name) if name and "." not in name else None
    return None
