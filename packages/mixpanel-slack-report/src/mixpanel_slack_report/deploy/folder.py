"""Writes the files of a folder, all or none, and over none that is there."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mixpanel_slack_report.exceptions import SettingsError

__all__ = ["write_folder"]


def write_folder(
    folder: Path, files: Mapping[str, str], *, force: bool = False
) -> None:
    """Write files into a folder, which is made if it is not there.

    Args:
        folder: Where to write.
        files: Their texts by their paths in the folder, with ``/`` between names.
        force: Whether to write over files that are there.

    Raises:
        SettingsError: If a file is there already, or the folder cannot be written;
            where one is there, nothing was written.
    """
    there = sorted(name for name in files if (folder / name).exists())
    if there and not force:
        listed = ", ".join(there)
        message = f"{folder} has {listed} already; name another folder, or give --force"
        raise SettingsError(message)
    try:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        message = f"{folder} cannot be written: {error.strerror or error}"
        raise SettingsError(f"{message}; name another folder") from error
