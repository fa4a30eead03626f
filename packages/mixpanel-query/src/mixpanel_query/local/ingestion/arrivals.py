"""What happens to the events and updates that arrive, and the answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timezone
from functools import partial

from mixpanel_query.local.engine.event_names import EventNames
from mixpanel_query.local.engine.store import Engine, StoredEvent
from mixpanel_query.local.ingestion.batches import Batch, Judge, Sort, judge_batch, tell
from mixpanel_query.local.ingestion.dropped_by_lexicon import dropped_by_lexicon
from mixpanel_query.local.ingestion.events import EventRules, judge_event
from mixpanel_query.local.ingestion.group_updates import judge_group_update
from mixpanel_query.local.ingestion.identity_events import (
    identity_refused,
    names_identity,
    refuse_identity,
)
from mixpanel_query.local.ingestion.portraits import GROUPS, PROFILES, events_at
from mixpanel_query.local.ingestion.replies import (
    PIXEL,
    Answer,
    check_callback,
    import_answer,
    import_refused,
    short_answer,
    updates_answer,
)
from mixpanel_query.local.parameters.reading import flag
from mixpanel_query.local.profiles.group_keys import GroupKeys
from mixpanel_query.local.profiles.profile_store import update_profiles
from mixpanel_query.local.profiles.profile_updates import ProfileUpdate, judge_update
from mixpanel_query.local.records.bodies import form_fields, parse_records, unpack
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.settings import ProjectSettings

__all__ = [
    "Answer",
    "Arrival",
    "engage",
    "groups",
    "import_events",
    "import_refused",
    "track",
]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A request to the ingestion API.

    Attributes:
        body: Its body as it was sent.
        encoding: Its ``Content-Encoding``, in lower case; empty if it has none.
        content_type: Its ``Content-Type``, in lower case.
        query: The parameters of its URL.
        address: The IP address it came from.
        new_insert_id: Makes insert ids for events that have none.
    """

    body: bytes
    encoding: str
    content_type: str
    query: Mapping[str, str]
    address: str
    new_insert_id: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Records:
    """The records of a request and the parameters beside them."""

    records: list[object]
    parameters: Mapping[str, str]
    is_form: bool


def track(engine: Engine, settings: ProjectSettings, arrival: Arrival) -> Answer:
    """Take the events of ``POST /track``; the answer is 1 if one of them was valid.

    An event with another project's token is valid, and ignored.

    Raises:
        RequestRefusedError: If the body cannot be read.
    """
    given = read_records(arrival, gzip_allowed=True)
    check_callback(given.parameters)
    rules = event_rules(settings, arrival, imported=False, strict=False)
    batch = take_events(engine, settings, given, rules)
    if given.parameters.get("img", "0") not in ("", "0"):
        return Answer(200, PIXEL, "image/gif")
    return short_answer(batch, given.parameters)


def import_events(
    engine: Engine, settings: ProjectSettings, arrival: Arrival
) -> Answer:
    """Take the events of ``POST /import``; valid ones are kept beside refused ones.

    With ``strict=1``, which is the default, the answer lists the refused ones. With
    ``strict=0`` they are dropped, and what is missing is filled in as by ``/track``.
    A strict batch with events of Original ID Merge is refused, all of it.

    Raises:
        RequestRefusedError: If the body cannot be read.
    """
    given = read_records(arrival, gzip_allowed=True)
    # The official library sends a form without "strict", and wants a short answer.
    is_short = given.is_form and "strict" not in given.parameters
    strict = not is_short and given.parameters.get("strict", "1") != "0"
    if not strict:
        rests_on("imports-of-forms" if is_short else "imports-unless-strict")
    elif names_identity(given.records):
        refused = refuse_identity(given.records)
        tell(refused, events_at("/import"), settings)
        return identity_refused(refused)
    rules = event_rules(settings, arrival, imported=True, strict=strict)
    batch = take_events(engine, settings, given, rules)
    if is_short:
        return short_answer(batch, given.parameters)
    return import_answer(batch, strict=strict)


