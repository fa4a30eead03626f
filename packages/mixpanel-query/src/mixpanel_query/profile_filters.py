"""Which profiles are asked for, and what of them: the fields of the question.

https://developer.mixpanel.com/reference/engage-query
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.expression_subjects import expression_about
from mixpanel_query.expressions import Expression, Where, expression_text
from mixpanel_query.json_values import json_text
from mixpanel_query.names import name_of
from mixpanel_query.parameters import checked_flag

if TYPE_CHECKING:
    from mixpanel_schema import Property

__all__ = ["profile_form", "seconds_shown"]


def profile_form(
    *,
    now: float,
    where: Where | None = None,
    distinct_id: str | None = None,
    distinct_ids: Iterable[str] | None = None,
    data_group_id: int | str | None = None,
    output_properties: Iterable[Property | str] | None = None,
    behaviors: Sequence[Mapping[str, object]] | None = None,
    as_of_timestamp: int | None = None,
    filter_by_cohort: int | Mapping[str, object] | None = None,
    include_all_users: bool | None = None,
) -> dict[str, str]:
    """Return the fields of a question for profiles, as `Client.profiles` names them.

    ``now`` is the time of the question, as the project's events have it.

    Raises:
        InvalidQueryError: If two of them exclude each other, or one cannot be right.

    >>> profile_form(now=0, filter_by_cohort=7)
    {'filter_by_cohort': '{"id": 7}', 'include_all_users': 'false'}
    """
    one_of(distinct_id=distinct_id, distinct_ids=distinct_ids)
    one_of(behaviors=behaviors, filter_by_cohort=filter_by_cohort)
    needs("as_of_timestamp", as_of_timestamp, behaviors=behaviors)
    needs("include_all_users", include_all_users, filter_by_cohort=filter_by_cohort)
    form: dict[str, str] = {}
    if where is not None:
        form["where"] = profile_condition(where)
    if distinct_id is not None:
        form["distinct_id"] = checked_id("distinct_id", distinct_id)
    if distinct_ids is not None:
        form["distinct_ids"] = id_list(distinct_ids)
    if data_group_id is not None:
        form["data_group_id"] = checked_group(data_group_id)
    if output_properties is not None:
        form["output_properties"] = property_list(output_properties)
    form.update(behavior_fields(behaviors, as_of_timestamp, now))
    form.update(cohort_fields(filter_by_cohort, include_all_users))
    return form


def seconds_shown(now: float, zone: tzinfo | None) -> float:
    """Return the time that a project's events have now, in seconds.

    In projects from before 2023 it is what a clock of their timezone shows, as if that
    were in UTC; behaviors are compared with it.

    Args:
        now: The time, in seconds since 1970.
        zone: The timezone of that clock; None for UTC.

    >>> from datetime import timedelta, timezone
    >>> seconds_shown(1000, timezone(timedelta(hours=1)))
    4600.0
    """
    offset = datetime.fromtimestamp(now, zone).utcoffset() if zone else None
    return now + (offset or timedelta()).total_seconds()


def profile_condition(where: Where) -> str:
    """Return a condition; one that was built must look at profiles."""
    if not isinstance(where, Expression):
        return expression_text("where", where)
    return expression_about(
        "where",
        where,
        never="user",
        write='properties["…"]',
        remedy="profile_property",
    )


def one_of(**given: object) -> None:
    """Refuse two parameters of which Mixpanel takes one."""
    names = [name for name, value in given.items() if value is not None]
    if len(names) > 1:
        both = " and ".join(names)
        raise InvalidQueryError(f"{both} exclude each other; leave one of them out")


def needs(name: str, value: object, **needed: object) -> None:
    """Refuse a parameter that means nothing without another one."""
    (other, given), *_ = needed.items()
    if value is not None and given is None:
        problem = f"{name} {value!r} means nothing without {other}"
        raise InvalidQueryError(f"{problem}; give {other}, or leave {name} out")


def checked_id(name: str, given: str) -> str:
    """Return an id, which is text and not empty."""
    if not isinstance(given, str) or not given:
        problem = f"{name} {given!r} is no id"
        raise InvalidQueryError(f"{problem}; give the text that Mixpanel shows")
    return given


def id_list(given: Iterable[str]) -> str:
    """Return ids as a list in JSON, each once."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        problem = f"distinct_ids {repr(given)[:60]} is no list"
        raise InvalidQueryError(f"{problem}; give a list, or use distinct_id")
    ids = list(dict.fromkeys(checked_id("distinct_ids", each) for each in given))
    if not ids:
        raise InvalidQueryError("distinct_ids is empty; give an id, or leave it out")
    return json_text("distinct_ids", ids)


def checked_group(given: int | str) -> str:
    """Return the number of a group key."""
    text = str(given)
    if isinstance(given, bool) or not (text.isascii() and text.isdigit()):
        problem = f"data_group_id {given!r} is no number"
        place = "Project Settings > Group Keys shows it; it is not the key's name"
        raise InvalidQueryError(f"{problem}; {place}")
    return text


def property_list(given: Iterable[Property | str]) -> str:
    """Return names of properties as a list in JSON, each once."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        given = (given,)
    names = list(dict.fromkeys(name_of(each) for each in given))
    if not names:
        problem = "output_properties is empty"
        raise InvalidQueryError(f"{problem}; name a property, or leave it out")
    return json_text("output_properties", names)


def behavior_fields(
    behaviors: Sequence[Mapping[str, object]] | None,
    as_of_timestamp: int | None,
    now: float,
) -> Iterator[tuple[str, str]]:
    """Yield what picks users by what they did, and up to when that counts.

    Without a time, Mixpanel refuses every page but the first.
    """
    if behaviors is None:
        return
    if isinstance(behaviors, (str, Mapping)) or not behaviors:
        problem = f"behaviors {behaviors!r} is no list of behaviors"
        example = '[{"window": "90d", "name": "b", "event_selectors": […]}]'
        raise InvalidQueryError(f"{problem}; give one such as {example}")
    yield "behaviors", json_text("behaviors", [dict(each) for each in behaviors])
    moment = int(now) if as_of_timestamp is None else as_of_timestamp
    if not isinstance(moment, int) or isinstance(moment, bool) or moment < 0:
        problem = f"as_of_timestamp {as_of_timestamp!r} is no time"
        raise InvalidQueryError(f"{problem}; give whole seconds since 1970")
    yield "as_of_timestamp", str(moment)


def cohort_fields(
    cohort: int | Mapping[str, object] | None, include_all_users: bool | None
) -> Iterator[tuple[str, str]]:
    """Yield what picks the members of a cohort, and whether all of them.

    Mixpanel's default is to give those without a profile too; here it is always said.
    """
    if cohort is None:
        return
    if isinstance(cohort, bool) or not isinstance(cohort, (int, Mapping)):
        problem = f"filter_by_cohort {cohort!r} is no cohort"
        raise InvalidQueryError(f"{problem}; give the number that cohorts() shows")
    document = dict(cohort) if isinstance(cohort, Mapping) else {"id": cohort}
    yield "filter_by_cohort", json_text("filter_by_cohort", document)
    everybody = False if include_all_users is None else include_all_users
    yield "include_all_users", checked_flag("include_all_users", everybody)
