"""Checks of what Mixpanel says: the account, its project, its days and its events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from mixpanel_query import Project
from mixpanel_query.exceptions import (
    CredentialsRefusedError,
    MixpanelDownError,
    MixpanelQueryError,
    NoAnswerError,
    QueryRefusedError,
    RateLimitedError,
)
from mixpanel_query.records import Records
from mixpanel_slack_report.checks.findings import Finding, mend, ok
from mixpanel_slack_report.collection.statuses import nearest
from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.report_file import ReportFile
from mixpanel_slack_report.setting_values import REGIONS
from mixpanel_slack_report.settings import Settings
from mixpanel_slack_report.wording import readable

__all__ = ["Account", "MixpanelCheck", "check_mixpanel"]

BAD_REQUEST = 400
# What answers so has no such page, and is hardly Mixpanel.
NOT_MIXPANEL = (404, 405, 501)
TOLD_APART = (BAD_REQUEST, *NOT_MIXPANEL)


class Account(Protocol):
    """What is asked; ``mixpanel_query.Client`` answers it."""

    def projects(self) -> Records[Project]:
        """List the projects of the account."""

    def event_names(self) -> list[str]:
        """Return the commonest names of the last 31 days."""


@dataclass(frozen=True, slots=True)
class MixpanelCheck:
    """What is checked.

    Attributes:
        settings: The settings.
        report_file: What the report measures; None if it could not be read.
        connect: Gives the account in a region.
        now: The current time, aware.
    """

    settings: Settings
    report_file: ReportFile | None
    connect: Callable[[str], Account]
    now: datetime


def check_mixpanel(check: MixpanelCheck) -> list[Finding]:
    """Ask Mixpanel two questions, or one more a region, and say what they mean."""
    account = check.connect(check.settings.region)
    try:
        names = account.event_names()
    except CredentialsRefusedError as error:
        return [mend("credentials", refusal(check, error))]
    except MixpanelQueryError as error:
        return [no_answer(error)]
    number = check.settings.project_id
    return [
        ok("credentials", f"Mixpanel lets {check.settings.region} project {number} in"),
        check_timezone(check, account),
        *check_names(names, check.report_file),
    ]


def refusal(check: MixpanelCheck, error: CredentialsRefusedError) -> str:
    """Say why the credentials are refused, asking the other regions if that helps."""
    region, number = check.settings.region, check.settings.project_id
    if check.settings.base_url is None:
        for other in REGIONS:
            if other != region and lets_in(check.connect(other)):
                return (
                    f"the {region} servers refuse them, the {other} servers do not: "
                    f"set MIXPANEL_REGION={other}"
                )
    if error.status == 403:
        return (
            f"the service account may not read project {number}; give it a role there "
            "(Project Settings > Service Accounts)"
        )
    return (
        f"Mixpanel refuses the service account for project {number} (401); check "
        "MIXPANEL_USERNAME and MIXPANEL_SECRET, that the account has not expired, and "
        "that it belongs to that project (Organization Settings > Service Accounts)"
    )


def lets_in(account: Account) -> bool:
    """Whether a region knows the account."""
    try:
        account.event_names()
    except MixpanelQueryError:
        return False
    return True


def no_answer(error: MixpanelQueryError) -> Finding:
    """Say what kept Mixpanel from answering, and what to do."""
    if isinstance(error, RateLimitedError):
        line = "Mixpanel has answered its 60 questions of this hour (429)"
        remedy = "wait, and see what else asks it: mixpanel-query budget"
        return mend("rate limit", f"{line}; {remedy}")
    if isinstance(error, QueryRefusedError) and error.status in TOLD_APART:
        line = f"Mixpanel refuses the question ({error.status})"
        if error.status in NOT_MIXPANEL:
            remedy = "check MIXPANEL_BASE_URL if it is set, and the proxy"
            return mend(
                "address", f"{line}; what answers may not be Mixpanel: {remedy}"
            )
        remedy = "MIXPANEL_PROJECT_ID has to be the numeric Project ID, not the token"
        return mend("project", f"{line}; {remedy} (Project Settings > Overview)")
    if isinstance(error, NoAnswerError):
        # What the client advises after it names settings that only Python has.
        line = str(error).partition("; check ")[0]
        remedy = "check the network, the proxy, and MIXPANEL_BASE_URL if it is set"
        return mend("network", f"{line}; {remedy}")
    if isinstance(error, MixpanelDownError):
        line = f"Mixpanel answered {error.status}"
        return mend("Mixpanel", f"{line}; try again later, see status.mixpanel.com")
    return mend("Mixpanel", str(error))


def check_timezone(check: MixpanelCheck, account: Account) -> Finding:
    """Compare the timezone that is set with that of the project."""
    settings = check.settings
    written = check.report_file.timezone if check.report_file else None
    given = settings.timezone or written
    shown = "TIMEZONE" if settings.timezone else "timezone of the report file"
    try:
        projects = {project.id: project for project in account.projects()}
    except MixpanelQueryError:
        projects = {}
    said = projects.get(settings.project_id)
    if said is None or said.timezone is None:
        days = f"days are those of {given or 'UTC'}"
        line = f"Mixpanel does not say the project's timezone; {days}"
        remedy = "compare with Project Settings > Overview"
        return Finding("timezone", "skipped", f"{line}: {remedy}")
    if given is None:
        return ok("timezone", f"days are those of {said.timezone}, as the project says")
    if same_clock(given, said.timezone, check.now):
        return ok("timezone", f"{shown} {given} is that of the project")
    return mend(
        "timezone",
        f"{shown} is {given}, but the project's days are those of {said.timezone}; set "
        f"{said.timezone}, or leave it out",
    )


def same_clock(one: str, other: str, now: datetime) -> bool:
    """Whether two timezones show the same time through a year around now.

    >>> from datetime import timezone
    >>> now = datetime(2026, 11, 26, tzinfo=timezone.utc)
    >>> same_clock("US/Pacific", "America/Los_Angeles", now)
    True
    """
    try:
        zones = ZoneInfo(one), ZoneInfo(other)
    except (LookupError, ValueError, OSError):
        return one == other
    moments = [now + timedelta(days=days) for days in range(-183, 183, 7)]
    return all(
        moment.astimezone(zones[0]).utcoffset()
        == moment.astimezone(zones[1]).utcoffset()
        for moment in moments
    )


def check_names(names: list[str], report_file: ReportFile | None) -> list[Finding]:
    """Check that the project has events, and those that are measured."""
    if not names:
        line = "the project has no event of the last 31 days; is it the right"
        where = "MIXPANEL_PROJECT_ID, and does anything track into it?"
        return [mend("data", f"{line} {where}")]
    listed = f"the project has {len(names)} event names in the last 31 days"
    found = [ok("data", listed)]
    for metric in report_file.metrics if report_file else ():
        missing = missing_names(metric, names)
        if missing:
            found.append(mend("metric", missing))
    return found


def missing_names(metric: Metric, names: list[str]) -> str:
    """Say that none of a metric's events is among the names; "" if one is."""
    if not metric.events or any(event in names for event in metric.events):
        return ""
    given = " or ".join(repr(readable(event)) for event in metric.events)
    near = nearest(metric.events[0], tuple(names))
    hint = f"the nearest name is {readable(near)!r}" if near else "no name is near it"
    remedy = "name another in the report file (init report writes one)"
    named = f"{readable(metric.name)}: the project has no {given}"
    return f"{named}; {hint}; {remedy}"
