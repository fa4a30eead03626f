"""Which ledger the settings mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from functools import partial
from pathlib import Path

from mixpanel_query.budget.places import state_path, user_home
from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.ledger.entries import Ledger
from mixpanel_slack_report.ledger.sqlite_ledger import SqliteLedger
from mixpanel_slack_report.settings import Settings

__all__ = ["ledger_path", "open_ledger"]

UTC_NOW = partial(datetime.now, timezone.utc)
FILE = Path("mixpanel-slack-report", "ledger.sqlite")
BLOB = "azure-blob:"
ALLOWED = (
    "give the path of a SQLite file, azure-blob:CONTAINER, or the https:// address of "
    "a blob container"
)


def open_ledger(
    settings: Settings,
    environ: Mapping[str, str],
    *,
    clock: Callable[[], datetime] = UTC_NOW,
) -> Ledger:
    """Open the ledger that the settings name; nothing is read or written yet.

    Args:
        settings: ``ledger`` is a path of a SQLite file, ``azure-blob:CONTAINER`` or
            the address of a blob container; None for the file in the user's folder
            for the state of programs.
        environ: The variables, for that folder and for Azure's connection.
        clock: Gives the current time in UTC.

    Raises:
        SettingsError: If it names no ledger.
    """
    named = settings.ledger or ""
    if named.startswith((BLOB, "https://", "http://")):
        raise SettingsError("REPORT_LEDGER names a blob container; give a path")
    return SqliteLedger(ledger_path(named, environ), clock=clock)


def ledger_path(named: str, environ: Mapping[str, str]) -> Path:
    """Return the path of the SQLite file.

    Args:
        named: The path as the settings have it; empty for the default.
        environ: The variables.

    Raises:
        SettingsError: If there is no path, or if it is none.
    """
    if not named:
        path = state_path(FILE, environ, home=user_home())
        if path is None:
            message = "there is no home folder; name the ledger's file in REPORT_LEDGER"
            raise SettingsError(message)
        return path
    # A connection string pasted here would become the name of a file, key included.
    if "://" in named or ";" in named or "AccountKey=" in named:
        raise SettingsError(f"REPORT_LEDGER is not usable; {ALLOWED}")
    return Path(named).expanduser().absolute()
