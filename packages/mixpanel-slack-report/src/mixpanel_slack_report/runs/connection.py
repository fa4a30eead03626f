"""Connects to Mixpanel as the settings say."""

from __future__ import annotations

from dataclasses import dataclass

from mixpanel_query import Client, RetryPolicy, ServiceAccount
from mixpanel_query.budget import shared_budget
from mixpanel_query.exceptions import InvalidQueryError, MixpanelQueryError
from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.settings import Settings

__all__ = ["ProjectFacts", "ask_project", "ask_timezone", "connect"]


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What Mixpanel says of a project.

    Attributes:
        names: The commonest event names of the last 31 days, the commonest first.
        timezone: IANA name of its timezone; None if Mixpanel did not say.
    """

    names: tuple[str, ...]
    timezone: str | None


def connect(settings: Settings, *, region: str | None = None) -> Client:
    """Make the client; the caller closes it.

    Args:
        settings: Whom to ask.
        region: Another region than that of the settings.

    Raises:
        SettingsError: If Mixpanel cannot be asked with these settings.
    """
    try:
        account = ServiceAccount(
            settings.username, settings.secret, settings.project_id
        )
        return Client(
            account,
            region=region or settings.region,
            base_url=settings.base_url,
            retry=RetryPolicy(attempts=settings.attempts),
            budget=shared_budget(settings.base_url, max_wait=settings.max_wait),
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
        return ProjectFacts(names, ask_timezone(settings, client))


def ask_timezone(settings: Settings, client: Client) -> str | None:
    """Ask for the timezone of the project; None if Mixpanel does not say."""
    try:
        projects = client.projects()
    except MixpanelQueryError:
        return None
    number = settings.project_id
    return next((one.timezone for one in projects if one.id == number), None)
