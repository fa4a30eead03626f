"""All checks in the order in which a set-up goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from mixpanel_query import Client
from mixpanel_slack_report.checks.findings import Finding, mend
from mixpanel_slack_report.checks.mixpanel_checks import MixpanelCheck, check_mixpanel
from mixpanel_slack_report.checks.settings_checks import (
    check_function_app,
    check_installation,
    check_names,
    check_report_file,
    settled,
)
from mixpanel_slack_report.checks.slack_checks import (
    check_ledger,
    check_signing_secret,
    check_slack,
)
from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.masking import mask_secrets, secrets_in_environment
from mixpanel_slack_report.report_file import ReportFile
from mixpanel_slack_report.runs.connection import connect
from mixpanel_slack_report.settings import Settings, read_environment

__all__ = ["check_everything"]


def check_everything(
    environ: Mapping[str, str], folder: Path, *, post: bool
) -> list[Finding]:
    """Check one thing after the other; nothing is raised.

    Args:
        environ: The environment variables.
        folder: Where ``.env`` and, for Azure, ``host.json`` are looked for.
        post: Whether to post a test message.
    """
    dotenv = folder / ".env"
    settings, found = settled(environ, dotenv)
    found = [check_installation(), *found, *check_names(environ, dotenv)]
    values = environ
    if settings is not None:
        values = read_environment(environ, dotenv)
        report_file, finding = check_report_file(settings)
        found.append(finding)
        found += asked(settings, report_file)
        found += check_slack(settings, post=post)
        found += check_signing_secret(settings)
        found += check_ledger(settings, values)
    found += check_function_app(folder, environ)
    secrets = secrets_in_environment(values)
    return [replace(each, line=mask_secrets(each.line, secrets)) for each in found]


def asked(settings: Settings, report_file: ReportFile | None) -> list[Finding]:
    """Check what Mixpanel says; each region is asked once, not again on an error."""
    with ExitStack() as stack:

        def connected(region: str) -> Client:
            once = replace(settings, attempts=1)
            return stack.enter_context(connect(once, region=region))

        now = datetime.now(timezone.utc)
        try:
            return check_mixpanel(MixpanelCheck(settings, report_file, connected, now))
        except SettingsError as error:
            return [mend("settings", str(error))]
