"""The parameters of ``/api/CustomReport``, in its address or in its body."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from mixpanel_slack_report.exceptions import RequestRefusedError
from mixpanel_slack_report.http.exchange import HttpRequest, form_fields
from mixpanel_slack_report.http.orders import ORDERED_PERIODS, ReportOrder
from mixpanel_slack_report.wording import readable

__all__ = ["PARAMETERS", "OrderAsked", "read_parameters"]

PARAMETERS = ("period", "send_slack", "from_date", "to_date", "events")
# The key, which is checked elsewhere, and what Azure puts beside it.
NOT_OURS = ("code", "clientId")
TRUE, FALSE = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


@dataclass(frozen=True, slots=True)
class OrderAsked:
    """What the parameters ask for.

    Attributes:
        order: The report.
        send_slack: Whether it is posted too.
    """

    order: ReportOrder
    send_slack: bool


def read_parameters(request: HttpRequest) -> OrderAsked:
    """Read the parameters; a value of the body wins over one of the address.

    Raises:
        RequestRefusedError: With what is allowed.
    """
    query = form_fields(request.query)
    given = {name: value for name, value in query.items() if name not in NOT_OURS}
    given |= body_fields(request)
    for name in given:
        if name not in PARAMETERS:
            allowed = ", ".join(PARAMETERS)
            message = f"{readable(name)!r} is no parameter; allowed are {allowed}"
            raise RequestRefusedError(message)
    said = {name: value.strip() for name, value in given.items() if value.strip()}
    return OrderAsked(read_order(said), truth(said.get("send_slack", "true")))


def read_order(said: Mapping[str, str]) -> ReportOrder:
    """Make the order; two dates make it a custom report, whatever the period."""
    from_date, to_date = (
        iso_day(name, said[name]) if name in said else None
        for name in ("from_date", "to_date")
    )
    if (from_date is None) != (to_date is None):
        message = "from_date and to_date go together; give both as YYYY-MM-DD"
        raise RequestRefusedError(message)
    period = said.get("period", "daily").lower()
    if period == "custom" and from_date is None:
        message = "a custom report takes from_date and to_date; give both as YYYY-MM-DD"
        raise RequestRefusedError(message)
    if period not in (*ORDERED_PERIODS, "custom"):
        allowed = ", ".join(ORDERED_PERIODS)
        message = f"period {readable(period)!r} is not known; give one of {allowed}"
        raise RequestRefusedError(message)
    events = tuple(name.strip() for name in said.get("events", "").split(","))
    named = tuple(dict.fromkeys(filter(None, events)))
    kind = period if from_date is None else "custom"
    return ReportOrder(kind, from_date, to_date, events=named)


def iso_day(name: str, text: str) -> date:
    """Convert a day written as YYYY-MM-DD."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass  # a day that the calendar does not have
    message = f"{name} {readable(text)!r} is no day; write it as 2026-11-16"
    raise RequestRefusedError(message)


def truth(text: str) -> bool:
    """Convert yes and no, in the usual ways to write them."""
    if text.lower() in (*TRUE, *FALSE):
        return text.lower() in TRUE
    message = f"send_slack {readable(text)!r} is neither; give true or false"
    raise RequestRefusedError(message)


def body_fields(request: HttpRequest) -> dict[str, str]:
    """Read the fields of the body: a JSON object or a form.

    curl calls JSON a form where nobody tells it, so an opening brace counts more
    than the content type.
    """
    try:
        text = request.body.decode().strip()
    except UnicodeDecodeError as error:
        raise RequestRefusedError("the body is not UTF-8; send JSON") from error
    kind = request.header("Content-Type").partition(";")[0].strip().lower()
    if not text:
        return {}
    if text.startswith("{") or kind == "application/json":
        return json_fields(text)
    if kind == "application/x-www-form-urlencoded":
        return form_fields(text)
    raise RequestRefusedError("the body is neither a JSON object nor a form; send one")


def json_fields(text: str) -> dict[str, str]:
    """Read the fields of a JSON object; null counts as not given."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestRefusedError("the body is no JSON; send an object") from error
    if not isinstance(document, dict):
        raise RequestRefusedError("the body is no JSON object; send an object")
    return {
        name: field_text(name, value)
        for name, value in document.items()
        if value is not None
    }


def field_text(name: str, value: object) -> str:
    """Write a JSON value as it would be written in an address."""
    if isinstance(value, bool):
        return str(value).lower()
    texts = [text for text in listed(value) if isinstance(text, str)]
    if len(texts) < len(listed(value)) or not all(map(is_unicode, texts)):
        message = f"{readable(name)!r} is neither text nor true or false; give one"
        raise RequestRefusedError(message)
    if isinstance(value, list) and any("," in text for text in texts):
        problem = f"a name in {readable(name)!r} has a comma, which separates names"
        message = f"{problem}; rename it"
        raise RequestRefusedError(message)
    return ",".join(texts)


def listed(value: object) -> list[object]:
    """Return a list as it is, and anything else as a list of one."""
    return value if isinstance(value, list) else [value]


def is_unicode(text: str) -> bool:
    r"""Whether text can be sent on; JSON can write half a character.

    >>> is_unicode("Größe"), is_unicode("\ud800")
    (True, False)
    """
    return not any("\ud800" <= sign <= "\udfff" for sign in text)
