"""``GET /api/health``: when each report was last sent."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import timezone

from mixpanel_slack_report.exceptions import MixpanelSlackReportError
from mixpanel_slack_report.http.exchange import HttpAnswer, HttpRequest, json_answer
from mixpanel_slack_report.ledger.entries import Ledger
from mixpanel_slack_report.periods import PERIODS

__all__ = ["Health"]


@dataclass(frozen=True, slots=True)
class Health:
    """The endpoint; threads may share it. It tells nothing secret, and needs no key.

    Attributes:
        open_ledger: Opens the ledger for one request.
    """

    open_ledger: Callable[[], Ledger]

    def answer(self, request: HttpRequest) -> HttpAnswer:
        """Answer 200 with a time in UTC or null for each report, else 503."""
        try:
            with closing(self.open_ledger()) as ledger:
                sent = ledger.last_sent()
        except MixpanelSlackReportError:
            # What is wrong may name paths and hosts; anybody may ask for health.
            message = "the ledger cannot be read; check REPORT_LEDGER"
            return json_answer(503, {"status": "unavailable", "error": message})
        last_sent = {
            period: sent[period].astimezone(timezone.utc).isoformat(timespec="seconds")
            if period in sent
            else None
            for period in PERIODS
        }
        return json_answer(200, {"status": "ok", "last_sent": last_sent})
