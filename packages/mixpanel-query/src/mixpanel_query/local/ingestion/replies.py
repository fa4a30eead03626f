"""What the ingestion API answers: a digit, JSON, a pixel or a script.

https://developer.mixpanel.com/reference/track-event and
https://developer.mixpanel.com/reference/import-events
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypeAlias, TypeVar

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.ingestion.batches import Batch, Judged
from mixpanel_query.local.rules.basis import rests_on

__all__ = [
    "PIXEL",
    "Answer",
    "check_callback",
    "import_answer",
    "import_refused",
    "short_answer",
    "updates_answer",
]

# As documented; Python has another one since 3.13.
STATUS_TEXTS = {413: "Request Entity Too Large"}

INSERT_ID: Final = "$insert_id"

# One transparent dot.
PIXEL: Final = base64.b64decode(
    "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
)

# A function, or one of an object; what else a script may hold would be run.
CALLBACK: Final = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*", re.ASCII)
LONGEST_CALLBACK = 100

Kept = TypeVar("Kept")
FailedRecord: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the ingestion API, or of the App API.

    Attributes:
        status: The HTTP status code.
        body: A text, bytes, or a JSON object or array.
        media_type: What a text or bytes are.
    """

    status: int
    body: str | bytes | dict[str, object] | list[dict[str, object]]
    media_type: str = "text/plain"


def short_answer(batch: Batch[Kept], parameters: Mapping[str, str]) -> Answer:
    """Return the answer that only says whether one record was valid.

    Args:
        batch: The records.
        parameters: Those of the request, by which the answer has its form:
            ``verbose`` and ``callback``.
    """
    refused = batch.refused
    status = 1 if len(batch) > len(refused) else 0
    body: str | dict[str, object] = str(status)
    if parameters.get("verbose", "0") != "0":
        problem = str(refused[0].refusal) if refused else "the request has no records"
        body = {"error": None if status else problem, "status": status}
    callback = parameters.get("callback", "")
    if not callback:
        return Answer(200, body)
    rests_on("script-answers")
    said = body if isinstance(body, str) else json.dumps(body)
    return Answer(200, f"{callback}({said});", "text/javascript")


def check_callback(parameters: Mapping[str, str]) -> None:
    """Refuse a ``callback`` that is no name of a function.

    Raises:
        RequestRefusedError: If it could be anything else in a script.
    """
    name = parameters.get("callback", "")
    if name and (len(name) > LONGEST_CALLBACK or not CALLBACK.fullmatch(name)):
        raise RequestRefusedError(
            400,
            f"callback {name[:40]!r} is no name of a function; write one like "
            f"'app.tracked', of at most {LONGEST_CALLBACK} characters",
        )


def import_answer(batch: Batch[Kept], *, strict: bool) -> Answer:
    """Return the answer that counts records, and if it is strict lists refused ones."""
    imported = len(batch.kept)
    refused = batch.refused
    if strict and refused:
        problem = "some data points in the request failed validation"
        failed = [failed_record(judged) for judged in refused]
        return import_refused(400, problem, imported=imported, failed=failed)
    return Answer(200, {"code": 200, "num_records_imported": imported, "status": "OK"})


def updates_answer(batch: Batch[Kept]) -> Answer:
    """Return the answer that lists refused updates."""
    rests_on("strict-updates")
    refused = batch.refused
    if not refused:
        return import_answer(batch, strict=True)
    problem = "some records in the request failed validation"
    failed = [
        {key: value for key, value in failed_record(each).items() if key != INSERT_ID}
        for each in refused
    ]
    return import_refused(400, problem, imported=len(batch.kept), failed=failed)


def failed_record(judged: Judged[Kept]) -> FailedRecord:
    """Return what an answer says of a refused record."""
    record, refusal = judged.given, judged.refusal
    properties = record.get("properties") if isinstance(record, dict) else None
    insert_id = properties.get(INSERT_ID) if isinstance(properties, dict) else None
    return {
        "index": judged.index,
        INSERT_ID: insert_id if isinstance(insert_id, str) else "",
        "field": refusal.field if refusal else "",
        "message": str(refusal),
    }


def import_refused(
    status: int,
    problem: str,
    *,
    imported: int = 0,
    failed: Sequence[FailedRecord | str],
) -> Answer:
    """Return an error as ``/import`` gives it."""
    body: dict[str, object] = {
        "code": status,
        "error": problem,
        "status": STATUS_TEXTS.get(status) or HTTPStatus(status).phrase,
    }
    if status == 400:
        body |= {"num_records_imported": imported, "failed_records": list(failed)}
    return Answer(status, body)
