"""Native tables of Slack's, which readers can sort.

https://docs.slack.dev/reference/block-kit/blocks/data-table-block
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import TypeAlias

from mixpanel_slack_report.metrics import Number
from mixpanel_slack_report.slack.fitting import JsonBlock, fit, more, size
from mixpanel_slack_report.slack.rich_text import context
from mixpanel_slack_report.wording import readable

__all__ = ["Cell", "data_table", "figure", "words"]

Cell: TypeAlias = dict[str, object]

# The documents say 201 rows with the header today, and said 101 before.
MOST_ROWS = 100
LONGEST_CELL = 300


def data_table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    total: int,
    room: int,
) -> list[JsonBlock]:
    """Make a table, within ``room`` characters of JSON.

    Args:
        caption: What is in it, for screen readers.
        heads: What stands above each column; the first names the rows.
        rows: As many cells as there are heads, for each row.
        total: How many rows there are; what does not fit is counted below.
        room: The most characters.

    Returns:
        The table, and a line with the number of rows that are left out; no table if
        no row fits, and nothing if there are no rows.
    """
    if not total:
        return []
    head = [words(title) for title in heads]
    room -= size(table_of(caption, [head])) + size(context(more(total)))
    cells = (list(row) for row, _ in zip(rows, range(MOST_ROWS), strict=False))
    kept = fit(cells, room=room)
    if not kept:
        return [context(f"{caption}: {total} do not fit here")]
    table = table_of(caption, [head, *kept])
    left_out = total - len(kept)
    return [table, context(more(left_out))] if left_out else [table]


def table_of(caption: str, rows: list[list[Cell]]) -> JsonBlock:
    """Make a table that shows all of its rows, the heads being the first."""
    return {
        "type": "data_table",
        "caption": caption,
        "rows": rows,
        "page_size": max(1, len(rows) - 1),
        "row_header_column_index": 0,
    }


def words(text: str) -> Cell:
    """Make a cell of text, which is never empty."""
    return {"type": "raw_text", "text": readable(text, longest=LONGEST_CELL)}


def figure(number: Number, text: str) -> Cell:
    """Make a cell that is sorted by its number, and shows its text."""
    if not isfinite(number):
        return words(text)
    return {"type": "raw_number", "value": number, "text": text}
