"""Where the file of the budget is, if nobody says."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from mixpanel_query.budget.gate import VARIABLE

__all__ = ["default_path"]

FILE = Path("mixpanel-query", "budget")


def default_path(
    environ: Mapping[str, str], *, platform: str = sys.platform, home: Path | None
) -> Path | None:
    """Return the file that this user's processes share; None if there is no home.

    ``MIXPANEL_BUDGET_FILE`` names it, else it is in the folder for the state of
    programs: ``XDG_STATE_HOME``, or what takes its place on Windows and macOS.

    >>> default_path({}, platform="linux", home=Path("/home/ada")).as_posix()
    '/home/ada/.local/state/mixpanel-query/budget'
    """
    if named := environ.get(VARIABLE, "").strip():
        return Path(named).expanduser()
    # A relative one is to be ignored, says the standard of these folders.
    if (state := Path(environ.get("XDG_STATE_HOME", ""))).is_absolute():
        return state / FILE
    if platform == "win32" and (local := environ.get("LOCALAPPDATA")):
        return Path(local) / FILE
    if home is None:
        return None
    folders = {"darwin": "Library/Application Support", "win32": "AppData/Local"}
    return home / folders.get(platform, ".local/state") / FILE
