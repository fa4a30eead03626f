"""What happens to a request to the Track API, and its answer.

https://docs.customer.io/integrations/api/track/
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from mixpanel_query.local.customerio.actions import Done
from mixpanel_query.local.customerio.limits import (
    LARGEST_BATCH,
    LARGEST_ITEM,
    is_too_large,
)
from mixpanel_query.local.customerio.operations import Operation
from mixpanel_query.local.customerio.people_store import apply_operations
from mixpanel_query.local.customerio.portraits import portrait, portrait_of_item
from mixpanel_query.local.customerio.track_answers import item_error
from mixpanel_query.local.customerio.track_v1 import (
    V1_PATHS,
    V1_UNANSWERED,
    Words,
    shape_of,
)
from mixpanel_query.local.customerio.track_v2 import read_item
from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.ingestion.arrival_log import log_batch
from mixpanel_query.local.ingestion.batches import Portrait
from mixpanel_query.local.records.bodies import parse_json
from mixpanel_query.local.records.judging import Refusal, check_storable
from mixpanel_query.local.records.verdicts import Verdict
from mixpanel_query.local.rules.basis import never_answered, rests_on
from mixpanel_query.local.settings import ProjectSettings

__all__ = ["TrackAnswer", "TrackRequest", "answer_track"]

BATCH: Final = "/api/v2/batch"


@dataclass(frozen=True, slots=True)
class TrackRequest:
    """A request to the Track API.

    Attributes:
        method: Its HTTP method.
        version: ``v1`` or ``v2``.
        parts: What follows in its path, each part as it was before it was encoded.
        body: Its body.
        address: Where it was sent, without a path.
    """

    method: str
    version: str
    parts: list[str]
    body: bytes
    address: str


@dataclass(frozen=True, slots=True)
class TrackAnswer:
    """An answer of the Track API: a status and a JSON object."""

    status: int
    body: dict[str, object]


@dataclass(frozen=True, slots=True)
class Item:
    """What one item of a request wants, or why it is refused."""

    operation: Operation | None
    refusal: Refusal | None = None
    given: Portrait = field(default_factory=Portrait)


def answer_track(
    engine: Engine, settings: ProjectSettings, request: TrackRequest
) -> TrackAnswer:
    """Take a request.

    Raises:
        Refusal: If all of it is refused, for something that is wrong with it.
        RequestRefusedError: If it is not there, or cannot be read.
    """
    path = "/".join(request.parts)
    if request.version == "v1":
        return answer_v1(engine, settings, request)
    if path not in ("entity", "batch"):
        raise no_such_path(request)
    if request.method != "POST":
        raise RequestRefusedError(405, f"/api/v2/{path} takes POST")
    if path == "entity":
        return answer_entity(engine, settings, request.body)
    return answer_batch(engine, settings, request.body)


def answer_v1(
    engine: Engine, settings: ProjectSettings, request: TrackRequest
) -> TrackAnswer:
    """Take one operation of the v1 API."""
    shape, chosen = shape_of(request.parts)
    if (request.method, shape) == ("GET", "accounts/region"):
        rests_on("customerio-region")
        region: dict[str, object] = {"url": request.address, "region": "us"}
        return TrackAnswer(200, {**region, "environment_id": settings.project_id or 1})
    if (request.method, shape) not in V1_PATHS:
        raise no_such_path(request)
    action, read = V1_PATHS[request.method, shape]
    words = {} if request.method == "DELETE" else read_words(request.body)
    try:
        check_storable("body", words)
        item = Item(read(chosen, words))
    except Refusal as refusal:
        who = chosen[0] if chosen else words.get("anonymous_id")
        item = Item(None, refusal, portrait(action, who, words))
    take(engine, settings, f"/api/v1/{shape}", [item])
    if item.refusal:
        raise item.refusal
    return TrackAnswer(200, {})


def no_such_path(request: TrackRequest) -> RequestRefusedError:
    """Return the error for a path that is not there, or not here."""
    if request.version == "v1" and request.parts[0] in V1_UNANSWERED:
        path = f"{request.method} /api/v1/{request.parts[0]}"
        return never_answered("customerio-other-paths", path)
    return RequestRefusedError(404, f"Customer.io has no {request.method} there")


def answer_entity(
    engine: Engine, settings: ProjectSettings, body: bytes
) -> TrackAnswer:
    """Take ``POST /api/v2/entity``."""
    if is_too_large(len(body), LARGEST_ITEM):
        raise Refusal("", f"the request must be smaller than {LARGEST_ITEM}kb")
    item = judge_item(read_words(body))
    take(engine, settings, "/api/v2/entity", [item])
    if item.refusal:
        raise item.refusal
    return TrackAnswer(200, {})


def answer_batch(engine: Engine, settings: ProjectSettings, body: bytes) -> TrackAnswer:
    """Take ``POST /api/v2/batch``; what is wrong with an item spares the others."""
    if is_too_large(len(body), LARGEST_BATCH):
        raise Refusal("", f"the request must be smaller than {LARGEST_BATCH}kb")
    batch = read_words(body).get("batch")
    if not isinstance(batch, list) or not batch:
        raise Refusal("batch", "batch must be a list with at least one item")
    items = [judge_item(each) for each in batch]
    take(engine, settings, BATCH, items)
    errors: list[object] = [
        item_error(item.refusal, index)
        for index, item in enumerate(items)
        if item.refusal
    ]
    return TrackAnswer(207, {"errors": errors}) if errors else TrackAnswer(200, {})


def judge_item(item: object) -> Item:
    """Return what an item wants, or why it is refused."""
    try:
        size = len(check_storable("item", item).encode())
        if is_too_large(size - 1, LARGEST_ITEM):
            raise Refusal("", f"an item must have {LARGEST_ITEM}kb or less")
        return Item(read_item(item))
    except Refusal as refusal:
        rests_on("customerio-error-words")
        return Item(None, refusal, portrait_of_item(item))


def read_words(body: bytes) -> Words:
    """Return the JSON object of a body; an empty one has no words."""
    words = parse_json(body) if body.strip() else {}
    if not isinstance(words, dict):
        raise Refusal("", "the body must be a JSON object")
    return words


def take(
    engine: Engine, settings: ProjectSettings, path: str, items: Sequence[Item]
) -> None:
    """Do what items want, and tell what became of each."""
    operations = [item.operation for item in items if item.operation]
    now_ms = settings.now_ms()
    done = iter(apply_operations(engine, operations, now_ms) if operations else [])
    time = settings.now()
    verdicts = []
    for index, item in enumerate(items):
        if item.operation is None:
            said = Done("refused", (str(item.refusal),))
        else:
            said = next(done)
        verdicts.append(
            Verdict(
                time=time,
                path=path,
                index=index,
                kind="customer",
                name=name_of(item),
                distinct_id=whom(item),
                outcome=said.outcome,
                problems=said.problems,
                properties=said.properties,
            )
        )
    settings.verdicts.add(verdicts)
    if operations or path == BATCH:
        # All else that is refused is told of where it is answered.
        names = [name_of(item) for item in items if item.operation]
        problems = [str(item.refusal) for item in items if item.refusal]
        log_batch(path, "customer update", names, given=len(items), problems=problems)


def name_of(item: Item) -> str:
    """Return what a verdict calls an item: an event by its name."""
    operation = item.operation
    if operation is None:
        return item.given.name
    return operation.event.name if operation.event else operation.action


def whom(item: Item) -> str:
    """Return whom an item is about, as the request says it."""
    operation = item.operation
    if operation is None:
        return item.given.distinct_id
    if operation.who:
        return str(operation.who)
    return operation.event.anonymous_id if operation.event else ""
