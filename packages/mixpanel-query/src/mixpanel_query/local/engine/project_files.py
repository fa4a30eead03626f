"""Files that keep a project, and why one cannot be opened."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import duckdb

from mixpanel_query.local.exceptions import LocalProjectError

__all__ = ["check_store", "why_closed"]

HOLDER: Final = re.compile(r"Conflicting lock is held in .*\(PID (\d+)\)")


def check_store(path: Path) -> None:
    """Refuse a file that is there and is no store.

    DuckDB opens a file of data too, as a view of it in a store in memory, whose
    changes would be lost.
    """
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError:
        # There is none yet, or DuckDB says why it cannot be read.
        return
    if head and head[8:] != b"DUCK":
        raise LocalProjectError(
            f"cannot open the project file {path}: it is no DuckDB file; "
            "name another one, or load it as events or profiles"
        )


def why_closed(error: duckdb.Error) -> str:
    """Say in a line why DuckDB opens no file, and what to do if it is in use."""
    reason = str(error).splitlines()[0]
    holder = HOLDER.search(reason)
    if holder is None:
        return reason
    return f"process {holder[1]} has it open; stop that one, or name another file"
