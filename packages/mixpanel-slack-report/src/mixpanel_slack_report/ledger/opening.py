"""Which ledger the settings mean."""

from __future__ import annotations

import re
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
# What Azure Functions calls the connection to its storage account.
CONNECTION = "AzureWebJobsStorage"
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
        return open_blobs(named, environ, clock)
    return SqliteLedger(ledger_path(named, environ), clock=clock)


def open_blobs(
    named: str, environ: Mapping[str, str], clock: Callable[[], datetime]
) -> Ledger:
    """Open a ledger in Azure Blob storage.

    Args:
        named: ``azure-blob:CONTAINER``, or the address of a container with its
            signature (SAS).
        environ: The variables, for the connection to the storage account.
        clock: Gives the current time in UTC.

    Raises:
        SettingsError: If the connection is missing or none, or Azure's library is.
    """
    try:
        from mixpanel_slack_report.ledger.blob_container import BlobContainer
        from mixpanel_slack_report.ledger.blob_ledger import BlobLedger
    except ModuleNotFoundError as error:
        message = (
            f"REPORT_LEDGER names a blob container, which needs {error.name}, which is "
            "not installed; run pip install 'mixpanel-slack-report[azure]'"
        )
        raise SettingsError(message) from error
    try:
        if not named.startswith(BLOB):
            return BlobLedger(BlobContainer.of_address(named), clock=clock)
        connection = environ.get(CONNECTION, "").strip()
        if not connection:
            message = (
                f"{CONNECTION} is not set; give the connection string of the storage "
                f"account that has the container of REPORT_LEDGER"
            )
            raise SettingsError(message)
        name = container_name(named.removeprefix(BLOB))
        container = BlobContainer.of_connection(connection, name)
    except ValueError:
        # What Azure's library says of it may quote it.
        message = f"{CONNECTION} or REPORT_LEDGER is not usable; {ALLOWED}"
        raise SettingsError(message) from None
    return BlobLedger(container, clock=clock)


def container_name(name: str) -> str:
    """Check the name of a container.

    https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata

    Raises:
        SettingsError: If no container can have that name.

    >>> container_name("report-ledger")
    'report-ledger'
    """
    if re.fullmatch(r"(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*", name):
        return name
    message = (
        "REPORT_LEDGER names no container: azure-blob: is followed by 3 to 63 small "
        "letters, digits and single hyphens, such as azure-blob:report-ledger"
    )
    raise SettingsError(message)


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
