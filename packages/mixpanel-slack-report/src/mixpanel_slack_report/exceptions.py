"""Everything this package raises on purpose.

    MixpanelSlackReportError
    ├ SettingsError     a setting or a line of report.toml is missing or wrong
    ├ WindowError       (also ValueError) the days asked for cannot be reported
    ├ CollectionError   Mixpanel gave no number at all
    ├ RequestRefusedError  an HTTP request that is not answered; has status
    ├ DeliveryError     Slack did not take the message; has outcome, status, body
    └ LedgerError       the ledger cannot be used
      ├ AlreadySentError     it was sent before, so nothing is posted
      └ OutcomeUnknownError  whether it was posted before is not known

Every message is one line without secrets: what was given, what is allowed, what to
do.
"""

from __future__ import annotations

from typing import Literal

__all__ = [
    "AlreadySentError",
    "CollectionError",
    "DeliveryError",
    "LedgerError",
    "MixpanelSlackReportError",
    "OutcomeUnknownError",
    "RequestRefusedError",
    "SettingsError",
    "WindowError",
]


class MixpanelSlackReportError(Exception):
    """Anything that keeps a report from being made or sent."""


class SettingsError(MixpanelSlackReportError):
    """Settings, or a report file, that cannot be used.

    Attributes:
        problems: Every problem found, each a sentence without its full stop.
    """

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


class WindowError(MixpanelSlackReportError, ValueError):
    """Days that cannot be reported: the wrong way round, or not over yet."""


class CollectionError(MixpanelSlackReportError):
    """No call to Mixpanel gave a number, so there is nothing to report.

    The first error of the client is its ``__cause__``.
    """


class RequestRefusedError(MixpanelSlackReportError, ValueError):
    """An HTTP request that is refused; its message is for whoever asked.

    Attributes:
        status: The HTTP status of the answer.
    """

    def __init__(self, message: str, *, status: int = 400) -> None:
        self.status = status
        super().__init__(message)


class DeliveryError(MixpanelSlackReportError):
    """Slack did not confirm the message.

    Attributes:
        outcome: ``"refused"`` if it surely was not posted, ``"unknown"`` if it may
            have been.
        status: The HTTP status of the answer; None if none came.
        body: What the answer said, if it is a word such as Slack's are; else empty,
            because an answer may quote the secret address.
    """

    def __init__(
        self,
        message: str,
        *,
        outcome: Literal["refused", "unknown"] = "unknown",
        status: int | None = None,
        body: str = "",
    ) -> None:
        self.outcome = outcome
        self.status = status
        self.body = body
        super().__init__(message)


class LedgerError(MixpanelSlackReportError):
    """A ledger that cannot be read or written."""


class AlreadySentError(LedgerError):
    """The very report was sent to the channel before."""


class OutcomeUnknownError(LedgerError):
    """A run ended while it posted; nobody knows whether the message is there."""
