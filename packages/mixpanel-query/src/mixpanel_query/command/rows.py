"""Prints rows of which some say nothing, or more than a number or a text."""

from __future__ import annotations

import json
from collections.abc import Iterable

__all__ = ["print_rows"]


def print_rows(
    rows: Iterable[dict[str, object]],
    columns: list[str],
    more: Iterable[str] = (),
    *,
    shape: str,
) -> None:
    """Print rows.

    Args:
        rows: What to print; all have the same columns.
        columns: The columns of a table.
        more: Columns beside them, which a table has no place for.
        shape: As ``--format`` has it.
    """
    from mixpanel_query.command.output import print_records

    if shape in ("table", "csv"):
        rows = [{name: cell(value) for name, value in row.items()} for row in rows]
    shown = columns if shape == "table" else [*columns, *more]
    print_records(list(rows), shown, shape=shape)


def cell(value: object) -> object:
    """Return what stands in a table: nothing for nothing, JSON for what has parts.

    >>> cell(None), cell(3), cell({"type": "string"})
    ('', 3, '{"type": "string"}')
    """
    if value is None:
        return ""
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return value
