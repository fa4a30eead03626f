"""What the panel of the debug toolbar shows of a request's messages."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from mixpanel_pyramid.journal import Entry, State
from mixpanel_pyramid.message import moment
from mixpanel_pyramid.recorded_messages import customerio_copy, operation_of
from mixpanel_schema import Property
from mixpanel_schema.json_values import Json

if TYPE_CHECKING:
    from mixpanel_pyramid.settings import TrackingSettings

__all__ = ["Cell", "Row", "destination_of", "message_row", "tally"]

SHORT = 120  # characters of a value that are shown at once
LONGEST = 20_000  # and on demand
MASK = "masked: personal data"
# Of every message; the panel shows the first two apart from what the app says.
SYSTEM = frozenset({"time", "$insert_id", "token", "mp_lib", "$lib_version"})
STATES = {
    State.RELEASED: "released",
    State.HELD: "would be released",
    State.WAITS: "waits",
    State.DISCARDED: "discarded",
    State.REFUSED: "refused",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A property and its value.

    Attributes:
        name: The property's name.
        text: Its value, cut where it is long.
        more: The whole of it, where it was cut.
        is_masked: Whether the value is personal data, and not shown.
    """

    name: str
    text: str
    more: str = ""
    is_masked: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A message.

    Attributes:
        title: The event, or the operation on a profile.
        kind: What it is: an event, a profile, a group, a copy for Customer.io.
        subject: Whose it is.
        moment: When it happened; empty while recording, as is the next.
        insert_id: What makes it this event and no other.
        where: The subrequest that it comes from, if it does.
        cells: Its properties.
        verdict: How it agrees with the plan.
        mended: What was cut in it or left out of it.
        state: What became of it.
        why: The reason.
        destination: Where it goes.
    """

    title: str
    kind: str
    subject: str
    moment: str
    insert_id: str
    where: str
    cells: tuple[Cell, ...]
    verdict: str
    mended: tuple[str, ...]
    state: str
    why: str
    destination: str


def message_row(entry: Entry, settings: TrackingSettings, where: str) -> Row:
    """Lay out an entry of the journal.

    Args:
        entry: The entry.
        settings: The application's settings, which say what is personal data.
        where: The request that the panel is about.
    """
    kind, title, subject, values, declared = anatomy(entry, settings)
    return Row(
        title=title,
        kind=kind,
        subject=subject,
        moment=happened(values),
        insert_id=shown(values.get("$insert_id")) if kind == "event" else "",
        where="" if entry.where == where else entry.where,
        cells=tuple(cells(values, declared)),
        verdict=verdict(entry),
        mended=entry.mended,
        state=STATES[entry.state],
        why=entry.why,
        destination=""
        if entry.state in (State.REFUSED, State.DISCARDED)
        else destination_of(entry.endpoint, settings),
    )


Declared = Mapping[str, Property]
Anatomy = tuple[str, str, str, Mapping[str, Json], Declared]


def anatomy(entry: Entry, settings: TrackingSettings) -> Anatomy:
    """Give kind, title, subject and values of a message, and the plan of the values."""
    plan, document = settings.plan, entry.document
    if entry.state is State.REFUSED:
        return "call", "not tracked", "", {}, {}
    operation = operation_of(document)
    if entry.endpoint == "people":
        who, values = shown(document.get("$distinct_id")), named(document[operation])
        return "profile", operation, who, values, plan.profile_properties
    if entry.endpoint == "groups":
        group = f"{document.get('$group_key')} {document.get('$group_id')}"
        values = named(document[operation])
        return "group", operation, group, values, plan.group_properties
    if entry.endpoint == "customer.io":
        copy = customerio_copy(document)
        declared = {**plan.event_properties, **plan.profile_properties}
        bare = {name.removeprefix("$"): prop for name, prop in declared.items()}
        who, values = shown(copy.distinct_id), named(copy.values)
        return "Customer.io", copy.title, who, values, {**bare, **declared}
    values = named(document.get("properties"))
    who = shown(values.pop("distinct_id", None))
    return "event", str(document.get("event")), who, values, plan.event_properties


def named(values: Json | Mapping[str, Json]) -> dict[str, Json]:
    """Give values by name; a list is one of names."""
    if isinstance(values, Mapping):
        return dict(values)
    return {"names": values} if isinstance(values, list) else {}


def cells(values: Mapping[str, Json], declared: Declared) -> Iterable[Cell]:
    """Show what the app says in a message, personal data masked."""
    for name in values:
        if name in SYSTEM:
            continue
        prop = declared.get(name)
        if prop is not None and prop.pii:
            yield Cell(name, MASK, is_masked=True)
        else:
            yield cell(name, values[name])


def cell(name: str, value: Json) -> Cell:
    """Show one value, with more of it on demand where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= SHORT:
        return Cell(name, text)
    whole = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return Cell(name, f"{text[:SHORT]}…", whole)


def happened(values: Mapping[str, Json]) -> str:
    """Say when an event happened, in UTC; empty where it does not say.

    >>> happened({"time": 1767355200.5})
    '2026-01-02 12:00:00.500 UTC'
    """
    seconds = moment(values, "time")
    if not seconds:
        return ""
    try:
        text = f"{datetime.fromtimestamp(seconds, timezone.utc):%Y-%m-%d %H:%M:%S.%f}"
    except (ValueError, OverflowError, OSError):  # no time that a calendar has
        return f"{seconds:g} s"
    return f"{text[:-3]} UTC"


def shown(value: object) -> str:
    """Show whose message it is."""
    return "" if value is None else str(value)


def verdict(entry: Entry) -> str:
    """Say how a message agrees with the plan."""
    if entry.state is State.REFUSED:
        return "refused"
    if entry.endpoint == "customer.io":
        return "copy"
    if not entry.is_checked:
        return "not compared: through api"
    return "mended" if entry.mended else "as declared"


def destination_of(endpoint: str, settings: TrackingSettings) -> str:
    """Say where the messages of an endpoint go.

    Args:
        endpoint: The endpoint.
        settings: The application's settings.
    """
    if settings.token is None:
        return "recorded only"
    if endpoint == "customer.io" and settings.customerio is not None:
        return settings.customerio.base_url
    return settings.base_url


def tally(entries: Iterable[Entry]) -> dict[str, int]:
    """Count what became of messages, in the order of the states.

    >>> tally([Entry("events", "GET /", None, State.DISCARDED)])
    {'discarded': 1}
    """
    counts = dict.fromkeys(STATES.values(), 0)
    for entry in entries:
        counts[STATES[entry.state]] += 1
    return {state: count for state, count in counts.items() if count}
