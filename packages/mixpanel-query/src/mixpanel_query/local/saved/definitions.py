"""Definitions of reports, funnels and cohorts: in files, and in the store.

Mixpanel's are made in its web interface, and documented nowhere; here each is a JSON
object with a number of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import LocalProjectError, RequestRefusedError
from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.parameters.missing_parts import refuse_custom_event
from mixpanel_query.local.records.bodies import parse_json

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = [
    "check_event_name",
    "check_number",
    "check_text",
    "definition_fields",
    "find_definition",
    "keep_definition",
    "list_definitions",
    "read_definitions",
]

# A table of the store.
Kind: TypeAlias = Literal["reports", "funnels", "cohorts"]
T = TypeVar("T")

LARGEST_ID = 999_999_999
KEEP = "INSERT OR REPLACE INTO {kind} VALUES ($id, $definition)"
FIND = "SELECT definition FROM {kind} WHERE id = $id"
LIST = "SELECT definition FROM {kind} ORDER BY id"


def read_definitions(path: Path, checked: Callable[[object], T]) -> list[T]:
    """Read definitions from a file: a JSON object, or an array of several.

    Raises:
        LocalProjectError: If the file cannot be read, or ``checked`` refuses one.
    """
    try:
        document = parse_json(path.read_bytes())
    except OSError as error:
        reason = error.strerror or str(error)
        raise LocalProjectError(
            f"cannot read {path}: {reason}; name a file of JSON"
        ) from error
    except RequestRefusedError as error:
        problem = error.message.replace("the body", "the file")
        raise LocalProjectError(f"{path}: {problem}") from error
    documents = document if isinstance(document, list) else [document]
    try:
        return [checked(each) for each in documents]
    except LocalProjectError as error:
        raise LocalProjectError(f"{path}: {error}") from error


def definition_fields(
    document: object, what: str, allowed: Sequence[str], needed: Sequence[str]
) -> dict[str, Any]:
    """Return the fields of a definition that was written as JSON.

    Args:
        document: The definition.
        what: What is defined, for errors.
        allowed: The names that fields may have.
        needed: Those that have to be there.

    Raises:
        LocalProjectError: If it has other fields, or some are missing.
    """
    if not isinstance(document, dict) or not document.keys() <= set(allowed):
        raise LocalProjectError(f"a {what} is an object with {', '.join(allowed)}")
    missing = [name for name in needed if name not in document]
    if missing:
        raise LocalProjectError(f"a {what} has no {' and no '.join(missing)}")
    return document


def check_number(name: str, number: object) -> None:
    """Refuse what is no number of a definition."""
    if type(number) is not int or not 1 <= number <= LARGEST_ID:
        problem = f"{name} is no whole number from 1 to {LARGEST_ID}"
        raise RequestRefusedError(400, problem)


def check_text(name: str, value: object) -> str:
    """Return a text; refuse what is none, or cannot be stored."""
    if not isinstance(value, str):
        raise RequestRefusedError(400, f"{name} is no text")
    return read.storable(name, value)


def check_event_name(name: object) -> str:
    """Return the name of an event; refuse what is none, or names a custom one."""
    text = check_text("event", name)
    refuse_custom_event(text)
    return text


def keep_definition(
    engine: Engine, kind: Kind, number: int, definition: DataclassInstance
) -> None:
    """Keep a definition, in place of one with the same number."""
    text = json.dumps(asdict(definition), ensure_ascii=False)
    with engine.writing() as cursor:
        cursor.execute(KEEP.format(kind=kind), {"id": number, "definition": text})


def find_definition(engine: Engine, kind: Kind, number: int) -> Mapping[str, Any]:
    """Return the fields of the definition with this number.

    Raises:
        RequestRefusedError: 404, if there is none.
    """
    rows = engine.rows(FIND.format(kind=kind), {"id": number})
    if not rows:
        what = kind.removesuffix("s")
        raise RequestRefusedError(404, f"there is no {what} {number}")
    fields: Mapping[str, Any] = json.loads(rows[0][0])
    return fields


def list_definitions(engine: Engine, kind: Kind) -> list[Mapping[str, Any]]:
    """Return the fields of all definitions, in order of their numbers."""
    return [json.loads(text) for (text,) in engine.rows(LIST.format(kind=kind), {})]
