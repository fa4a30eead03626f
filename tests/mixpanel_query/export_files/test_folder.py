"""Tests of folders that are refused."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from mixpanel_query import Client, ExportProgress, ServiceAccount
from mixpanel_query.exceptions import (
    ExportFolderError,
    InvalidQueryError,
)
from mixpanel_query.export_files import spans
from mixpanel_query.export_files.folder_lock import FolderLock

Make: TypeAlias = Callable[..., Any]
Server: TypeAlias = Any  # that of conftest.py

FIRST = date(2024, 11, 1)


def day(number: int) -> date:
    """The day with a number, from 0."""
    return FIRST + timedelta(days=number)


def window(days: int) -> tuple[str, str]:
    """The window of so many days."""
    return FIRST.isoformat(), day(days - 1).isoformat()


@pytest.mark.parametrize(
    ("other", "difference"),
    [
        ({"where": "true"}, "where none, not 'true'"),
        ({"events": ["A", "B"]}, "events none, not 'A, B'"),
        ({"format": "jsonl.gz"}, "format 'jsonl', not 'jsonl.gz'"),
    ],
)
def test_another_export_needs_another_folder(  # noqa: PLR0917
    other: dict[str, Any],
    difference: str,
    ask: Make,
    refused: Make,
    server: Server,
    folder: Path,
) -> None:
    """An export with other filters is refused in one line, and nothing is sent."""
    ask(lambda client: client.export_to(folder, *window(1)), base_url=server.base_url)
    server.asked.clear()

    error = refused(
        lambda client: client.export_to(folder, *window(1), **other),
        base_url=server.base_url,
    )

    assert isinstance(error, ExportFolderError)
    assert str(error) == (
        f"{folder} holds another export: {difference}; choose another folder"
    )
    assert error.path == folder
    assert server.asked == []


def test_another_project_needs_another_folder(
    ask: Make, refused: Make, server: Server, folder: Path
) -> None:
    """Two projects do not share a folder."""
    ask(lambda client: client.export_to(folder, *window(1)), base_url=server.base_url)

    error = refused(
        lambda client: client.export_to(folder, *window(1)),
        base_url=server.base_url,
        credentials=ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 777),
    )

    assert "project_id '12345', not '777'" in str(error)


def test_folder_in_use(
    ask: Make, server: Server, account: ServiceAccount, folder: Path
) -> None:
    """While one export writes into a folder, another one is refused in one line."""
    server.fill(1)
    errors = []

    def intrude(progress: ExportProgress) -> None:
        if not errors and progress.rows:
            errors.append("asked")
            with (
                Client(account, base_url=server.base_url) as other,
                pytest.raises(ExportFolderError) as caught,
            ):
                other.export_to(folder, *window(1))
            errors.append(str(caught.value))

    ask(
        lambda client: client.export_to(folder, *window(1), progress=intrude),
        base_url=server.base_url,
    )

    assert errors[1] == (
        f"{folder} is being written by another export; "
        "wait for it, or choose another folder"
    )
    assert (folder / "2024-11-01.jsonl").read_bytes() == server.truth(FIRST)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit of Unix")
@pytest.mark.parametrize("file_format", ["jsonl", "jsonl.gz", "parquet"])
@pytest.mark.parametrize("most", [100, 1500], ids=["manifest", "day"])
def test_full_disk(  # noqa: PLR0917
    file_format: str,
    most: int,
    refused: Make,
    server: Server,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A disk that is full is an error in one line, and nothing half written stays."""
    import resource

    monkeypatch.setattr(spans, "CALLS", 1)  # several files are open then
    server.fill(3, rows=2000)
    # What is imported here for the first time would leave half its bytecode behind.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, limits[1]))
    try:
        error = refused(
            lambda client: client.export_to(folder, *window(3), format=file_format),
            base_url=server.base_url,
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert isinstance(error, ExportFolderError)
    assert "cannot be used: File too large; make room" in str(error)
    assert {path.name for path in folder.iterdir()} <= {".lock", "manifest.json"}


def test_parts_of_others_stay(ask: Make, server: Server, folder: Path) -> None:
    """Only what an export left half written is thrown away."""
    folder.mkdir()
    (folder / ".other.jsonl.77.part").write_bytes(b"theirs")
    (folder / ".2024-11-01.jsonl.part").write_bytes(b"ours")

    ask(lambda client: client.export_to(folder, *window(1)), base_url=server.base_url)

    assert [path.name for path in folder.glob(".*.part")] == [".other.jsonl.77.part"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_child_does_not_keep_the_folder(tmp_path: Path) -> None:
    """A child that was forked during an export does not hold its lock after it."""
    lock = FolderLock(tmp_path / ".lock")
    child = os.fork()
    if child == 0:
        signal.pause()
        os._exit(0)
    try:
        lock.release()
        FolderLock(tmp_path / ".lock").release()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_plan_of_a_hundred_thousand_days(folder: Path) -> None:
    """The plan of a window of centuries takes no quadratic time."""
    account = ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 12345)
    with Client(account, base_url="http://127.0.0.1:9") as client:
        started = time.process_time()
        plan = client.plan_export_to(folder, "1750-01-01", "2023-10-16")

    assert (plan.days, plan.missing, plan.calls) == (100_000, 100_000, 834)
    assert time.process_time() - started < 5.0


def test_files_of_unknown_origin(refused: Make, server: Server, folder: Path) -> None:
    """Files that look like days, without a manifest, are not overwritten."""
    folder.mkdir()
    (folder / "2020-01-01.parquet").write_bytes(b"mine")

    error = refused(
        lambda client: client.export_to(folder, *window(1)), base_url=server.base_url
    )

    assert "has 2020-01-01.parquet but no manifest.json" in str(error)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 2}', '{"version": 1, "export": {}}']
)
def test_manifest_that_cannot_be_read(
    text: str, refused: Make, server: Server, folder: Path
) -> None:
    """A manifest that was harmed is an error in one line, and stays as it is."""
    folder.mkdir()
    (folder / "manifest.json").write_text(text)

    error = refused(
        lambda client: client.export_to(folder, *window(1)), base_url=server.base_url
    )

    assert isinstance(error, ExportFolderError)
    assert "manifest.json cannot be read" in str(error)
    assert "\n" not in str(error)
    assert (folder / "manifest.json").read_text() == text


def test_folder_that_cannot_be_made(
    refused: Make, server: Server, tmp_path: Path
) -> None:
    """A file in the place of the folder is an error in one line."""
    (tmp_path / "file").write_text("mine")

    error = refused(
        lambda client: client.export_to(tmp_path / "file", *window(1)),
        base_url=server.base_url,
    )

    assert isinstance(error, ExportFolderError)
    assert "cannot be used: File exists" in str(error)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"format": "csv"}, "format 'csv' is unknown; use jsonl, jsonl.gz, parquet"),
        ({"refresh_days": -1}, "refresh_days -1 is not from 0 to 36,500; give days"),
        ({"refresh_days": 10**12}, "is not from 0 to 36,500; give days, 0 for none"),
        ({"events": []}, "list of events is empty"),
    ],
)
def test_what_cannot_be_right(
    wrong: dict[str, Any], message: str, refused: Make, folder: Path
) -> None:
    """Mistakes are refused before a folder is made."""
    error = refused(lambda client: client.export_to(folder, *window(1), **wrong))

    assert isinstance(error, InvalidQueryError)
    assert message in str(error)
    assert not folder.exists()
