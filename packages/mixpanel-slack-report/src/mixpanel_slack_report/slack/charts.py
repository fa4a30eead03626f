"""Native charts of Slack's: how the key metrics went over the last windows.

https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from math import isfinite

from mixpanel_slack_report.changes import shows_percent
from mixpanel_slack_report.metrics import MetricValue, Number
from mixpanel_slack_report.periods import Window
from mixpanel_slack_report.slack.fitting import JsonBlock, size
from mixpanel_slack_report.wording import MONTHS, readable

__all__ = ["Series", "trend_charts", "window_labels"]

# More than two charts in a message are refused, which no document says:
# https://github.com/vercel/chat/pull/696
MOST_CHARTS = 2
MOST_SERIES = 6
MOST_POINTS = 20
LONGEST_LABEL = 20
FEWEST_POINTS = 3
# Lines that differ by more would lie flat beside each other.
WIDEST_SCALE = 10
# No document says that labels are plain, and names may hold markup of any kind.
MARKUP = re.compile(r"[<>&*~`|@#:]|\b_+|_+\b|^_+|_+$")


@dataclass(frozen=True, slots=True)
class Series:
    """One line of a chart.

    Attributes:
        name: The metric's name.
        points: The numbers, the last being that of the window reported.
        percent: Whether they are percent.
    """

    name: str
    points: tuple[Number, ...]
    percent: bool

    @property
    def peak(self) -> Number:
        """The number that is farthest from 0."""
        return max(map(abs, self.points))


def trend_charts(
    metrics: Sequence[MetricValue], windows: Sequence[Window], *, room: int
) -> list[JsonBlock]:
    """Draw the trends of the metrics, within ``room`` characters of JSON.

    Metrics whose numbers are of one size share a chart; there are two at most.

    Args:
        metrics: The values, of which some may have a trend.
        windows: The days of the points of a whole trend, the last being those
            reported.
        room: The most characters.
    """
    lines = list(drawable(metrics, most=min(MOST_POINTS, len(windows))))
    charts: list[JsonBlock] = []
    for together in groups_of(lines)[:MOST_CHARTS]:
        chart = fitting_chart(together, windows, room=room)
        if chart:
            room -= size(chart)
            charts.append(chart)
    return charts


def drawable(metrics: Sequence[MetricValue], *, most: int) -> Iterator[Series]:
    """Yield the trends of up to ``most`` points whose latest ones are all known."""
    for value in metrics:
        percent = shows_percent(value.metric)
        points: list[Number] = []
        for number in reversed(value.trend[-most:]):
            if number is None or not isfinite(number):
                break
            points.insert(0, round(number * 100, 2) if percent else number)
        if value.value is not None and len(points) >= FEWEST_POINTS:
            yield Series(value.metric.name, tuple(points), percent)


def groups_of(lines: Sequence[Series]) -> list[list[Series]]:
    """Part lines into those that share a chart, that of the first metric first."""
    families: dict[tuple[bool, int], list[Series]] = {}
    for line in lines:
        families.setdefault((line.percent, len(line.points)), []).append(line)
    groups = [
        group[start : start + MOST_SERIES]
        for family in families.values()
        for group in by_size(family)
        for start in range(0, len(group), MOST_SERIES)
    ]
    return sorted(groups, key=lambda group: lines.index(group[0]))


def by_size(family: list[Series]) -> list[list[Series]]:
    """Part lines of very different size where both parts are most alike."""
    peaks = sorted({line.peak for line in family if line.peak})
    if not peaks or peaks[-1] <= peaks[0] * WIDEST_SCALE:
        return [family]
    bound = min(
        range(1, len(peaks)),
        key=lambda at: max(peaks[at - 1] / peaks[0], peaks[-1] / peaks[at]),
    )
    return [
        [line for line in family if line.peak < peaks[bound]],
        [line for line in family if line.peak >= peaks[bound]],
    ]


def fitting_chart(
    together: Sequence[Series], windows: Sequence[Window], *, room: int
) -> JsonBlock | None:
    """Draw as many of the lines as fit; None if not even one does."""
    for lines in range(len(together), 0, -1):
        chart = line_chart(together[:lines], windows)
        if size(chart) <= room:
            return chart
    return None


def line_chart(together: Sequence[Series], windows: Sequence[Window]) -> JsonBlock:
    """Draw lines that have equally many points."""
    points = len(together[0].points)
    labels = window_labels(windows[-points:])
    taken: set[str] = set()
    axis: dict[str, object] = {"categories": labels}
    if together[0].percent:
        axis["y_label"] = "Percent"
    return {
        "type": "data_visualization",
        "title": f"Trend over {points} {spans(windows[-1])}",
        "chart": {
            "type": "line",
            "series": [
                {
                    "name": label(series.name, taken),
                    "data": [
                        {"label": name, "value": number}
                        for name, number in zip(labels, series.points, strict=True)
                    ],
                }
                for series in together
            ],
            "axis_config": axis,
        },
    }


def window_labels(windows: Sequence[Window]) -> list[str]:
    """Name windows by their first day, and months by their name.

    >>> from datetime import date
    >>> week = Window(date(2026, 11, 9), date(2026, 11, 15))
    >>> month = Window(date(2026, 11, 1), date(2026, 11, 30))
    >>> window_labels([week.shifted(-7), week]), window_labels([month])
    (['Nov 2', 'Nov 9'], ['Nov 2026'])
    """
    monthly = spans(windows[-1]) == "months"
    return [
        f"{MONTHS[first.month - 1][:3]} {first.year if monthly else first.day}"
        for first in (window.from_date for window in windows)
    ]


def spans(window: Window) -> str:
    """Say what windows as long as this one are called.

    >>> from datetime import date
    >>> spans(Window(date(2026, 11, 9), date(2026, 11, 15)))
    'weeks'
    """
    if window.from_date.day == 1 and window.days >= 28:
        return "months"
    names = {1: "days", 7: "weeks", 14: "fortnights"}
    return names.get(window.days, "windows")


def label(name: str, taken: set[str]) -> str:
    """Make a label of a chart that is not in use, and put it among those that are.

    >>> taken = set()
    >>> label("<!channel> *Sales*", taken), label("!channel Sales", taken)
    ('!channel Sales', '!channel Sales 2')
    """
    clean = readable(MARKUP.sub(" ", name), longest=LONGEST_LABEL * 4)
    clean = readable(" ".join(clean.split()), longest=LONGEST_LABEL)
    ends = chain([""], (f" {number}" for number in count(2)))
    candidates = (
        readable(clean, longest=LONGEST_LABEL - len(end)) + end for end in ends
    )
    found = next(candidate for candidate in candidates if candidate not in taken)
    taken.add(found)
    return found
