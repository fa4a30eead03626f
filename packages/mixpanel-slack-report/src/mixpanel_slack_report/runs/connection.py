"""Connects to Mixpanel as the settings say."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mixpanel_query import Client, RetryPolicy, ServiceAccount
from mixpanel_query.budget import shared_budget
from mixpanel_query.exceptions import (
    CredentialsRefusedError,
    InvalidQueryError,
    MixpanelQueryError,
    QueryRefusedError,
)
from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.masking import mask
from mixpanel_slack_report.settings import Settings
from mixpanel_slack_report.toml_table import timezone_name

# Seconds for a question that is answered at once, or not at all.
SHORT = 10.0

__all__ = ["ProjectFacts", "ToldTimezone", "ask_project", "ask_timezone", "connect"]


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What Mixpanel says of a project.

    Attributes:
        names: The commonest event names of the last 31 days, the commonest first.
        timezone: IANA name of its timezone; None if Mixpanel did not say.
    """

    names: tuple[str, ...]
    timezone: str | None


@dataclass(frozen=True, slots=True)
class ToldTimezone:
    """What Mixpanel says of a project's timezone.

    Attributes:
        timezone: Its IANA name; None if Mixpanel did not say.
        doubt: Why it could not be asked, as a sentence; empty if it was.
    """

    timezone: str | None
    doubt: str = ""


class QuietAccount(ServiceAccount):
    """A service account that lets no error quote a secret of the settings.

    Servers and proxies quote what they refuse, in signs of their own, and errors are
    shown in reports.

    Args:
        settings: Whose account it is, and what else is secret.
    """

    __slots__ = ("settings",)
    settings: Settings

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.username, settings.secret, settings.project_id)
        object.__setattr__(self, "settings", settings)

    def redacted(self, text: str) -> str:
        """Return a text without secrets, in whatever form it quotes them."""
        return mask(super().redacted(text), self.settings)


def connect(
    settings: Settings, *, region: str | None = None, timeout: float | None = None
) -> Client:
    """Make the client; the caller closes it.

    Args:
        settings: Whom to ask.
        region: Another region than that of the settings.
        timeout: Seconds to wait for an answer; None for what a long question takes.

    Raises:
        SettingsError: If Mixpanel cannot be asked with these settings.
    """
    try:
        return Client(
            QuietAccount(settings),
            region=region or settings.region,
            base_url=settings.base_url,
            retry=RetryPolicy(attempts=settings.attempts),
            budget=shared_budget(settings.base_url, max_wait=settings.max_wait),
            timeout=timeout,
        )
    except InvalidQueryError as error:
        raise SettingsError(f"the Mixpanel settings cannot be used: {error}") from error


def ask_project(settings: Settings) -> ProjectFacts:
    """Ask for the events and the timezone of the project, in two calls.

    Raises:
        MixpanelQueryError: If the events cannot be had.
    """
    with connect(settings) as client:
        names = tuple(filter(None, client.event_names()))
    return ProjectFacts(names, ask_timezone(settings).timezone)


def ask_timezone(settings: Settings) -> ToldTimezone:
    """Ask once for the timezone of the project.

    It is not documented that Mixpanel tells, so an error is no reason to stop.
    """
    once = replace(settings, attempts=1)
    try:
        with connect(once, timeout=SHORT) as client:
            projects = client.projects()
        number = settings.project_id
        said = next((one.timezone for one in projects if one.id == number), None)
        return ToldTimezone(said and timezone_name(said))
    except (QueryRefusedError, CredentialsRefusedError):
        # It does not tell; what is wrong with the credentials shows soon enough.
        return ToldTimezone(None)
    except (MixpanelQueryError, ValueError) as error:
        doubt = f"The timezone is not known, so days are those of UTC: {error}"
        return ToldTimezone(None, f"{doubt}.")
