"""The files of a folder that are loaded: those of an export, or all that look like it.

A folder that `Client.export_to` fills says in its manifest which days are complete.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from mixpanel_query.export_files.manifest import DayRecord, Manifest, read_manifest
from mixpanel_query.local.exceptions import LocalProjectError

__all__ = ["files_of"]

MANIFEST: Final = "manifest.json"
ENDINGS: Final = (".jsonl", ".jsonl.gz", ".parquet")
MOST_NAMED: Final = 3


def files_of(path: Path) -> list[Path]:
    """Return the files to load of a path: itself, or those of a folder, by name.

    Raises:
        LocalProjectError: If a folder has none, or holds an export that is not whole.
    """
    if not path.is_dir():
        return [path]
    text = manifest_text(path)
    if not is_of_export(text):
        return files_by_name(path)
    try:
        manifest = read_manifest(text)
    except ValueError as error:
        problem = f"cannot read {path / MANIFEST}: {error}; export into a new folder"
        raise LocalProjectError(problem) from error
    return exported_files(path, manifest)


def is_of_export(text: str) -> bool:
    """Tell whether a manifest is one of an export, as other things have some too."""
    return '"version"' in text and '"export"' in text


def manifest_text(path: Path) -> str:
    """Return what the manifest of a folder says; nothing if there is none."""
    file = path / MANIFEST
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise LocalProjectError(f"cannot read {file}: {error}") from error


def exported_files(path: Path, manifest: Manifest) -> list[Path]:
    """Return the files of an export, if each of its days is complete."""
    ending = manifest.identity.format
    if f".{ending}" not in ENDINGS:
        problem = f"{path} holds an export in the format {ending!r}"
        raise LocalProjectError(f"{problem}; it can be jsonl, jsonl.gz or parquet")
    files = {day: path / f"{day.isoformat()}.{ending}" for day in sorted(manifest.days)}
    unfinished = [day for day in files if not is_whole(files[day], manifest.days[day])]
    if unfinished:
        raise LocalProjectError(
            f"{path} holds an export that is not whole: {len(unfinished)} of "
            f"{len(files)} days are missing or were changed ({listed(unfinished)}); "
            "go on with the export, into the same folder"
        )
    if not files:
        raise LocalProjectError(f"{path} holds an export of no days; export again")
    return list(files.values())


def is_whole(file: Path, record: DayRecord) -> bool:
    """Tell whether a day is complete, and its file is as long as it was written."""
    if record.state != "complete":
        return False
    try:
        return file.stat().st_size == record.bytes
    except OSError:
        return False


def listed(days: Iterable[date]) -> str:
    """Return the first of some days for a message."""
    names = [day.isoformat() for day in days]
    return ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")


def files_by_name(path: Path) -> list[Path]:
    """Return the files of a folder that has no manifest, by their names."""
    found: dict[str, Path] = {}
    for file in sorted(path.iterdir()):
        ending = next(filter(file.name.endswith, reversed(ENDINGS)), "")
        if not ending or file.name.startswith("."):
            continue
        name = file.name.removesuffix(ending)
        if name in found:
            raise LocalProjectError(
                f"{path} has both {found[name].name} and {file.name}, which would "
                "count twice; keep one of them"
            )
        found[name] = file
    if not found:
        problem = f"{path} has no file whose name ends with {', '.join(ENDINGS)}"
        raise LocalProjectError(f"{problem}; export into it")
    return list(found.values())
