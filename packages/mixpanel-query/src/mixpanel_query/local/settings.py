"""What a local project is: its timezone, its week, who may ask, and its clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo

from mixpanel_query.local.engine.event_names import EventNames
from mixpanel_query.local.exceptions import LocalProjectError
from mixpanel_query.local.records.verdicts import Verdicts

if TYPE_CHECKING:
    from mixpanel_query.credentials import ServiceAccount

__all__ = ["WEEKDAYS", "Clock", "ProjectSettings", "project_settings"]

Clock: TypeAlias = Callable[[], datetime]

WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """The settings of one local project; threads may share them.

    Attributes:
        timezone: Where the project's days begin.
        first_weekday: First day of its weeks, 0 for Monday to 6 for Sunday.
        clock: Says what time it is, as an aware datetime.
        project_id: Number of the project; None if any number will do.
        token: Token that events must carry; None if any will do.
        username: Name of the service account; None if anybody may ask.
        secret: Secret of the service account.
        customerio_credentials: Site id and key of Customer.io's workspace; None if
            anybody may send to it.
        limit_lexicon: Counts a request to Lexicon that updates so many events and
            properties; returns the error if it is more than a minute allows.
        verdicts: Takes what became of the records that arrive.
        group_keys: The numbers of the group keys; empty if they are not known.
        event_names: Knows which names of events are one too many.
    """

    timezone: ZoneInfo
    first_weekday: int
    clock: Clock = field(repr=False)
    project_id: int | None = None
    token: str | None = field(default=None, repr=False)
    username: str | None = None
    secret: str = field(default="", repr=False)
    customerio_credentials: tuple[str, str] | None = field(default=None, repr=False)
    limit_lexicon: Callable[[int], str | None] = field(
        default=lambda size: None, repr=False
    )
    verdicts: Verdicts = field(default_factory=Verdicts, repr=False)
    group_keys: Mapping[str, int] = field(default_factory=dict)
    event_names: EventNames = field(default_factory=EventNames, repr=False)

    def now(self) -> datetime:
        """Return the time of the project's clock, in the project's timezone.

        Raises:
            LocalProjectError: If the clock gives a datetime without a timezone.
        """
        now = self.clock()
        if now.tzinfo is None:
            raise LocalProjectError(
                f"the clock gave {now.isoformat()} without a timezone; "
                "let it return an aware datetime"
            )
        return now.astimezone(self.timezone)

    def now_ms(self) -> int:
        """Return the time of the project's clock in epoch milliseconds."""
        return int(self.now().timestamp() * 1000)

    def today(self) -> date:
        """Return the project's present day."""
        return self.now().date()


def project_settings(
    *,
    timezone: str,
    week_start: str,
    clock: Clock,
    project_id: int | None = None,
    token: str | None = None,
    credentials: ServiceAccount | tuple[str, str] | None = None,
    customerio_credentials: tuple[str, str] | None = None,
    limit_lexicon: Callable[[int], str | None] = lambda size: None,
    verdicts: Verdicts | None = None,
    group_keys: Mapping[str, int] | None = None,
) -> ProjectSettings:
    """Return the checked settings of a local project.

    Raises:
        LocalProjectError: If the timezone or the weekday has no such name, a
            credential is empty, the project id is below 1, or two different ones
            are given, or two group keys have the same number.
    """
    username, secret = None, ""
    if isinstance(credentials, tuple):
        username, secret = credentials
    elif credentials is not None:
        username, secret = credentials.username, credentials.secret
        project_id = same_project_id(credentials.project_id, project_id)
    if credentials is not None and not (username and secret):
        raise LocalProjectError(
            "the credentials are incomplete; give both a username and a secret"
        )
    if customerio_credentials is not None and not all(customerio_credentials):
        raise LocalProjectError(
            "customerio_credentials are incomplete; give both a site id and a key"
        )
    if project_id is not None and project_id < 1:
        raise LocalProjectError(
            f"project_id {project_id} is no number of a project; give 1 or more"
        )
    return ProjectSettings(
        timezone=find_timezone(timezone),
        first_weekday=find_weekday(week_start),
        clock=clock,
        project_id=project_id,
        token=token,
        username=username,
        secret=secret,
        customerio_credentials=customerio_credentials,
        limit_lexicon=limit_lexicon,
        verdicts=Verdicts() if verdicts is None else verdicts,
        group_keys=checked_group_keys(group_keys or {}),
    )


def checked_group_keys(given: Mapping[str, int]) -> dict[str, int]:
    """Return the numbers of group keys, if they tell the keys from one another."""
    if "" in given or len(set(given.values())) < len(given):
        raise LocalProjectError(
            "group_keys are not told from one another; give each a name and a number "
            "of its own, such as {'company': 1}"
        )
    return dict(given)


def same_project_id(of_account: int, given: int | None) -> int:
    """Return the project id of the account if the other one agrees with it."""
    if given not in (None, of_account):
        raise LocalProjectError(
            f"project_id is {given}, but the service account belongs to project "
            f"{of_account}; give one of them"
        )
    return of_account


def find_timezone(name: str) -> ZoneInfo:
    """Return the timezone that has this name in the IANA database."""
    try:
        return ZoneInfo(name)
    # ZoneInfo("America") is a folder, ZoneInfo("../x") a bad path.
    except (KeyError, ValueError, OSError) as error:
        raise LocalProjectError(
            f"timezone {name!r} is not known; use an IANA name such as "
            "'Europe/London' or 'UTC'"
        ) from error


def find_weekday(name: str) -> int:
    """Return the number of a weekday, 0 for Monday."""
    if name.lower() not in WEEKDAYS:
        raise LocalProjectError(
            f"week_start {name!r} is not a weekday; use one of {', '.join(WEEKDAYS)}"
        )
    return WEEKDAYS.index(name.lower())
