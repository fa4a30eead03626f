"""Checks of what is on this machine: the installation, the settings, the files."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path

from mixpanel_slack_report.checks.findings import Finding, mend, ok
from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.report_file import ReportFile, read_report_file
from mixpanel_slack_report.settings import (
    SETTINGS,
    Settings,
    check_certificates,
    read_environment,
    read_settings,
)

__all__ = [
    "check_function_app",
    "check_installation",
    "check_names",
    "check_report_file",
    "settled",
]

# What each part imports that is not on every machine, and how to have it.
PARTS = {
    "slack_sdk": "mixpanel-slack-report",
    "httpx": "mixpanel-query",
}
LOCAL_SETTINGS = "local.settings.json"
# How near a name is to a setting that was meant: 1 is the same.
NEAR = 0.85


def check_installation() -> Finding:
    """Check that this Python has what a report needs."""
    missing = [name for name in PARTS if find_spec(name) is None]
    python = f"Python {platform.python_version()} at {sys.executable}"
    if missing:
        packages = " ".join(dict.fromkeys(PARTS[name] for name in missing))
        line = f"{python} has no module {', '.join(missing)}"
        return mend(
            "installation", f"{line}; run {sys.executable} -m pip install {packages}"
        )
    return ok("installation", f"{python} has every module")


def settled(
    environ: Mapping[str, str], dotenv: Path
) -> tuple[Settings | None, list[Finding]]:
    """Read the settings, as far as they can be read.

    Args:
        environ: The environment variables.
        dotenv: The file ``.env``, which need not be there.

    Returns:
        The settings, without what was wrong; None if Mixpanel cannot be asked with
        them. And what was found.
    """
    try:
        check_certificates(environ)
        values = read_environment(environ, dotenv)
    except SettingsError as error:
        return None, [mend("settings", line) for line in error.problems]
    source = "the environment"
    if dotenv.is_file():
        source = f"{source} and {dotenv}"
    try:
        return read_settings(values, to_send=True), [
            ok("settings", f"complete, from {source}")
        ]
    except SettingsError as error:
        problems = error.problems
    found = [mend("settings", f"{line} (looked in {source})") for line in problems]
    wrong = {problem.split()[0] for problem in problems}
    kept = {name: value for name, value in values.items() if name not in wrong}
    try:
        return read_settings(kept, to_send=False), found
    except SettingsError:
        return None, found


def check_names(environ: Mapping[str, str], dotenv: Path) -> list[Finding]:
    """Find names in ``.env`` that are no setting, but nearly one that is not set.

    Other names may be there for other programs.
    """
    try:
        names = read_environment({}, dotenv)
    except SettingsError:
        return []  # which ``settled`` has said
    unset = [row.name for row in SETTINGS if not (names | dict(environ)).get(row.name)]
    found = []
    for name in sorted(names.keys() - {row.name for row in SETTINGS}):
        for near in get_close_matches(name.upper(), unset, n=1, cutoff=NEAR):
            line = f"{name} in {dotenv} is no setting; nearest is {near}"
            found.append(mend("settings", f"{line}: correct or remove it"))
    return found


def check_report_file(settings: Settings) -> tuple[ReportFile | None, Finding]:
    """Read the report file; the default report if there is none."""
    path = settings.report_file
    if path is None:
        report_file = ReportFile()
        line = "none, so the default report; make one with: init report FOLDER"
        return report_file, ok("report file", line)
    try:
        report_file = read_report_file(path)
    except SettingsError as error:
        return None, mend("report file", str(error))
    metrics = len(report_file.metrics)
    return report_file, ok("report file", f"{path} measures {metrics} metrics")


def check_function_app(folder: Path, environ: Mapping[str, str]) -> list[Finding]:
    """Check what timers of a function app need, if the folder has one.

    https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer
    """
    if not (folder / "host.json").is_file():
        return []
    found = []
    if environ.get("AzureWebJobsStorage"):
        found.append(ok("timers", "AzureWebJobsStorage names their storage"))
    elif (folder / LOCAL_SETTINGS).is_file():
        line = f"{LOCAL_SETTINGS} is there; on this machine its storage has to run"
        found.append(ok("timers", f"{line}: npx azurite"))
    else:
        line = "timers need a storage account: AzureWebJobsStorage is not set"
        remedy = f"copy {LOCAL_SETTINGS}.example to {LOCAL_SETTINGS}, or use send"
        found.append(mend("timers", f"{line}; {remedy}"))
    return found