def take_events(
    engine: Engine, settings: ProjectSettings, given: Records, rules: EventRules
) -> Batch[StoredEvent]:
    """Judge events, keep those that may be kept, and tell of all."""
    rules = replace(rules, dropped=dropped_by_lexicon(engine))
    batch = judge_batch(given.records, partial(judge_event, rules=rules))
    remark_names(engine, settings.event_names, batch)
    engine.insert_events(batch.kept)
    tell(batch, events_at("/import" if rules.imported else "/track"), settings)
    return batch


def remark_names(engine: Engine, names: EventNames, batch: Batch[StoredEvent]) -> None:
    """Say of events that are not kept yet if their name is one too many."""
    given = dict.fromkeys(event.event for event in batch.kept)
    beyond = names.beyond(engine, list(given))
    for judged in batch if beyond else ():
        if judged.kept is not None and judged.kept.event in beyond:
            judged.notes.remarks.append(
                f"the project has {names.most:,} names of events already; "
                "Mixpanel keeps events with others, and does not index them"
            )


def engage(engine: Engine, settings: ProjectSettings, arrival: Arrival) -> Answer:
    """Take the updates of profiles of ``POST /engage``, in order of their ``$time``.

    Raises:
        RequestRefusedError: If the body cannot be read.
    """
    now = settings.now().astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    judge = partial(judge_update, token=settings.token, now=now)
    return take_updates(engine, settings, arrival, judge, PROFILES)


def groups(engine: Engine, settings: ProjectSettings, arrival: Arrival) -> Answer:
    """Take the updates of profiles of groups of ``POST /groups``.

    Raises:
        RequestRefusedError: If the body cannot be read.
    """
    keys = GroupKeys(engine, settings)
    judge = partial(judge_group_update, token=settings.token, group_keys=keys)
    return take_updates(engine, settings, arrival, judge, GROUPS)


def take_updates(
    engine: Engine,
    settings: ProjectSettings,
    arrival: Arrival,
    judge: Judge[ProfileUpdate],
    sort: Sort[ProfileUpdate],
) -> Answer:
    """Take updates, and answer shortly, or with every error if that is wanted."""
    given = read_records(arrival, gzip_allowed=False)
    check_callback(given.parameters)
    strict = flag(given.parameters, "strict")
    batch = judge_batch(given.records, judge)
    updates = batch.kept
    order = order_of_time(updates, settings.now_ms())
    refused = update_profiles(engine, [updates[place] for place in order])
    batch.refuse({order[place]: refusal for place, refusal in refused.items()})
    tell(batch, sort, settings)
    return updates_answer(batch) if strict else short_answer(batch, given.parameters)


def order_of_time(updates: list[ProfileUpdate], now_ms: int) -> list[int]:
    """Return the places of updates in the order in which they were made."""

    def time(place: int) -> int:
        given = updates[place].time_ms
        return now_ms if given is None else given

    order = sorted(range(len(updates)), key=time)
    if order != list(range(len(updates))):
        rests_on("order-of-updates")
    return order


def read_records(arrival: Arrival, *, gzip_allowed: bool) -> Records:
    """Return the records of a request."""
    body = unpack(arrival.body, arrival.encoding, gzip_allowed=gzip_allowed)
    form = form_fields(body)
    if not body and arrival.query.get("data"):
        rests_on("data-in-the-url")
        form = dict(arrival.query)
    records = parse_records(body, form, arrival.content_type)
    return Records(records, {**(form or {}), **arrival.query}, form is not None)


def event_rules(
    settings: ProjectSettings, arrival: Arrival, *, imported: bool, strict: bool
) -> EventRules:
    """Return the rules for the events of a request."""
    return EventRules(
        now_ms=settings.now_ms(),
        # A user who is not named is a hash of the address the request came from.
        sender=hashlib.sha256(arrival.address.encode()).hexdigest()[:32],
        new_insert_id=arrival.new_insert_id,
        strict=strict,
        imported=imported,
        token=settings.token,
    )
