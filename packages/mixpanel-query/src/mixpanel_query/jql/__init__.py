"""JQL: queries in JavaScript that Mixpanel runs, built in Python or written by hand.

Build one and hand it to a client: names and values travel in ``params``, and never
become part of the script.

>>> from mixpanel_query import jql
>>> query = (
...     jql.events("2026-11-09", "2026-11-15", events="Sign Up")
...     .group_by("properties.Plan", jql.reducer.count())
... )
>>> print(query.script)
function main() {
  return Events(params.query_values[0])
    .groupBy([params.query_values[1]], mixpanel.reducer.count());
}
<BLANKLINE>
>>> query.params["query_values"][1]
'properties.Plan'

Mixpanel keeps JQL in maintenance mode; `Query.explain` names what to use instead.
https://developer.mixpanel.com/reference/query-jql
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.expressions import Where
from mixpanel_query.jql import reducer
from mixpanel_query.jql.accessors import Accessor, js, prop
from mixpanel_query.jql.buckets import (
    annual_time_buckets,
    daily_time_buckets,
    monthly_time_buckets,
    numeric_bucket,
    quarterly_time_buckets,
    to_number,
    weekly_time_buckets,
)
from mixpanel_query.jql.keys import Key, multiple_keys, slice
from mixpanel_query.jql.parts import JavaScript
from mixpanel_query.jql.query import Query
from mixpanel_query.jql.replacement import Replacement
from mixpanel_query.jql.rows import Group, read_groups
from mixpanel_query.jql.sources import (
    Events,
    Joined,
    JoinType,
    People,
    Selector,
    join_type,
    selectors_of_events,
    selectors_of_joined,
    selectors_of_users,
)
from mixpanel_query.window import Window

if TYPE_CHECKING:
    from mixpanel_query.names import EventName

__all__ = [
    "Accessor",
    "Group",
    "JavaScript",
    "Key",
    "Query",
    "Replacement",
    "annual_time_buckets",
    "daily_time_buckets",
    "events",
    "join",
    "js",
    "monthly_time_buckets",
    "multiple_keys",
    "numeric_bucket",
    "people",
    "prop",
    "quarterly_time_buckets",
    "read_groups",
    "reducer",
    "slice",
    "to_number",
    "weekly_time_buckets",
]


def events(
    from_date: date | str,
    to_date: date | str,
    *,
    events: EventName | Iterable[EventName] | None = None,
    where: Where | None = None,
    event_selectors: Iterable[Selector] | None = None,
) -> Query:
    """Begin a query with the events of a window.

    Args:
        from_date: First day, in the project's timezone.
        to_date: Last day.
        events: Which events; all of them, where left out.
        where: Expression that an event's properties must meet.
        event_selectors: Instead of those two, ``[{"event": …, "selector": …,
            "label": …}]``, each with some of these keys: an event counts if it matches
            any of them.

    Raises:
        InvalidQueryError: If one of them cannot be right.

    >>> print(events("2026-11-09", "2026-11-15").script, end="")
    function main() {
      return Events(params.query_values[0]);
    }
    """
    window = Window.of(from_date, to_date)
    return Query(Events(window, selectors_of_events(events, where, event_selectors)))


def people(
    *, where: Where | None = None, user_selectors: Iterable[Selector] | None = None
) -> Query:
    """Begin a query with the profiles of users.

    Args:
        where: Expression that a profile must meet; its properties are written as
            ``user["plan"]`` here.
        user_selectors: Instead of it, ``[{"selector": …}]``: a profile counts if it
            matches any of them.

    Raises:
        InvalidQueryError: If one of them cannot be right.

    >>> print(people().script, end="")
    function main() {
      return People();
    }
    """
    return Query(People(selectors_of_users(where, user_selectors)))


def join(
    events: Query,
    people: Query,
    *,
    type: JoinType = "full",
    selectors: Iterable[Selector] | None = None,
) -> Query:
    """Begin a query with events together with the profiles of those who did them.

    Items have ``distinct_id``, ``event`` and ``user``; each of the latter is undefined
    where there is none.

    Args:
        events: The events, as `events` gives them: JQL allows no steps in a join.
        people: The profiles, as `people` gives them.
        type: ``full``, ``left``, ``right`` or ``inner``. Left are the events, as far
            as one can tell: the documents do not say it.
        selectors: ``[{"event": …, "selector": …}]``; an item counts if it matches any
            of them. Expressions may use ``properties["…"]`` and ``user["…"]``.

    Raises:
        InvalidQueryError: If one of them cannot be right.
    """
    left, right = source_of("events", events), source_of("people", people)
    if not isinstance(left, Events) or not isinstance(right, People):
        problem = "a join takes events first, and people second"
        raise InvalidQueryError(f"{problem}; write join(events(…), people(…))")
    return Query(Joined(left, right, join_type(type), selectors_of_joined(selectors)))


def source_of(name: str, query: Query) -> object:
    """Return the source of a query that has no steps."""
    if not isinstance(query, Query):
        raise InvalidQueryError(f"{name} {query!r} is no query; write {name}(…)")
    if query.steps:
        problem = f"{name} has steps, and JQL allows none in a join"
        raise InvalidQueryError(f"{problem}; put them after the join, or use selectors")
    return query.source
