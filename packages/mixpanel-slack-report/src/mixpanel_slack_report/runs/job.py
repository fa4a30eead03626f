"""Turns the environment and the days asked for into a report."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from hashlib import blake2b
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

from mixpanel_slack_report.collection.progress import Tell, tell_nobody
from mixpanel_slack_report.periods import (
    ReportWindows,
    check_over,
    custom_windows,
    windows_due,
)
from mixpanel_slack_report.report import Report, collect_report
from mixpanel_slack_report.report_file import ReportFile, read_report_file
from mixpanel_slack_report.runs.connection import ToldTimezone, ask_timezone, connect
from mixpanel_slack_report.runs.days import DaysAsked
from mixpanel_slack_report.runs.project_link import project_link
from mixpanel_slack_report.settings import (
    Settings,
    check_certificates,
    read_environment,
    read_settings,
)

# Gives whom to tell of each question, for as long as they are asked.
Telling: TypeAlias = Callable[[], AbstractContextManager[Tell]]

__all__ = [
    "Job",
    "Telling",
    "own_environment",
    "prepare_job",
    "quietly",
    "run_job",
    "utc_now",
]


@dataclass(frozen=True, slots=True)
class Job:
    """A report that is about to be made; any thread may share it.

    Attributes:
        settings: Whom to ask, and where to post.
        report_file: What to measure.
        timezone: IANA name of the project's timezone.
        due: The day the report is due; today if none was given.
        windows: The days to report and to compare with.
        events: The events that were asked for by name, in place of the file's
            metrics; empty for the file's.
        doubts: Sentences about what is not known of the days, for the report.
    """

    settings: Settings
    report_file: ReportFile
    timezone: str
    due: date
    windows: ReportWindows
    events: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """What the numbers come from, as a digest: the project and what is measured.

        The report file counts by its place, so that a report that was sent is not
        sent again because somebody mended its file.
        """
        settings = self.settings
        file = settings.report_file and settings.report_file.absolute()
        host = settings.base_url or settings.region
        parts = (host, settings.project_id, file, *self.events)
        text = "\n".join(map(str, parts))
        return blake2b(text.encode(errors="replace"), digest_size=8).hexdigest()


def quietly() -> AbstractContextManager[Tell]:
    """Tell nobody."""
    return nullcontext(tell_nobody)


def own_environment() -> dict[str, str]:
    """Return the variables of this process, over those of ``.env`` in its folder.

    Raises:
        SettingsError: If that file, or the file of certificates, cannot be read.
    """
    check_certificates(os.environ)
    return read_environment(os.environ, Path(".env"))


def prepare_job(
    days: DaysAsked,
    environ: Mapping[str, str],
    *,
    to_send: bool,
    now: datetime,
    events: Sequence[str] = (),
    ask: Callable[[Settings], ToldTimezone] = ask_timezone,
) -> Job:
    """Read the settings and the report file, and work out the days.

    Args:
        days: The days as a command or a request names them.
        environ: The variables.
        to_send: Whether a missing webhook is named with everything else that is.
        now: The current time, with its timezone.
        events: Events to count, in place of the metrics of the report file.
        ask: Asks Mixpanel for the project's timezone, where neither the settings nor
            the report file name one; where it is not told, days are those of UTC.

    Raises:
        SettingsError: With everything that is missing or wrong.
        WindowError: If the days are the wrong way round, or not over.
    """
    settings = read_settings(environ, to_send=to_send)
    report_file = ReportFile()
    if settings.report_file is not None:
        report_file = read_report_file(settings.report_file)
    told = ToldTimezone(settings.timezone or report_file.timezone)
    if told.timezone is None:
        told = ask(settings)
    zone = told.timezone or "UTC"
    today = now.astimezone(ZoneInfo(zone)).date()
    due = days.due or today
    windows = windows_of(days, due, report_file, zone)
    check_over(windows, today=today)
    named = tuple(dict.fromkeys(events))
    if named:
        report_file = report_file.of_events(named)
    return Job(
        settings,
        report_file,
        zone,
        due,
        windows,
        named,
        doubts=tuple(filter(None, [told.doubt])),
    )


def windows_of(
    days: DaysAsked, due: date, report_file: ReportFile, zone: str
) -> ReportWindows:
    """Work out the days to report and to compare with.

    Raises:
        WindowError: If they are the wrong way round.
    """
    if days.from_date and days.to_date:
        return custom_windows(days.from_date, days.to_date)
    return windows_due(
        days.period,
        due,
        week_start=report_file.week_start,
        biweekly_anchor=report_file.biweekly_anchor,
        daily_compare=report_file.daily_compare,
        timezone=zone,
    )


def utc_now() -> datetime:
    """Read the clock."""
    return datetime.now(timezone.utc)


def run_job(
    job: Job,
    *,
    telling: Telling = quietly,
    clock: Callable[[], datetime] = utc_now,
) -> Report:
    """Ask Mixpanel and build the report.

    Args:
        job: What is reported.
        telling: Gives whom to tell of each question.
        clock: Gives the current time, with its timezone.

    Raises:
        SettingsError: If the credentials cannot be used at all, or the report needs
            too many calls.
        CollectionError: If Mixpanel gave nothing.
    """
    with connect(job.settings) as client, telling() as tell:
        report = collect_report(
            client,
            job.windows,
            clock=clock,
            report_file=job.report_file,
            timezone=job.timezone,
            company=job.settings.company_name,
            doubts=job.doubts,
            tell=tell,
        )
    return replace(report, link=project_link(job.settings))
