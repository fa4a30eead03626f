"""The files in JavaScript that scripts find in place: Mixpanel's words, and ``_``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["library_text", "runtime_text"]

FOLDER = Path(__file__).with_name("runtime")

# In this order; each may use what comes before it.
PARTS = (
    "accessors",
    "buckets",
    "keys",
    "reducers",
    "grouping",
    "collections",
    "sources",
    "program",
)


@cache
def runtime_text() -> str:
    """Return the runtime: one function, so that scripts do not see its names."""
    parts = "\n".join(file_text(part) for part in PARTS)
    return f'(function () {{ "use strict";\n{parts}\n}})()'


@cache
def library_text() -> str:
    """Return Underscore, which scripts use as ``_``: https://underscorejs.org."""
    return file_text("underscore")


def file_text(name: str) -> str:
    """Return the text of a file in JavaScript."""
    return (FOLDER / f"{name}.js").read_text("utf-8")
