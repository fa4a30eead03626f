"""What verdicts show of events and updates, kept or not."""

from __future__ import annotations

import json

from mixpanel_query.local.engine.store import StoredEvent
from mixpanel_query.local.ingestion.batches import Portrait, Sort
from mixpanel_query.local.profiles.profile_updates import ProfileUpdate

__all__ = ["GROUPS", "PROFILES", "events_at"]


def of_event(event: StoredEvent) -> Portrait:
    """Portray an event that is kept."""
    return Portrait(event.event, event.distinct_id, event.properties)


def of_given_event(record: object) -> Portrait:
    """Portray what came as an event, as far as it looks like one."""
    properties = part(record, "properties")
    return Portrait(text(part(record, "event")), text(part(properties, "distinct_id")))


def of_profile(update: ProfileUpdate) -> Portrait:
    """Portray an update of a profile."""
    value = json.dumps(update.value, ensure_ascii=False)
    return Portrait(update.operation, update.distinct_id, value)


def of_group(update: ProfileUpdate) -> Portrait:
    """Portray an update of a group, whose id stands behind its key."""
    value = json.dumps(update.value, ensure_ascii=False)
    return Portrait(
        update.operation, f"{update.group_key}: {update.distinct_id}", value
    )


def of_given_profile(record: object) -> Portrait:
    """Portray what came as an update of a profile."""
    return Portrait(operation_of(record), text(part(record, "$distinct_id")))


def of_given_group(record: object) -> Portrait:
    """Portray what came as an update of a group."""
    key, group = text(part(record, "$group_key")), text(part(record, "$group_id"))
    return Portrait(operation_of(record), f"{key}: {group}" if key or group else "")


OPERATIONS = (
    *("$set", "$set_once", "$add", "$append", "$union", "$remove", "$unset"),
    "$delete",
)


def operation_of(record: object) -> str:
    """Return the operations of a record, if it has any."""
    return ", ".join(name for name in OPERATIONS if part(record, name) is not None)


def part(value: object, name: str) -> object:
    """Return a part of a JSON object; None of anything else."""
    return value.get(name) if isinstance(value, dict) else None


def text(value: object) -> str:
    """Return a text, or a number as one; of anything else nothing."""
    if isinstance(value, str):
        return value
    return str(value) if type(value) is int and abs(value) < 10**30 else ""


def events_at(path: str) -> Sort[StoredEvent]:
    """Return what is shown of events that arrive at a path."""
    return Sort(path, "event", "event", of_event, of_given_event)


PROFILES = Sort("/engage", "profile", "profile update", of_profile, of_given_profile)
GROUPS = Sort("/groups", "group", "group update", of_group, of_given_group)
