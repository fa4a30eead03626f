"""``GET|POST /api/CustomReport``: a report as JSON, posted to Slack as well."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from mixpanel_slack_report.exceptions import (
    CollectionError,
    DeliveryError,
    MixpanelSlackReportError,
    OutcomeUnknownError,
    RequestRefusedError,
    WindowError,
)
from mixpanel_slack_report.http.exchange import HttpAnswer, HttpRequest, json_answer
from mixpanel_slack_report.http.filled_orders import FilledOrder, OrderDesk
from mixpanel_slack_report.http.order_parameters import read_parameters

__all__ = ["CustomReport"]

STATUSES: tuple[tuple[type[MixpanelSlackReportError], int], ...] = (
    (WindowError, 400),
    (OutcomeUnknownError, 409),
    (CollectionError, 502),
    (DeliveryError, 502),
)


@dataclass(frozen=True, slots=True)
class CustomReport:
    """The endpoint; threads may share it.

    Attributes:
        desk: Fills the order.
        clock: Gives the current time, aware.
        new_trigger: Gives a text that no other request has.
    """

    desk: OrderDesk
    clock: Callable[[], datetime]
    new_trigger: Callable[[], str]

    def answer(self, request: HttpRequest) -> HttpAnswer:
        """Make the report, post it unless asked not to, and answer with its document.

        Raises:
            RequestRefusedError: If the parameters cannot be used.
        """
        asked = read_parameters(request)
        trigger = f"http:{read_repeat_key(request) or self.new_trigger()}"
        now = self.clock()
        filled = FilledOrder()
        try:
            if asked.send_slack:
                filled = self.desk.send(asked.order, asked_at=now, trigger=trigger)
            if filled.document is None and not filled.errors:
                # What was sent before is answered again, and not posted again.
                document = self.desk.make(asked.order, asked_at=now)
                filled = replace(filled, document=document)
        except MixpanelSlackReportError as error:
            filled = replace(filled, errors=(error,))
        return self.answer_filled(filled)

    def answer_filled(self, filled: FilledOrder) -> HttpAnswer:
        """Answer with the document, and with what went wrong."""
        document = {**(filled.document or {}), "slack_sent": filled.slack_sent}
        if not filled.errors:
            return json_answer(200, document)
        said = self.desk.hide(filled.problem)
        return json_answer(status_of(filled.errors[0]), {**document, "error": said})


def status_of(error: MixpanelSlackReportError) -> int:
    """Return the HTTP status of an error; 500 where something is wrong on this side."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def read_repeat_key(request: HttpRequest) -> str:
    """Return the ``Idempotency-Key``; empty if there is none.

    https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
    """
    key = request.header("Idempotency-Key").strip()
    if re.fullmatch(r"[!-~]{0,200}", key):
        return key
    message = (
        "the Idempotency-Key is no word of at most 200 ASCII signs; send one, or none"
    )
    raise RequestRefusedError(message)
