"""What keeps a row of a file from being an event or a profile."""

from __future__ import annotations

from typing import Any

from mixpanel_query.local.records.event_times import time_in_ms
from mixpanel_query.local.records.judging import Refusal, check_storable

__all__ = ["event_problem", "profile_problem"]

AN_ARRAY = "an array: give each event a line of its own, as jq -c '.[]' writes them"


def event_problem(row: object) -> str:
    """Say what keeps a row from being an event of the raw export; empty if nothing."""
    if not isinstance(row, dict) or not isinstance(row.get("event"), str):
        no_event = "no event: it needs an 'event', which is a text"
        return AN_ARRAY if isinstance(row, list) else no_event
    if not row["event"]:
        return "the name of the event is empty"
    properties = row.get("properties")
    if not isinstance(properties, dict):
        return "no event: it needs 'properties', which are an object"
    if time_in_ms(properties.get("time")) is None:
        return "'properties.time' must be epoch seconds or milliseconds"
    if isinstance(properties.get("distinct_id"), dict | list):
        return "'properties.distinct_id' must be a text"
    return storing_problem(row)


def profile_problem(row: object) -> str:
    """Say what keeps a row from being a profile; empty if nothing."""
    if not isinstance(row, dict) or not isinstance(row.get("$distinct_id"), str):
        return "no profile: it needs a '$distinct_id', which is a text"
    if not isinstance(row.get("$properties"), dict):
        return "no profile: it needs '$properties', which are an object"
    return storing_problem(row)


def storing_problem(row: dict[str, Any]) -> str:
    """Say what the store cannot hold of a row; empty if it can hold all."""
    try:
        check_storable("the line", row)
    except Refusal as refusal:
        return refusal.message
    return ""
