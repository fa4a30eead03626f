"""What Slack refuses in tables and charts, as far as Slack documents it."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

__all__ = [
    "MOST_CELL_TEXT",
    "cell_characters",
    "chart_problem",
    "data_table_problem",
    "table_problem",
]

# https://docs.slack.dev/reference/block-kit/blocks/data-table-block
MOST_DATA_ROWS = 201
MOST_CELL_TEXT = 20_000
MOST_PAGE_ROWS = 100
# https://docs.slack.dev/reference/block-kit/blocks/table-block
MOST_ROWS = 100
MOST_COLUMNS = 20
ALIGNMENTS = (None, "left", "center", "right")
# https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
CHARTS = ("line", "bar", "area")
LONGEST_TITLE = 50
LONGEST_LABEL = 20
MOST_SERIES = 6
MOST_POINTS = 20

RichRule = Callable[[dict[str, Any]], str]


def data_table_problem(block: dict[str, Any], *, rich: RichRule) -> str:
    """Say what is wrong with a data table; ``rich`` judges cells of rich text."""
    rows, caption = block.get("rows"), block.get("caption")
    problem = rows_problem(rows, least=2, most=MOST_DATA_ROWS, rich=rich)
    if problem or not isinstance(rows, list):
        return problem
    page, names = block.get("page_size", 5), block.get("row_header_column_index", 0)
    broken = {
        "a data table has a caption": not isinstance(caption, str) or not caption,
        "rows of a data table are equally long": len({len(row) for row in rows}) > 1,
        "heads are no rich text": any(cell["type"] == "rich_text" for cell in rows[0]),
        f"a page has 1 to {MOST_PAGE_ROWS} rows": not is_whole(page, 1, MOST_PAGE_ROWS),
        "a column of its own names rows": not is_whole(names, 0, len(rows[0]) - 1),
    }
    return first_broken(broken)


def table_problem(block: dict[str, Any], *, rich: RichRule) -> str:
    """Say what is wrong with a table; ``rich`` judges cells of rich text."""
    columns = block.get("column_settings", [])
    if not isinstance(columns, list) or len(columns) > MOST_COLUMNS:
        return f"a table has settings for at most {MOST_COLUMNS} columns"
    if any(column.get("align") not in ALIGNMENTS for column in columns):
        return "a column is aligned left, center or right"
    return rows_problem(block.get("rows"), least=1, most=MOST_ROWS, rich=rich)


def rows_problem(rows: object, *, least: int, most: int, rich: RichRule) -> str:
    """Say what is wrong with the rows of a table."""
    if not isinstance(rows, list) or not least <= len(rows) <= most:
        return f"a table has {least} to {most} rows"
    for row in rows:
        if not isinstance(row, list) or not 1 <= len(row) <= MOST_COLUMNS:
            return f"a row has 1 to {MOST_COLUMNS} cells"
        for cell in row:
            problem = cell_problem(cell, rich=rich)
            if problem:
                return problem
    long = sum(map(row_characters, rows)) > MOST_CELL_TEXT
    return f"a table has at most {MOST_CELL_TEXT} characters" if long else ""


def cell_problem(cell: object, *, rich: RichRule) -> str:
    """Say what is wrong with a cell."""
    if not isinstance(cell, dict):
        return "a cell is an object"
    kind, words = cell.get("type"), cell.get("text")
    if kind == "rich_text":
        return rich(cell)
    if kind not in ("raw_text", "raw_number"):
        return f"a cell is {kind!r}, not raw_text, raw_number or rich_text"
    if not isinstance(words, str) or not words:
        return f"a cell of {kind} has text"
    if kind == "raw_number" and not is_number(cell.get("value")):
        return "a cell of raw_number has a value"
    return ""


def cell_characters(block: dict[str, Any]) -> int:
    """Count the characters in the cells of a table; 0 for any other block."""
    if block.get("type") not in ("table", "data_table"):
        return 0
    return sum(map(row_characters, block["rows"]))


def row_characters(node: object) -> int:
    """Count the characters in a row, in a cell, or in a part of one."""
    if isinstance(node, dict):
        return len(node.get("text", "")) + row_characters(node.get("elements"))
    return sum(map(row_characters, node)) if isinstance(node, list) else 0


def chart_problem(block: dict[str, Any]) -> str:
    """Say what is wrong with a chart; pies are not known here."""
    chart = block.get("chart")
    if not is_label(block.get("title"), LONGEST_TITLE):
        return f"a chart has a title of 1 to {LONGEST_TITLE} characters"
    if not isinstance(chart, dict) or chart.get("type") not in CHARTS:
        return f"a chart is one of {', '.join(CHARTS)}"
    axis = chart.get("axis_config")
    if not isinstance(axis, dict):
        return "a chart has an axis_config"
    problem = axis_problem(axis)
    return problem or series_problem(chart.get("series"), axis["categories"])


def axis_problem(axis: dict[str, Any]) -> str:
    """Say what is wrong with the axes of a chart."""
    names = axis.get("categories")
    labels = [axis[key] for key in ("x_label", "y_label") if key in axis]
    if not are_labels(names, most=MOST_POINTS):
        return f"a chart has 1 to {MOST_POINTS} categories, each with its own name"
    if not all(is_label(label, LONGEST_TITLE) for label in labels):
        return f"an axis has a label of 1 to {LONGEST_TITLE} characters"
    return ""


def series_problem(series: object, names: list[str]) -> str:
    """Say what is wrong with the lines, bars or areas of a chart."""
    if not isinstance(series, list) or not all(isinstance(one, dict) for one in series):
        return "a chart has series"
    if not are_labels([one.get("name") for one in series], most=MOST_SERIES):
        return f"a chart has 1 to {MOST_SERIES} series, each with its own name"
    for one in series:
        points = one.get("data", [])
        if sorted(point.get("label", "") for point in points) != sorted(names):
            return "a series has one point for each category"
        if not all(is_number(point.get("value")) for point in points):
            return "a point has a number"
    return ""


def are_labels(texts: object, *, most: int) -> bool:
    """Whether all are labels of a chart, not too many, and none is twice there."""
    return (
        isinstance(texts, list)
        and 1 <= len(texts) <= most
        and all(is_label(text, LONGEST_LABEL) for text in texts)
        and len(set(texts)) == len(texts)
    )


def is_label(text: object, longest: int) -> bool:
    """Whether a text is one, neither empty nor too long."""
    return isinstance(text, str) and 1 <= len(text) <= longest


def is_whole(number: object, least: int, most: int) -> bool:
    """Whether a number is whole and between two others, both included."""
    if not isinstance(number, int) or isinstance(number, bool):
        return False
    return least <= number <= most


def is_number(number: object) -> bool:
    """Whether a number can be drawn or sorted."""
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        return False
    return isfinite(number)


def first_broken(rules: dict[str, bool]) -> str:
    """Return the first rule that is broken; "" if none is."""
    return next((rule for rule, is_broken in rules.items() if is_broken), "")
