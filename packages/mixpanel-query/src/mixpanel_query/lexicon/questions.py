"""Questions to Lexicon, and deletions.

Service accounts only. Five requests a minute are allowed to all of a project.
https://developer.mixpanel.com/reference/lexicon-schemas-api
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.lexicon.entries import (
    Lexicon,
    LexiconEntry,
    read_lexicon,
    read_schema,
)
from mixpanel_query.names import EventName, name_of
from mixpanel_query.parameters import checked_choice
from mixpanel_query.wire import Answer, Flow, Method, QueryRequest, is_storable

__all__ = [
    "PATH",
    "asked_name",
    "delete_entry",
    "delete_schemas",
    "entry_path",
    "lexicon_request",
    "list_schemas",
    "read_entry",
]

PATH: Final = "/api/app/projects/{project_id}/schemas"
ENTITY_TYPES: Final = ("event", "profile")
# https://developer.mixpanel.com/reference/rate-limits has "less than 3000".
MOST_DELETED: Final = 2999


def list_schemas(
    entity_type: str | None, entity_name: EventName | None
) -> Flow[Lexicon]:
    """List what Lexicon holds: all of it, that of one type, or of one entity.

    https://developer.mixpanel.com/reference/list-all-schemas-for-project
    https://developer.mixpanel.com/reference/list-schemas-for-entity

    >>> next(list_schemas("event", "Sign Up")).params
    {'entity_name': 'Sign Up'}
    """
    if entity_type is None:
        if entity_name is not None:
            problem = f"entity_name {entity_name!r} without entity_type"
            raise InvalidQueryError(f"{problem}; give event or profile too")
        path = PATH
    else:
        path = type_path(entity_type)
    params = {} if entity_name is None else {"entity_name": asked_name(entity_name)}
    answer = yield lexicon_request(path, params=params)
    return read_lexicon(answer)


def read_entry(entity_type: str, name: EventName) -> Flow[LexiconEntry]:
    """Read the schema of one entity.

    https://developer.mixpanel.com/reference/list-schemas-by-entity-and-name

    >>> next(read_entry("event", "50% off/on")).path.rpartition("/")[2]
    '50%25%20off%2Fon'
    """
    answer = yield lexicon_request(entry_path(entity_type, name))
    return LexiconEntry(entity_type, name_of(name), read_schema(answer))


def delete_entry(entity_type: str, name: EventName) -> Flow[int]:
    """Delete the schema of one entity; return how many were deleted.

    https://developer.mixpanel.com/reference/delete-schema-by-entity-and-name
    """
    answer = yield lexicon_request(entry_path(entity_type, name), method="DELETE")
    return read_count(answer)


def delete_schemas(entity_type: str | None, *, everything: bool) -> Flow[int]:
    """Delete all schemas of one type, or all of them; return how many.

    They are counted first, as Mixpanel deletes fewer than 3000 with one request.
    https://developer.mixpanel.com/reference/delete-schemas-for-entity
    https://developer.mixpanel.com/reference/delete-all-schemas-in-project
    """
    if (entity_type is None) != everything:
        problem = f"entity_type {entity_type!r} with everything={everything}"
        allowed = "give an entity_type, or everything=True to empty the whole Lexicon"
        raise InvalidQueryError(f"{problem}; {allowed}")
    path = PATH if entity_type is None else type_path(entity_type)
    found = read_lexicon((yield lexicon_request(path)))
    if not found.entries:
        return 0
    if len(found) > MOST_DELETED:
        problem = f"{len(found)} schemas are too many to delete at once"
        allowed = f"Mixpanel deletes at most {MOST_DELETED}"
        raise InvalidQueryError(f"{problem}; {allowed}: delete single ones first")
    return read_count((yield lexicon_request(path, method="DELETE")))


def lexicon_request(
    path: str,
    *,
    method: Method = "GET",
    params: dict[str, str] | None = None,
    document: object = None,
) -> QueryRequest:
    """Make a request to Lexicon; what changes it is not repeated."""
    return QueryRequest(
        path,
        params or {},
        family="app",
        method=method,
        document=document,
        limits=("lexicon",),
        repeatable=method == "GET",
    )


def type_path(entity_type: str) -> str:
    """Return the path of all schemas of one type."""
    return f"{PATH}/{checked_choice('entity_type', entity_type, ENTITY_TYPES)}"


def entry_path(entity_type: str, name: EventName) -> str:
    """Return the path of one entity's schema.

    Raises:
        InvalidQueryError: If the name would make it the path of all schemas.
    """
    parent = type_path(entity_type)
    # Servers, proxies and HTTP libraries take dots, even escaped, for folders.
    text = asked_name(name)
    if text in (".", ".."):
        problem = f"name {text!r} cannot stand in a path"
        raise InvalidQueryError(f"{problem}; list it by entity_name instead")
    return f"{parent}/{quote(text, safe='')}"


def asked_name(named: EventName) -> str:
    """Return the name of an entity.

    Raises:
        InvalidQueryError: If it is no name.
    """
    name = name_of(named)
    if not name.strip():
        problem = f"name {name!r} is blank"
        raise InvalidQueryError(f"{problem}; give an event's name, or $user")
    if not is_storable(name):
        problem = f"name {name!r} holds half a character"
        raise InvalidQueryError(f"{problem}; write it in UTF-8")
    return name


def read_count(answer: Answer) -> int:
    """Read how many schemas were deleted; the word for it differs by source."""
    body = answer.body
    results = body.get("results") if isinstance(body, dict) else None
    if isinstance(results, dict):
        count = results.get("delete_count", results.get("deleteCount"))
        if isinstance(count, int) and not isinstance(count, bool):
            return count
    raise answer.unreadable("no number of deleted schemas")
