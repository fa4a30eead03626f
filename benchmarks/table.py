"""The table of all rows, as Markdown that is as easily read in a terminal."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from benchmarks.rows import Beside, Ratio, Row, ratio_of

__all__ = ["missed", "table", "written"]

HEADS = ("measured", "unit", "ours", "beside", "its", "ours is", "noise")
NUMBERS = ("ours", "its", "noise")
Cells = tuple[str, ...]


def table(areas: Sequence[tuple[str, Sequence[Row]]]) -> str:
    """Write the rows of all areas as one table."""
    lines: list[Cells] = [HEADS]
    for area, rows in areas:
        lines.append((f"**{area}**", *[""] * (len(HEADS) - 1)))
        lines += [line for row in rows for line in lines_of(row)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rule = tuple(
        "-" * (width - 1) + ":" if head in NUMBERS else "-" * width
        for head, width in zip(HEADS, widths, strict=True)
    )
    return "\n".join(aligned(line, widths) for line in [lines[0], rule, *lines[1:]])


def aligned(cells: Cells, widths: Sequence[int]) -> str:
    """Write a line, numbers to the right."""
    texts = [
        cell.rjust(width) if head in NUMBERS else cell.ljust(width)
        for head, cell, width in zip(HEADS, cells, widths, strict=True)
    ]
    return f"| {' | '.join(texts)} |"


def lines_of(row: Row) -> Iterator[Cells]:
    """Give a line for each thing that is beside ours."""
    noise = "" if row.noise == 1 else f"{row.noise:.2f}"
    ours = median(row.ours) or "-"
    first: Cells = (row.what, row.unit, ours)
    beside = [(other.name, its(other), said(row, other)) for other in row.beside]
    if row.limit is not None:
        held = "within it" if row.is_held else "**beyond it**"
        beside.append(("limit", written(row.limit), held))
    if row.not_measured:
        beside = [("", "", f"not measured: {row.not_measured}"), *beside]
    for cells in beside or [("", "", "")]:
        yield (*first, *cells, noise)
        first, noise = ("", "", ""), ""


def its(other: Beside) -> str:
    """Give the median of what is beside ours, or a dash."""
    return median(other.values) or "-"


def said(row: Row, other: Beside) -> str:
    """Say how ours compares, or why nothing can be said."""
    if not other.values:
        return f"not measured: {other.not_measured or 'no reason given'}"
    found = ratio_of(row, other)
    if found is None:
        return "-"
    text = verdict(found, row.noise)
    if other.at_most:
        held = "limit" if holds(row, other, found) else "**beyond the limit**,"
        text += f"; {held} {times(other.at_most)} x"
    return text


def holds(row: Row, other: Beside, found: Ratio) -> bool:
    """Tell whether ours is at most so many times worse, or noise is all there is."""
    return found.holds(other.at_most) or found.is_noise(row.noise)


def verdict(found: Ratio, noise: float) -> str:
    """Say how many times better ours is, or that noise is all there is."""
    low, high = found.low, found.high
    if found.is_noise(noise):
        return "same" + spread_of(low, high)
    if found.median > 1:
        word, middle = "better", found.median
    else:
        word, middle, low, high = "worse", 1 / found.median, 1 / high, 1 / low
    return f"{times(middle)} x {word}" + spread_of(low, high)


def spread_of(low: float, high: float) -> str:
    """Write the spread of a ratio, where there is one."""
    first, last = times(low), times(high)
    return "" if first == last else f" ({first} to {last})"


def median(values: Sequence[float]) -> str:
    """Write a median; nothing where there is none."""
    return written(statistics.median(values)) if values else ""


def written(value: float) -> str:
    """Write a figure with as many digits as say something."""
    if value == int(value) and abs(value) < 100:
        return str(int(value))
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def times(value: float) -> str:
    """Write how many times, with two digits after the point below 10."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def missed(areas: Sequence[tuple[str, Sequence[Row]]]) -> list[str]:
    """List the limits that are not kept."""
    return [
        f"{area}: {row.what}: {text}"
        for area, rows in areas
        for row in rows
        for text in missed_by(row)
    ]


def missed_by(row: Row) -> Iterator[str]:
    """Give the limits that a row does not keep."""
    if row.limit is not None and not row.is_held:
        own = median(row.ours) or "not measured"
        yield f"{own} {row.unit}, limit {written(row.limit)}"
    for other in row.beside:
        found = ratio_of(row, other)
        if found is not None and not holds(row, other, found):
            worse = f"{times(1 / found.median)} x worse than {other.name}"
            yield f"{worse}, limit {times(other.at_most)} x"
