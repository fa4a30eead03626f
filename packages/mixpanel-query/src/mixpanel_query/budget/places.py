"""Where a file is that programs remember things in, if nobody says."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from mixpanel_query.budget.gate import VARIABLE

__all__ = ["default_path", "state_path", "user_home"]

FILE = Path("mixpanel-query", "budget")


def default_path(
    environ: Mapping[str, str], *, platform: str = sys.platform, home: Path | None
) -> Path | None:
    """Return the budget that this user's processes share; None if there is no home.

    ``MIXPANEL_BUDGET_FILE`` names it, else it is in the folder for the state of
    programs.
    """
    if named := environ.get(VARIABLE, "").strip():
        return Path(named).expanduser()
    return state_path(FILE, environ, platform=platform, home=home)


def state_path(
    file: Path,
    environ: Mapping[str, str],
    *,
    platform: str = sys.platform,
    home: Path | None,
) -> Path | None:
    """Return where a file is in the user's folder for the state of programs.

    That is ``XDG_STATE_HOME``, or what takes its place on Windows and macOS:
    https://specifications.freedesktop.org/basedir-spec/latest/

    Args:
        file: The file's path in that folder.
        environ: The variables.
        platform: The system, as ``sys.platform`` names it.
        home: The user's home; None if there is none, and then maybe no folder.

    >>> file = Path("mixpanel-query", "budget")
    >>> state_path(file, {}, platform="linux", home=Path("/home/ada")).as_posix()
    '/home/ada/.local/state/mixpanel-query/budget'
    """
    # A relative one is to be ignored, says the standard of these folders.
    if (state := Path(environ.get("XDG_STATE_HOME", ""))).is_absolute():
        return state / file
    if platform == "win32" and (local := environ.get("LOCALAPPDATA")):
        return Path(local) / file
    if home is None:
        return None
    folders = {"darwin": "Library/Application Support", "win32": "AppData/Local"}
    return home / folders.get(platform, ".local/state") / file


def user_home() -> Path | None:
    """Return the user's home; None if the system knows none."""
    try:
        return Path.home()
    except RuntimeError:
        return None
