"""Everything this package raises on purpose.

    MixpanelSlackReportError
    ├ SettingsError     a setting or a line of report.toml is missing or wrong
    ├ WindowError       (also ValueError) the days asked for cannot be reported
    ├ CollectionError   Mixpanel gave no number at all
    └ DeliveryError     Slack did not take the message; has status, body

Every message is one line without secrets: what was given, what is allowed, what to
do.
"""

from __future__ import annotations

__all__ = [
    "CollectionError",
    "DeliveryError",
    "MixpanelSlackReportError",
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


class DeliveryError(MixpanelSlackReportError):
    """Slack did not confirm the message.

    Attributes:
        status: The HTTP status of the answer; None if none came.
        body: What the answer said, if it is a word such as Slack's are; else empty,
            because an answer may quote the secret address.
    """

    def __init__(
        self, message: str, *, status: int | None = None, body: str = ""
    ) -> None:
        self.status = status
        self.body = body
        super().__init__(message)
