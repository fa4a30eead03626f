"""What became of a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mixpanel_slack_report.exceptions import MixpanelSlackReportError
from mixpanel_slack_report.report import Report

__all__ = ["Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a run; any thread may share it.

    Attributes:
        report: What was reported; None if nothing was collected.
        posted: The channels that it was posted to, as readers know them.
        notices: Sentences about what went as it should.
        errors: What did not, the first one first.
    """

    report: Report | None = None
    posted: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    errors: tuple[MixpanelSlackReportError, ...] = ()

    @property
    def exit_code(self) -> int:
        """What a command exits with.

        0 sent, already sent or not due; 1 a channel did not get it, or may not have
        got it; 3 sent with something missing.
        """
        if self.errors:
            return 1
        return 3 if self.missing else 0

    @property
    def missing(self) -> tuple[str, ...]:
        """Sentences about what is missing in the report."""
        return self.report.missing if self.report else ()

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything to tell whoever asked, without secrets."""
        return (*map(str, self.errors), *self.missing, *self.notices)

    def with_notices(self, notices: Iterable[str]) -> Outcome:
        """Return the same with further notices."""
        return replace(self, notices=(*self.notices, *notices))
