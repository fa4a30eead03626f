"""Settings from the environment and ``.env``, checked all at once.

The table ``SETTINGS`` is the one place that names them; nothing else in the package
reads the environment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.setting_values import (
    bot_token,
    count,
    names_list,
    project_number,
    region_name,
    seconds,
    web_address,
)
from mixpanel_slack_report.toml_table import timezone_name

__all__ = [
    "SETTINGS",
    "Setting",
    "Settings",
    "check_certificates",
    "read_environment",
    "read_settings",
]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the commands need to know; secrets never show in its repr.

    Attributes:
        username: Name of the Mixpanel service account.
        secret: Its secret.
        project_id: Number of the Mixpanel project.
        region: Where the project's data lives: ``us``, ``eu`` or ``in``.
        base_url: Address that replaces Mixpanel's; None for Mixpanel.
        webhook_url: Address of Slack's incoming webhook, a secret; None if not set.
        bot_token: Token of a Slack bot, a secret; None if not set.
        channels: Names or ids of the channels that the bot posts to.
        signing_secret: What Slack signs its requests with; None if not set.
        company_name: Whose report it is; may be empty.
        timezone: IANA name of the project's timezone; None if not set.
        report_file: Path of the ``report.toml``; None for the default report.
        ledger: Where the ledger is; None for the file in the user's state folder.
        report_key: Key that HTTP requests have to show; None if not set.
        slack_api_url: Address that replaces that of Slack's Web API; None for Slack's.
        attempts: How often Mixpanel is asked a question at most.
        max_wait: Seconds that a question may wait for its turn, or that Mixpanel may
            ask to wait before the next attempt.
    """

    username: str = field(repr=False)
    secret: str = field(repr=False)
    project_id: int
    region: str
    base_url: str | None
    webhook_url: str | None = field(repr=False)
    bot_token: str | None = field(repr=False)
    channels: tuple[str, ...]
    signing_secret: str | None = field(repr=False)
    company_name: str
    timezone: str | None
    report_file: Path | None
    ledger: str | None = field(repr=False)
    report_key: str | None = field(repr=False)
    slack_api_url: str | None = field(default=None, repr=False)
    attempts: int = 3
    max_wait: float = 60.0

    def webhook(self) -> str:
        """Return the address of the webhook.

        Raises:
            SettingsError: If it is not set.
        """
        if self.webhook_url is None:
            raise SettingsError(not_set(setting_of("webhook_url")))
        return self.webhook_url

    def check_posting(self) -> None:
        """Refuse settings that name nowhere to post to.

        Raises:
            SettingsError: If there is no webhook, or a bot without a channel.
        """
        fields = ("bot_token", "channels", "webhook_url")
        problems = nowhere_to_post({name: getattr(self, name) for name in fields}, [])
        if problems:
            raise SettingsError(*problems)


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table of settings.

    Attributes:
        name: The environment variable.
        field: The attribute of ``Settings``.
        convert: Makes the value from text, or raises ValueError saying what is
            allowed.
        help: What it is, and where to find it.
        default: The value when it is not set.
        needed_for: ``"all"`` if nothing works without it, else empty.
        secret: Whether the value may never be shown, because it is a secret or
            because secrets are pasted there by mistake.
    """

    name: str
    field: str
    convert: Callable[[str], object]
    help: str
    default: object = None
    needed_for: str = ""
    secret: bool = False


SETTINGS = (
    Setting(
        "MIXPANEL_USERNAME",
        "username",
        str,
        "username of a Mixpanel service account (Organization Settings)",
        needed_for="all",
        secret=True,
    ),
    Setting(
        "MIXPANEL_SECRET",
        "secret",
        str,
        "secret of that service account",
        needed_for="all",
        secret=True,
    ),
    Setting(
        "MIXPANEL_PROJECT_ID",
        "project_id",
        project_number,
        "number of the project (Project Settings > Overview)",
        needed_for="all",
        secret=True,
    ),
    Setting(
        "MIXPANEL_REGION",
        "region",
        region_name,
        "where the project's data lives: us, eu or in",
        default="us",
    ),
    Setting(
        "MIXPANEL_BASE_URL",
        "base_url",
        web_address,
        "address that replaces Mixpanel's, such as a local project's",
        secret=True,
    ),
    Setting(
        "SLACK_WEBHOOK_URL",
        "webhook_url",
        web_address,
        "address of a Slack incoming webhook (api.slack.com/apps)",
        secret=True,
    ),
    Setting(
        "SLACK_BOT_TOKEN",
        "bot_token",
        bot_token,
        "token of a Slack bot (xoxb-…), in place of a webhook",
        secret=True,
    ),
    Setting(
        "SLACK_CHANNEL",
        "channels",
        names_list,
        "channels that the bot posts to, such as #analytics,C0123456789",
        default=(),
    ),
    Setting(
        "SLACK_SIGNING_SECRET",
        "signing_secret",
        str,
        "signing secret of the Slack app, for the slash command",
        secret=True,
    ),
    Setting(
        "SLACK_API_URL",
        "slack_api_url",
        web_address,
        "address that replaces that of Slack's Web API, such as a stand-in's",
        secret=True,
    ),
    Setting(
        "MIXPANEL_ATTEMPTS",
        "attempts",
        count,
        "most times that Mixpanel is asked one question",
        default=3,
    ),
    Setting(
        "MIXPANEL_MAX_WAIT",
        "max_wait",
        seconds,
        "most seconds that a question may wait for its turn",
        default=60.0,
    ),
    Setting("COMPANY_NAME", "company_name", str, "whose report it is", default=""),
    Setting(
        "TIMEZONE",
        "timezone",
        timezone_name,
        "the timezone set in the Mixpanel project, such as Europe/London (else the "
        "file's, else UTC); it names the days and converts nothing",
    ),
    Setting("REPORT_FILE", "report_file", Path, "path of a report.toml"),
    Setting(
        "REPORT_LEDGER",
        "ledger",
        str,
        "path of the ledger, a SQLite file (else one in your state folder), or "
        "azure-blob:CONTAINER",
        secret=True,
    ),
    Setting(
        "REPORT_KEY",
        "report_key",
        str,
        "key that requests to the HTTP endpoints have to show",
        secret=True,
    ),
)


def check_certificates(environ: Mapping[str, str]) -> None:
    """Refuse certificates that are not there, before anything is asked.

    Raises:
        SettingsError: If ``SSL_CERT_FILE``, which Python and httpx obey, is no file.
    """
    name = environ.get("SSL_CERT_FILE")
    if name and not Path(name).is_file():
        problem = f"SSL_CERT_FILE is {name!r}, which is no file"
        raise SettingsError(f"{problem}; name a file of certificates, or unset it")


def read_environment(environ: Mapping[str, str], dotenv: Path) -> dict[str, str]:
    """Merge the environment over a ``.env`` file, if there is one.

    Values of the file are taken as they are written, without ``${…}`` expansion.

    Raises:
        SettingsError: If the file is there but cannot be read.
    """
    # Only the commands need it, and --help should not wait for it.
    from dotenv import dotenv_values

    try:
        values = dotenv_values(dotenv, interpolate=False) if dotenv.is_file() else {}
    except (OSError, ValueError) as error:
        message = f"{dotenv}: cannot be read: {error}; save it as UTF-8 text"
        raise SettingsError(message) from error
    return {key: value for key, value in values.items() if value} | dict(environ)


def read_settings(environ: Mapping[str, str], *, to_send: bool) -> Settings:
    """Build the settings, or name everything that is wrong with them.

    A variable that is empty counts as not set.

    Args:
        environ: The environment variables.
        to_send: Whether the report is to be sent, which needs a webhook.

    Raises:
        SettingsError: With every problem found; values of secrets are not in it.
    """
    values: dict[str, Any] = {}
    problems: list[str] = []
    for setting in SETTINGS:
        given = environ.get(setting.name, "").strip()
        values[setting.field] = setting.default
        if given:
            try:
                values[setting.field] = setting.convert(given)
            except ValueError as error:
                shown = "not usable" if setting.secret else repr(given)
                problems.append(f"{setting.name} is {shown}; {error}")
        elif setting.needed_for == "all":
            problems.append(not_set(setting))
    if to_send:
        problems += nowhere_to_post(values, problems)
    if problems:
        raise SettingsError(*problems)
    return Settings(**values)


def nowhere_to_post(values: Mapping[str, object], problems: Sequence[str]) -> list[str]:
    """Say that neither a webhook nor a bot's channel is given; nothing if one is."""
    if values["bot_token"] and not values["channels"]:
        return [not_set(setting_of("channels"))]
    webhook = setting_of("webhook_url")
    told = any(problem.startswith(webhook.name) for problem in problems)
    if values["bot_token"] or values["webhook_url"] or told:
        return []
    return [not_set(webhook)]


def setting_of(field: str) -> Setting:
    """Return the row of the table that fills a field of ``Settings``."""
    return next(setting for setting in SETTINGS if setting.field == field)


def not_set(setting: Setting) -> str:
    """Say that a setting is missing, and what to give."""
    return f"{setting.name} is not set; give the {setting.help}"
