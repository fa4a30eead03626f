"""A query in JQL, built step by step in Python."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import overload

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.jql.accessors import Accessor, accessor_part
from mixpanel_query.jql.keys import Key, key_parts
from mixpanel_query.jql.parts import JavaScript, Path
from mixpanel_query.jql.replacement import Replacement, find_replacement
from mixpanel_query.jql.sources import Source
from mixpanel_query.jql.steps import (
    ApplyGroupLimits,
    Filter,
    Flatten,
    GroupBy,
    GroupByUser,
    Map,
    Reduce,
    Reducer,
    Reducers,
    Sort,
    Step,
    checked_function,
    checked_limit,
    checked_reducers,
)
from mixpanel_query.jql.writing import Items, ScriptWriter
from mixpanel_query.json_values import json_text

__all__ = ["Query"]


@dataclass(frozen=True, slots=True)
class Query:
    """A query in JQL; each method returns a longer one, and leaves this one as it is.

    Begin with `events`, `people` or `join` of `mixpanel_query.jql`, and hand it to
    `Client.jql` or `Client.iter_jql`.

    Attributes:
        source: Where the items come from.
        steps: What becomes of them.
        script: The script. It holds no name and no value; those are in ``params``.
        params: What the script is sent with.

    Raises:
        InvalidQueryError: If JQL does not allow the steps in this order.
    """

    source: Source
    steps: tuple[Step, ...] = ()
    script: str = field(init=False, repr=False, compare=False)
    params: dict[str, object] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Write the script, so that what is wrong is refused where it is written."""
        writer = ScriptWriter()
        writer.items = self.source.items
        lines = [f"  return {self.source.write(writer)}"]
        for step in self.steps:
            lines.append(f"    .{step.write(writer)}")
            writer.items = items_after(step, writer.items)
        body = "\n".join(lines)
        object.__setattr__(self, "script", f"function main() {{\n{body};\n}}\n")
        object.__setattr__(self, "params", writer.params())
        json_text("params", self.params)

    def filter(self, function: JavaScript) -> Query:
        """Keep the items for which a function is true.

        Selectors of the source are faster, where they can say it.

        Args:
            function: ``js("function(item) { return …; }")``.
        """
        return self._with(Filter(checked_function("filter", function)))

    def map(self, function: JavaScript) -> Query:
        """Make another item of each.

        Args:
            function: ``js("function(item) { return …; }")``.
        """
        return self._with(Map(checked_function("map", function)))

    def reduce(self, reducers: Reducer | Iterable[Reducer]) -> Query:
        """Make one item of all.

        Args:
            reducers: A reducer, whose result is the item; or a list of them, whose
                results are the item, as a list.
        """
        return self._with(Reduce(checked_reducers(reducers)))

    def group_by(
        self, keys: Key | Iterable[Key], reducers: Reducer | Iterable[Reducer]
    ) -> Query:
        """Make one item ``{"key": [...], "value": …}`` of each group.

        Args:
            keys: What items of one group have in common: scalars. The elements of a
                list become keys of their own; see `multiple_keys`.
            reducers: What becomes of a group; of a list of them, ``value`` is a list.
        """
        return self._with(GroupBy(key_parts(keys), checked_reducers(reducers)))

    @overload
    def group_by_user(self, keys: Reducer | Iterable[Reducer]) -> Query: ...

    @overload
    def group_by_user(
        self, keys: Key | Iterable[Key], reducers: Reducer | Iterable[Reducer]
    ) -> Query: ...

    def group_by_user(self, keys: object, reducers: object = None) -> Query:
        """Make one item of each user, whose distinct_id comes first in ``key``.

        Only filters may stand before it. A reducer in JavaScript gets the events of a
        user in the order of time: ``js("function(state, events) { … }")``.

        Args:
            keys: Further keys; may be left out.
            reducers: What becomes of the events of a user.
        """
        if any(not isinstance(step, Filter) for step in self.steps):
            problem = "group_by_user after another step than filter"
            raise InvalidQueryError(f"{problem}; put it first, then map or group again")
        if reducers is None:
            return self._with(GroupByUser((), any_reducers(keys)))
        parts = key_parts(keys)  # type: ignore[arg-type]
        return self._with(GroupByUser(parts, any_reducers(reducers)))

    def flatten(self) -> Query:
        """Make items of the elements of items that are lists, one level deep."""
        return self._with(Flatten())

    def sort_asc(self, accessor: Accessor) -> Query:
        """Put the items in ascending order of a scalar.

        Neither the key of a group nor the values of several reducers are one:
        ``js("(group) => group.key[0]")`` is.
        """
        return self._sorted(accessor, is_ascending=True)

    def sort_desc(self, accessor: Accessor) -> Query:
        """Put the items in descending order of a scalar; see `sort_asc`."""
        return self._sorted(accessor, is_ascending=False)

    def apply_group_limits(self, limits: Iterable[int], global_limit: int) -> Query:
        """Keep so many groups of each component of the key.

        Args:
            limits: How many of each component, in the order of the keys.
            global_limit: How many groups in all.
        """
        kept = tuple(checked_limit("limit", each) for each in limits)
        if not kept:
            raise InvalidQueryError("limits are empty; give one for each key")
        if grouping(self.steps) is None:
            problem = "apply_group_limits keeps groups, and there are none here"
            raise InvalidQueryError(f"{problem}; put it after group_by")
        limit = checked_limit("global_limit", global_limit)
        return self._with(ApplyGroupLimits(kept, limit))

    def explain(self) -> Replacement:
        """Name the call of a client that answers the same without JQL, if there is one.

        Mixpanel keeps JQL in maintenance mode.
        https://developer.mixpanel.com/reference/query-jql
        """
        return find_replacement(self.source, self.steps)

    def _sorted(self, accessor: Accessor, *, is_ascending: bool) -> Query:
        """Return a query whose items are in order, if JQL can compare them."""
        part, group = accessor_part(accessor), grouping(self.steps)
        if group is not None:
            has_lists = {
                Path("key"): True,
                Path("value"): type(group.reducers) is tuple,
            }
            if isinstance(part, Path) and has_lists.get(part):
                problem = f"{accessor!r} is a list here, and JQL sorts by scalars only"
                example = f'js("(group) => group.{part.text}[0]")'
                raise InvalidQueryError(f"{problem}; write {example}")
        return self._with(Sort(part, is_ascending))

    def _with(self, step: Step) -> Query:
        """Return a query that is one step longer."""
        return replace(self, steps=(*self.steps, step))


def items_after(step: Step, items: Items) -> Items:
    """Return what functions are handed after a step."""
    return items if isinstance(step, (Filter, Sort)) else "unknown"


def grouping(steps: tuple[Step, ...]) -> GroupBy | GroupByUser | None:
    """Return the step whose groups the items still are; None if they are none."""
    for step in reversed(steps):
        if isinstance(step, (GroupBy, GroupByUser)):
            return step
        if not isinstance(step, (Filter, Sort, ApplyGroupLimits)):
            return None
    return None


def any_reducers(given: object) -> Reducers:
    """Return reducers, whatever they were given as."""
    return checked_reducers(given)  # type: ignore[arg-type]
