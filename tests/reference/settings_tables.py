"""The tables of docs/reference/settings.md."""

from __future__ import annotations

import re

from tests.reference.pages import page, rows, section

__all__ = [
    "APP",
    "LOCAL",
    "NEEDED",
    "NONE",
    "OUTBOX",
    "PAGE",
    "PLUGINS",
    "QUERY",
    "SLACK",
    "SYSTEM",
    "TOML",
    "defaults_in",
    "names_in",
]

PAGE = page("settings.md")
NEEDED, NONE = "needed", "none"
APP = "Settings of a Pyramid app"
OUTBOX = "Variables of mixpanel-outbox"
QUERY = "Variables of mixpanel-query"
LOCAL = "Options of a local project"
PLUGINS = "Fixtures of the pytest plugins"
SLACK = "Variables of mixpanel-slack-report"
TOML = "Keys of report.toml"
SYSTEM = "Variables of the system"


def names_in(heading: str) -> list[str]:
    """Return the first cells of a section's table, without anchor and quotes."""
    return [re.findall(r"`([^`]+)`", row[0])[0] for row in rows(section(PAGE, heading))]


def defaults_in(heading: str) -> dict[str, str]:
    """Return the defaults that a section's table tells, without quotes."""
    table = rows(section(PAGE, heading))
    cells = [row[1].strip("`") for row in table]
    return dict(zip(names_in(heading), cells, strict=True))
