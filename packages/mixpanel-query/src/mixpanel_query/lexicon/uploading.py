"""Uploads to Lexicon, within what Mixpanel takes a minute.

https://developer.mixpanel.com/reference/upload-schemas-for-project
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.lexicon.changes import LexiconUpload, compare
from mixpanel_query.lexicon.entries import LexiconEntry
from mixpanel_query.lexicon.questions import (
    PATH,
    asked_name,
    entry_path,
    lexicon_request,
    list_schemas,
)
from mixpanel_query.lexicon.wanted import Uploadable, wanted_entries, without_dropped
from mixpanel_query.wire import Answer, Flow

if TYPE_CHECKING:
    from mixpanel_query.names import EventName
    from mixpanel_schema.json_values import Json

__all__ = ["upload_entry", "upload_schemas"]

# "5 requests" and "under 4000" events and properties a minute: with these in each
# request, the limit of requests keeps the other one too.
# https://developer.mixpanel.com/reference/rate-limits
MOST_IN_A_REQUEST: Final = 799
MOST_IN_A_MINUTE: Final = 3999


def upload_schemas(
    given: Uploadable, *, dry_run: bool, remove_undeclared: bool
) -> Flow[LexiconUpload]:
    """Compare what is wanted with what Lexicon has, and send what differs."""
    wanted = wanted_entries(given)
    present = yield from list_schemas(None, None)
    changes = compare(wanted, present, remove_undeclared=remove_undeclared)
    sent = [change.entry for change in changes if change.entry is not None]
    batches = list(batched(sent))
    if not dry_run:
        for batch in batches:
            document = {
                "entries": [entry.to_document() for entry in batch],
                "truncate": False,
            }
            request = lexicon_request(PATH, method="POST", document=document)
            check_upload((yield request))
    return LexiconUpload(changes, len(batches), is_done=not dry_run)


def upload_entry(
    entity_type: str, name: EventName, schema: Mapping[str, Json]
) -> Flow[None]:
    """Replace the schema of one entity.

    https://developer.mixpanel.com/reference/upload-schema-by-entity-and-name
    """
    path = entry_path(entity_type, name)
    if not isinstance(schema, Mapping):
        problem = f"schema is a {type(schema).__name__}"
        raise InvalidQueryError(f"{problem}; give a mapping, such as entry.schema")
    document = without_dropped(schema)
    entry = LexiconEntry(entity_type, asked_name(name), document)
    refuse_other_than_json(entry)
    refuse_too_large(entry)
    check_status((yield lexicon_request(path, method="POST", document=document)))


def batched(entries: Iterable[LexiconEntry]) -> Iterator[list[LexiconEntry]]:
    """Part entries into what one request may hold, in their order."""
    batch: list[LexiconEntry] = []
    size = 0
    for entry in entries:
        refuse_other_than_json(entry)
        refuse_too_large(entry)
        if batch and size + size_of(entry) > MOST_IN_A_REQUEST:
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += size_of(entry)
    if batch:
        yield batch


def size_of(entry: LexiconEntry) -> int:
    """Return how many events and properties an entry counts for."""
    return 1 + len(entry.properties)


def refuse_too_large(entry: LexiconEntry) -> None:
    """Refuse an entity that Mixpanel does not take even alone."""
    if size_of(entry) > MOST_IN_A_MINUTE:
        problem = (
            f"{entry.entity_type} {entry.name!r} has {size_of(entry) - 1} properties"
        )
        allowed = f"Lexicon takes fewer than {MOST_IN_A_MINUTE} at once"
        raise InvalidQueryError(f"{problem}; {allowed}: describe fewer of them")


def refuse_other_than_json(entry: LexiconEntry) -> None:
    """Refuse what cannot be sent as JSON: NaN, half a character, a datetime."""
    try:
        json.dumps(entry.to_document(), ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        problem = f"the schema of {entry.name!r} is not JSON: {error}"
        raise InvalidQueryError(f"{problem}; mend it") from error


def check_upload(answer: Answer) -> None:
    """Check that an answer says how many entries were taken."""
    body = answer.body
    results = body.get("results") if isinstance(body, dict) else None
    if not isinstance(results, dict) or not isinstance(results.get("added"), int):
        raise answer.unreadable("no number of added schemas")


def check_status(answer: Answer) -> None:
    """Check that an answer says that all is well."""
    if not isinstance(answer.body, dict) or answer.body.get("status") != "ok":
        raise answer.unreadable("no status ok")
