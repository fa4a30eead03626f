"""Pages of profiles: which profiles are asked for, and what of them.

https://developer.mixpanel.com/reference/engage-query
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.expressions import Expression, is_met
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.profiles.group_keys import find_group_key
from mixpanel_query.local.profiles.profile_operations import Properties
from mixpanel_query.local.profiles.profile_store import (
    find_profiles,
    profile_condition,
    profiles_that_meet,
)
from mixpanel_query.local.questions.cohorts import cohort_members
from mixpanel_query.local.questions.profile_sessions import ProfileSessions
from mixpanel_query.local.records.bodies import form_fields, parse_json
from mixpanel_query.local.rules.basis import never_answered, rests_on
from mixpanel_query.local.saved.cohorts import find_cohort
from mixpanel_query.local.settings import ProjectSettings

__all__ = ["ProfilePage", "answer_page", "parameters_of", "read_page"]

PAGE_SIZE = 1000


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """A page of profiles that was asked for.

    Attributes:
        ids: Whose profiles; empty for all.
        properties: Names of the properties to give; None for all.
        number: Number of the page, from 0.
        session_id: What the first page gave; empty on the first.
        where: What must hold of the profiles; None for nothing.
        cohort: Number of the cohort that they are in; None for any.
        with_everybody: Whether members of the cohort without a profile are given.
        group: Number of the group key whose groups are asked for; empty for users.
    """

    ids: tuple[str, ...]
    properties: tuple[str, ...] | None
    number: int
    session_id: str
    where: Expression | None
    cohort: int | None
    with_everybody: bool
    group: str = ""


def parameters_of(body: bytes) -> dict[str, str]:
    """Return the parameters in the body of a question: a form, or a JSON object.

    Raises:
        RequestRefusedError: If it is neither, or a parameter is none of text, number,
            true and false.
    """
    form = form_fields(body)
    if form is not None:
        return form
    rests_on("profile-requests")
    document = parse_json(body)
    if not isinstance(document, dict):
        raise RequestRefusedError(400, "the body is neither a form nor a JSON object")
    return {name: parameter(name, value) for name, value in document.items()}


def parameter(name: str, value: object) -> str:
    """Return the text that stands for a parameter in a form.

    Raises:
        RequestRefusedError: If none does.
    """
    if isinstance(value, str):
        return read.storable(name, value)
    if isinstance(value, bool | int):
        return json.dumps(value)
    raise RequestRefusedError(
        400, f"{name} is no text; send lists and objects as JSON in a text"
    )


def read_page(given: Mapping[str, str], settings: ProjectSettings) -> ProfilePage:
    """Read ``POST /engage`` of the Query API.

    Raises:
        RequestRefusedError: If a parameter is wrong; 501 for cohorts of groups.
    """
    # It is useful beside behaviors only, as the documentation says.
    if not re.fullmatch(r"[0-9]{1,12}", given.get("as_of_timestamp") or "0"):
        raise RequestRefusedError(400, "as_of_timestamp is no number of seconds")
    names = None
    if given.get("output_properties"):
        names = read.json_texts("output_properties", given["output_properties"])
    number = read.number(given, "page", least=0, most=10_000_000) or 0
    session_id = given.get("session_id", "")
    if number and not session_id:
        raise RequestRefusedError(
            400, "session_id is missing; send the one that page 0 gave"
        )
    cohort = read_cohort(given.get("filter_by_cohort", ""))
    if given.get("include_all_users") and cohort is None:
        raise RequestRefusedError(
            400, "include_all_users is about a cohort; give filter_by_cohort"
        )
    return ProfilePage(
        read_ids(given),
        names,
        number,
        session_id,
        profile_condition(given, settings),
        cohort,
        with_everybody=cohort is not None
        and read.flag({"include_all_users": "true", **given}, "include_all_users"),
        group=read_group(given),
    )


def read_group(given: Mapping[str, str]) -> str:
    """Return the number of a group key, if groups are asked for.

    Raises:
        RequestRefusedError: 501, if they are to be in a cohort, as here users are.
    """
    group = given.get("data_group_id", "")
    if group and given.get("filter_by_cohort"):
        raise never_answered("cohorts-of-groups", "groups with filter_by_cohort")
    return group


def read_ids(given: Mapping[str, str]) -> tuple[str, ...]:
    """Return whose profiles are asked for; empty for all."""
    ids: tuple[str, ...] = ()
    if given.get("distinct_ids"):
        ids = read.json_texts("distinct_ids", given["distinct_ids"])
    if given.get("distinct_id"):
        if ids:
            raise RequestRefusedError(
                400, "distinct_id and distinct_ids exclude each other; give one"
            )
        ids = (read.required(given, "distinct_id"),)
    return ids


def read_cohort(text: str) -> int | None:
    """Return the number of a cohort, which travels as a JSON object."""
    if not text:
        return None
    try:
        document = parse_json(read.storable("filter_by_cohort", text).encode())
    except RequestRefusedError:
        document = None
    number = document.get("id") if isinstance(document, dict) else None
    if document != {"id": number} or type(number) is not int or not 0 < number < 10**9:
        raise RequestRefusedError(
            400, 'filter_by_cohort is no cohort; write it as {"id": 12345}'
        )
    return number


def answer_page(
    engine: Engine,
    page: ProfilePage,
    settings: ProjectSettings,
    sessions: ProfileSessions,
    new_session_id: str,
) -> dict[str, object]:
    """Return a page as documented; ``total`` counts the profiles of all pages.

    Raises:
        RequestRefusedError: 404 if there is no such cohort; 400 if the session or the
            group key is not known.
    """
    session_id = page.session_id or new_session_id
    group_key = find_group_key(engine, settings, page.group) if page.group else ""
    if page.session_id:
        ids = sessions.ids(session_id)
    else:
        ids = chosen_ids(engine, page, settings, group_key)
        sessions.keep(session_id, ids)
    if len(ids) > PAGE_SIZE:
        rests_on("profile-totals")
    shown = ids[page.number * PAGE_SIZE : (page.number + 1) * PAGE_SIZE]
    profiles = find_profiles(engine, shown, group_key)
    results = [
        {
            "$distinct_id": key,
            "$properties": part_of(profiles.get(key, {}), page.properties),
        }
        for key in shown
        if page.with_everybody or key in profiles
    ]
    return {
        "page": page.number,
        "page_size": PAGE_SIZE,
        "session_id": session_id,
        "status": "ok",
        "total": len(ids),
        "results": results,
    }


def chosen_ids(
    engine: Engine, page: ProfilePage, settings: ProjectSettings, group_key: str
) -> list[str]:
    """Return the ids of the profiles of all pages, in their order."""
    asked: set[str] | None = set(page.ids) or None
    if page.cohort is None:
        return sorted(profiles_that_meet(engine, page.where, asked, group_key))
    members = cohort_members(engine, find_cohort(engine, page.cohort), settings)
    chosen = members if asked is None else members & asked
    found = set(profiles_that_meet(engine, page.where, chosen))
    if page.with_everybody and page.where is not None:
        rests_on("members-without-profile")
    if page.with_everybody and (page.where is None or is_met(page.where, {})):
        found |= chosen - set(profiles_that_meet(engine, None, chosen))
    return sorted(found)


def part_of(properties: Properties, names: Sequence[str] | None) -> Properties:
    """Return the properties that were asked for."""
    if names is None:
        return properties
    return {name: properties[name] for name in names if name in properties}
