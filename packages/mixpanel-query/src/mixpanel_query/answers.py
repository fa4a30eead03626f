"""Answers: what a status and a body mean, as data or as an error.

Mixpanel documents no shape for its refusals; their text is taken from wherever
the known ones carry it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import Final, NoReturn

from mixpanel_query.credentials import Credentials
from mixpanel_query.exceptions import (
    CredentialsRefusedError,
    MixpanelDownError,
    QueryRefusedError,
    RateLimitedError,
    RefusedError,
)
from mixpanel_query.wire import Answer, QueryRequest

__all__ = [
    "RawAnswer",
    "decode_answer",
    "error_text",
    "load_json",
    "one_line",
    "refusal",
]

CHECK_CREDENTIALS: Final = "check username, secret, project id and the account's role"
CHECK_REGION: Final = (
    ", and that the project's data live in the region asked (us, eu or in)"
)

REMEDIES: Final[dict[int, tuple[type[RefusedError], str]]] = {
    400: (QueryRefusedError, "mend the question"),
    401: (CredentialsRefusedError, CHECK_CREDENTIALS),
    402: (RefusedError, "the project's plan has no access to this API"),
    403: (CredentialsRefusedError, CHECK_CREDENTIALS),
    404: (QueryRefusedError, "check base_url and what was asked for"),
    412: (QueryRefusedError, "mend the question"),
    501: (QueryRefusedError, "ask without it, or ask Mixpanel itself"),
}


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What came back, as bytes.

    Attributes:
        request: What was asked.
        source: Host that answered, and its region, for messages.
        status: The HTTP status code.
        headers: The HTTP headers, found by small letters.
        content: The body, no longer compressed.
        by_region: The host is that of a region, and no ``base_url`` replaced it.
    """

    request: QueryRequest
    source: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    by_region: bool = True


def decode_answer(raw: RawAnswer, credentials: Credentials) -> Answer:
    """Return the JSON document of a good answer.

    Raises:
        RefusedError: If the status is not 2xx; the subclass says why.
        UnreadableAnswerError: If the body is not JSON.
    """
    if not 200 <= raw.status < 300:
        raise refusal(raw, credentials)
    answer = Answer(raw.request, raw.source, None)
    problem, body = "", None
    try:
        body = load_json(raw.content)
    except ValueError as error:  # it holds the body, in which a secret may be
        text = one_line(credentials.redacted(raw.content.decode("utf-8", "replace")))
        problem = f"not JSON ({error}): {text!r}"
    if isinstance(body, dict) and says_no(body):
        text = error_text(credentials.redacted(json.dumps(body, ensure_ascii=False)))
        problem = f"its status is {raw.status}, but it tells of an error: {text}"
    if problem:
        raise answer.unreadable(problem)
    return Answer(raw.request, raw.source, body)


def says_no(body: Mapping[str, object]) -> bool:
    """Tell whether an answer says that there was an error, whatever its status.

    Names of segments and properties may stand at the same place, and are no text.

    >>> says_no({"status": "error"}), says_no({"error": {"count": 3}})
    (True, False)
    """
    error = body.get("error")
    return body.get("status") == "error" or (isinstance(error, str) and error != "")


def refusal(raw: RawAnswer, credentials: Credentials) -> RefusedError:
    """Return the error that a status other than 2xx stands for."""
    body = credentials.redacted(raw.content.decode("utf-8", "replace"))
    said = error_text(body)

    def message(remedy: str) -> str:
        return (
            f"{raw.source} refused {raw.request.path} ({raw.status}): {said}; {remedy}"
        )

    if raw.status == 429:
        return rate_limited(raw, body, message)
    usual: tuple[type[RefusedError], str] = (RefusedError, "check base_url")
    kind, remedy = REMEDIES.get(raw.status, usual)
    if raw.status >= 500 and raw.status not in REMEDIES:
        return down(raw, body, message)
    if kind is CredentialsRefusedError and raw.by_region:
        remedy += CHECK_REGION
    if 300 <= raw.status < 400:
        target = credentials.redacted(one_line(raw.headers.get("location", "")))
        remedy = f"it redirects to {target!r}; give the right base_url or region"
    return kind(message(remedy), request=raw.request, status=raw.status, body=body)


def rate_limited(
    raw: RawAnswer, body: str, message: Callable[[str], str]
) -> RateLimitedError:
    """Return the error of a project that has used up its queries."""
    seconds = retry_after(raw.headers)
    # https://developer.mixpanel.com/reference/rate-limits
    limits = "a project has 60 queries an hour and 5 at once"
    remedy = f"{limits}: ask again {when(seconds)}"
    return RateLimitedError(
        message(remedy),
        request=raw.request,
        status=raw.status,
        body=body,
        retry_after=seconds,
    )


def down(raw: RawAnswer, body: str, message: Callable[[str], str]) -> MixpanelDownError:
    """Return the error of a server that failed."""
    seconds = retry_after(raw.headers)
    return MixpanelDownError(
        message(f"try again {when(seconds)}"),
        request=raw.request,
        status=raw.status,
        body=body,
        retry_after=seconds,
    )


def when(seconds: float | None) -> str:
    """Say when to ask again."""
    return "later" if seconds is None else f"in {seconds:.0f} seconds"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that ``Retry-After`` asks for; None if it does not say.

    A date is counted from the server's own ``Date``, as clocks differ; from the clock
    here, if it sends none.

    >>> retry_after({"retry-after": "30"})
    30.0
    """
    asked = headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked)
    try:
        until = parsedate_to_datetime(asked)
        if sent := headers.get("date", ""):
            now = parsedate_to_datetime(sent)
        else:
            now = datetime.now(timezone.utc)
        seconds = (until - now).total_seconds()
    except (TypeError, ValueError, OverflowError):
        return None
    return max(seconds, 0.0)


def error_text(body: str) -> str:
    """Return what a refusal says: its ``error``, its ``message``, or its text.

    >>> error_text('{"error": "bad date", "status": "error"}')
    'bad date'
    """
    try:
        document = load_json(body.encode("utf-8", "surrogatepass"))
    except ValueError:
        document = None
    if isinstance(document, dict):
        error = document.get("error")
        if error and not isinstance(error, str):
            error = json.dumps(error)
        for said in (error, document.get("message")):
            if isinstance(said, str) and said.strip():
                return one_line(said)
    return one_line(body) or "no reason given"


def load_json(content: bytes) -> object:
    """Return the JSON document in ``content``, strictly as the standard has it.

    Raises:
        ValueError: If it is not UTF-8, not JSON, holds NaN, or is nested too deeply.
    """
    try:
        document: object = json.loads(content.decode("utf-8"), parse_constant=refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return document


def refuse(constant: str) -> NoReturn:
    """Refuse NaN and the infinities, which Python's parser lets pass."""
    raise ValueError(f"{constant} is not JSON")


def one_line(text: str, *, limit: int = 200) -> str:
    r"""Return the beginning of a text from outside, fit for a one-line message.

    >>> one_line("a\n  b\x1b[31m")
    'a b [31m'
    """
    shown = "".join(sign if sign.isprintable() else " " for sign in text[: limit * 4])
    shown = " ".join(shown.split())
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"
