"""Tests of the files of an export: of no rows, closed twice, and abandoned."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

from mixpanel_query.event_rows import EventRows
from mixpanel_query.export_files.day_files import GzippedJsonLines, JsonLines
from mixpanel_query.export_files.safe_writing import MeasuredFile

NO_ROWS = EventRows.of([], [])


def test_no_rows_are_no_line(tmp_path: Path) -> None:
    """A line end alone would be a line that is no event."""
    file = MeasuredFile(tmp_path / "day.jsonl")
    lines = JsonLines(file)

    lines.write(NO_ROWS)
    lines.end()
    file.close()

    assert (tmp_path / "day.jsonl").read_bytes() == b""


def test_no_rows_are_an_empty_gzip_file(tmp_path: Path) -> None:
    """What reads gzip can read it."""
    file = MeasuredFile(tmp_path / "day.jsonl.gz")
    lines = GzippedJsonLines(file)

    lines.write(NO_ROWS)
    lines.end()
    file.close()

    assert gzip.decompress((tmp_path / "day.jsonl.gz").read_bytes()) == b""


def test_a_file_may_be_closed_twice(tmp_path: Path) -> None:
    """A writer of Parquet does, and so does who gave it the file."""
    file = MeasuredFile(tmp_path / "day")
    file.write(b"abc")

    file.close()
    file.close()

    assert file.closed
    assert (file.size, file.digest) == (3, hashlib.sha256(b"abc").hexdigest())


def test_an_abandoned_file_forgets_what_it_is_given(tmp_path: Path) -> None:
    """Its writer ends it later, when it is collected."""
    file = MeasuredFile(tmp_path / "day")
    file.write(b"abc")
    file.abandon()

    assert file.write(b"the end") == 7
    assert file.size == 3
