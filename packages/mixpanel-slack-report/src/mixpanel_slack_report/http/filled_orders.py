"""What became of an order, and who fills orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mixpanel_slack_report.exceptions import (
    DeliveryError,
    MixpanelSlackReportError,
    OutcomeUnknownError,
)
from mixpanel_slack_report.http.orders import ReportOrder

__all__ = ["FilledOrder", "OrderDesk"]


@dataclass(frozen=True, slots=True)
class FilledOrder:
    """What became of an order; any thread may share it.

    Attributes:
        document: The JSON-ready document of the report; None if none was made, because
            of an error or because it was sent before.
        in_slack: Whether it is in a channel of Slack, from now or from before.
        lines: Sentences on what went as it should, and on what is missing.
        errors: What went wrong, the first one first; their texts may hold secrets.
    """

    document: Mapping[str, object] | None = None
    in_slack: bool = False
    lines: tuple[str, ...] = ()
    errors: tuple[MixpanelSlackReportError, ...] = ()

    @property
    def slack_sent(self) -> bool | None:
        """Whether it is in Slack; None if nobody knows."""
        unknown = any(map(is_unknown, self.errors))
        return None if unknown and not self.in_slack else self.in_slack

    @property
    def problem(self) -> str:
        """What went wrong, for whoever ordered it; it may hold secrets."""
        return "; ".join(map(problem_text, self.errors))


class OrderDesk(Protocol):
    """Fills orders; several threads may use it at once."""

    def make(self, order: ReportOrder, *, asked_at: datetime) -> Mapping[str, object]:
        """Make the JSON-ready document of a report, and post nothing.

        Args:
            order: What is ordered.
            asked_at: When, aware; the days follow from it.

        Raises:
            MixpanelSlackReportError: If it cannot be made.
        """

    def send(
        self, order: ReportOrder, *, asked_at: datetime, trigger: str
    ) -> FilledOrder:
        """Make the report and post it, once for a trigger.

        Args:
            order: What is ordered.
            asked_at: When, aware; the days follow from it.
            trigger: What tells this order from every other.

        Raises:
            MixpanelSlackReportError: If it cannot even be begun.
        """

    def hide(self, text: str) -> str:
        """Take secrets out of a text."""


def is_unknown(error: MixpanelSlackReportError) -> bool:
    """Whether an error leaves open what was posted."""
    if isinstance(error, DeliveryError):
        return error.outcome == "unknown"
    return isinstance(error, OutcomeUnknownError)


def problem_text(error: MixpanelSlackReportError) -> str:
    """Say what went wrong to somebody who has no command line to repeat it with."""
    if isinstance(error, OutcomeUnknownError):
        look = "look at the channel before you ask again"
        return f"an earlier try ended before it was known whether it posted; {look}"
    return str(error)
