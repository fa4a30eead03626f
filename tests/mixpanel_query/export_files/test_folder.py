"""Tests of folders that are refused."""

from __future__ import annotations

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
        ({"refresh_days": -1}, "refresh_days -1 is negative; give days, 0 for none"),
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
