"""A chart of a message as HTML: a drawing with its words around it, and no script."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from math import ceil, floor, log10
from typing import Any

from mixpanel_slack_report.changes import number_in_words

__all__ = ["marks_between", "render_chart"]

# The drawing is stretched to its place; words keep their size beside it.
WIDTH, HEIGHT = 100.0, 100.0
MOST_STEPS = 4


def render_chart(block: dict[str, Any]) -> str:
    """Draw the lines of a ``data_visualization``."""
    chart = block["chart"]
    names: list[str] = chart["axis_config"]["categories"]
    lines = {
        series["name"]: points_of(series["data"], names) for series in chart["series"]
    }
    marks = marks_between(*reach(list(lines.values())))
    unit = chart["axis_config"].get("y_label", "")
    caption = f"{block['title']} ({unit})" if unit else block["title"]
    drawn = "".join(
        render_line(points, marks, number)
        for number, points in enumerate(lines.values(), start=1)
    )
    return f"""<figure>
<figcaption>{escape(caption)}</figcaption>
<div class="plot">
<div class="marks" aria-hidden="true">{spans(map(number_in_words, marks))}</div>
<svg role="img" aria-label="{escape(spoken(caption, names, lines))}" \
viewBox="0 0 {WIDTH:g} {HEIGHT:g}" preserveAspectRatio="none">{grid(marks)}{drawn}</svg>
<div class="names" aria-hidden="true">{spans(names)}</div>
</div>
<ul class="legend">{"".join(map(legend, lines, range(1, len(lines) + 1)))}</ul>
</figure>"""


def points_of(data: Sequence[dict[str, Any]], names: Sequence[str]) -> list[float]:
    """Return the numbers of a line in the order of the categories."""
    numbers = {point["label"]: point["value"] for point in data}
    return [numbers[name] for name in names]


def reach(lines: Sequence[Sequence[float]]) -> tuple[float, float]:
    """Return the lowest and the highest number to draw, of which 0 is always one."""
    numbers = [number for points in lines for number in points]
    return min(0, *numbers), max(0, *numbers)


def marks_between(lowest: float, highest: float) -> list[int | float]:
    """Choose round numbers for the axis, the first and the last around all others.

    >>> marks_between(0, 253), marks_between(0, 16.4), marks_between(0, 0)
    ([0, 100, 200, 300], [0, 5, 10, 15, 20], [0, 1])
    """
    if lowest == highest:
        return [0, 1]
    rough = (highest - lowest) / MOST_STEPS
    size = 10.0 ** floor(log10(rough))
    step = min(nice * size for nice in (1, 2, 2.5, 5, 10) if nice * size >= rough)
    first, last = floor(lowest / step), ceil(highest / step)
    marks = [round(number * step, 12) for number in range(first, last + 1)]
    return [int(mark) if mark == int(mark) else mark for mark in marks]


def render_line(points: Sequence[float], marks: Sequence[float], number: int) -> str:
    """Draw a line, and a dot for each of its points."""
    places = [
        ((index + 0.5) / len(points) * WIDTH, height(point, marks))
        for index, point in enumerate(points)
    ]
    line = "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in places)
    dots = "".join(f"M{x:.2f} {y:.2f}h0" for x, y in places)
    kind = f"line-{number}"
    return f'<path class="{kind}" d="{line}"/><path class="{kind} dots" d="{dots}"/>'


def grid(marks: Sequence[float]) -> str:
    """Draw a line across at each mark of the axis."""
    ways = "".join(f"M0 {height(mark, marks):.2f}h{WIDTH:g}" for mark in marks)
    return f'<path class="grid" d="{ways}"/>'


def height(number: float, marks: Sequence[float]) -> float:
    """Return how far below the upper edge a number lies."""
    return HEIGHT - (number - marks[0]) / (marks[-1] - marks[0]) * HEIGHT


def spans(words: Iterable[str]) -> str:
    """Write each word for itself."""
    return "".join(f"<span>{escape(word)}</span>" for word in words)


def legend(name: str, number: int) -> str:
    """Show which line is whose."""
    sample = f'<path class="line-{number}" d="M2 4h24"/>'
    return (
        f'<li><svg aria-hidden="true" viewBox="0 0 28 8">{sample}</svg>'
        f"{escape(name)}</li>"
    )


def spoken(
    caption: str, names: Sequence[str], lines: dict[str, list[int | float]]
) -> str:
    """Say every number of the chart, for who does not see it."""
    said = [
        f"{line}: "
        + ", ".join(
            f"{name} {number_in_words(point)}"
            for name, point in zip(names, points, strict=True)
        )
        for line, points in lines.items()
    ]
    return f"{caption}. {'; '.join(said)}."
