"""The run that everything shares: claim, collect, post, and put it on record.

Every channel is claimed before Mixpanel is asked: of twenty runs at once, one asks and
posts, and the others wait until it is on record that they have nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime

from mixpanel_slack_report.exceptions import (
    AlreadySentError,
    CollectionError,
    DeliveryError,
    LedgerError,
    MixpanelSlackReportError,
    OutcomeUnknownError,
)
from mixpanel_slack_report.ledger.entries import SCHEDULE, Claim, EntryKey, Ledger
from mixpanel_slack_report.report import Report
from mixpanel_slack_report.runs.due_days import reason_not_due
from mixpanel_slack_report.runs.job import Job, Telling, quietly, run_job, utc_now
from mixpanel_slack_report.runs.outcome import Outcome
from mixpanel_slack_report.slack.blocks import build_details, build_messages
from mixpanel_slack_report.slack.destinations import Destination, destinations_of
from mixpanel_slack_report.slack.ladder import Posted, post_details, post_report
from mixpanel_slack_report.slack.message import SlackMessage

__all__ = ["Outcome", "collect_job", "send_report"]


def send_report(
    job: Job,
    *,
    ledger: Ledger,
    trigger: str = SCHEDULE,
    force: bool = False,
    telling: Telling = quietly,
    clock: Callable[[], datetime] = utc_now,
) -> Outcome:
    """Collect a report and post it to every channel, to each at most once.

    Ctrl-C goes through: what was being posted is ``unknown`` then, what was only
    claimed is free again.

    Args:
        job: What is reported.
        ledger: The memory between runs.
        trigger: What set the run off; whatever is not ``SCHEDULE`` was asked for by
            somebody, who gets the latest report also where none is due.
        force: Whether to post though it was posted, or may have been.
        telling: Gives whom to tell of each question.
        clock: Gives the current time, with its timezone.
    """
    run = Run(job, trigger, ledger)
    try:
        reason = reason_not_due(job) if trigger == SCHEDULE else ""
        if reason:
            return Outcome(notices=(f"Nothing sent: {reason}.",))
        with ExitStack() as stack:
            claimed = run.claim(stack, destinations_of(job.settings), force=force)
            if claimed:
                run.report = collect_job(job, telling=telling, clock=clock)
                run.post(run.report, claimed, clock())
    except MixpanelSlackReportError as error:
        run.errors.append(error)
    return run.outcome()


def collect_job(
    job: Job,
    *,
    telling: Telling = quietly,
    clock: Callable[[], datetime] = utc_now,
) -> Report:
    """Collect a report that is worth to be posted.

    Raises:
        CollectionError: If not a single number could be had.
        SettingsError: If Mixpanel cannot be asked with these settings.
    """
    report = run_job(job, telling=telling, clock=clock)
    if not report.has_numbers:
        reason = f"nothing was sent, as no number could be had. {report.missing[0]}"
        raise CollectionError(reason)
    return report


@dataclass
class Run:
    """One run, and what became of it so far; one thread uses it.

    Attributes:
        job: What is reported.
        trigger: What set it off.
        ledger: The memory between runs.
        report: What was collected; None before.
        posted: The channels that it was posted to.
        notices: Sentences about what went as it should.
        errors: What did not.
    """

    job: Job
    trigger: str
    ledger: Ledger
    report: Report | None = None
    posted: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    errors: list[MixpanelSlackReportError] = field(default_factory=list)

    def claim(
        self, stack: ExitStack, destinations: Sequence[Destination], *, force: bool
    ) -> list[tuple[Destination, Claim]]:
        """Claim the posting to each channel, until the stack is left.

        They are claimed in one order by all runs, so that no two wait for each other.
        A ledger that says the same twice is not asked again.
        """
        claimed = []
        for destination in sorted(destinations, key=lambda one: one.key):
            claim = self.ledger.claim(self.key_of(destination), force=force)
            try:
                claimed.append((destination, stack.enter_context(claim)))
            except AlreadySentError as error:
                to = f" to {destination.shown}" if len(destinations) > 1 else ""
                self.notices.append(f"Nothing sent{to}: {error}.")
            except OutcomeUnknownError as error:
                self.errors.append(named(error, destination, destinations))
            except LedgerError as error:
                if not self.is_new(error):
                    break
        return claimed

    def is_new(self, error: MixpanelSlackReportError) -> bool:
        """Keep an error unless it was said before; whether it was not."""
        is_new = str(error) not in map(str, self.errors)
        if is_new:
            self.errors.append(error)
        return is_new

    def key_of(self, destination: Destination) -> EntryKey:
        """Return what is posted at most once to a channel."""
        window = self.job.windows.current
        return EntryKey(
            trigger=self.trigger,
            report=self.job.windows.period,
            from_date=window.from_date,
            to_date=window.to_date,
            channel=destination.key,
            source=self.job.source,
        )

    def post(
        self,
        report: Report,
        claimed: Sequence[tuple[Destination, Claim]],
        now: datetime,
    ) -> None:
        """Post to each claimed channel; one that fails does not stop the others."""
        messages, details = build_messages(report), build_details(report)
        window = self.job.windows.current
        sent = f"{report.windows.period} report {window.from_date} to {window.to_date}"
        for destination, claim in claimed:
            try:
                posted = self.post_once(messages, destination, claim, now)
                to = f" to {destination.shown}" if len(claimed) > 1 else ""
                self.notices.append(f"Sent the {sent}{to}.")
                claim.settle("sent", "")
            except (DeliveryError, LedgerError) as error:
                self.is_new(error)
                continue
            if problem := post_details(details, destination, posted):
                self.notices.append(f"In {destination.shown} {problem}.")

    def post_once(
        self,
        messages: Sequence[SlackMessage],
        destination: Destination,
        claim: Claim,
        now: datetime,
    ) -> Posted:
        """Post a report to one channel, with that on record beforehand.

        Raises:
            DeliveryError: If it was not posted, or may have been; it is on record.
            LedgerError: If that cannot be put on record.
        """
        claim.posting()
        try:
            posted = post_report(messages, destination, self.ledger, now=now)
        except DeliveryError as error:
            try:
                claim.settle(error.outcome, str(error))
            except LedgerError as second:
                self.is_new(second)
            raise
        self.posted.append(destination.shown)
        return posted

    def outcome(self) -> Outcome:
        """Return what became of it."""
        return Outcome(
            self.report, tuple(self.posted), tuple(self.notices), tuple(self.errors)
        )


def named(
    error: OutcomeUnknownError, one: Destination, among: Sequence[Destination]
) -> OutcomeUnknownError:
    """Say which of several channels is to be looked at."""
    return OutcomeUnknownError(f"{one.shown}: {error}") if len(among) > 1 else error
