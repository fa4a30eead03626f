"""The report as a page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mixpanel_slack_report.metrics import Metric, MetricValue, TopEvent
from mixpanel_slack_report.report import Alert, DatedNote
from mixpanel_slack_report.views.html_chart import marks_between, render_chart
from mixpanel_slack_report.views.html_view import render_html, write_html

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import MakeReport

    from mixpanel_slack_report.report import Report

SIGNUPS = MetricValue(
    Metric("New Signups", ("Sign Up",), "total"),
    "Sign Up",
    48,
    40,
    "ok",
    trend=(30, 35, 41, 38, 36, 45, 40, 48),
)


class Page(HTMLParser):
    """Collects the tags, addresses, spoken labels and words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.labels: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag and what it points at."""
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in {"src", "href"}]
        self.labels += [value for name, value in attrs if name == "aria-label"]
        if tag not in {"meta", "hr"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag that is closed at once."""
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that tags are closed in order."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the words."""
        self.words.append(data)


@pytest.fixture
def full_report(make_report: MakeReport) -> Report:
    """A report that has every part."""
    return replace(
        make_report((SIGNUPS,)),
        alerts=(
            Alert(
                "New Signups", "New Signups rose.", ("U024BE7LH", "S0614TZR7", "here")
            ),
        ),
        new_events=(TopEvent("Checkout Started", 31),),
        annotations=(DatedNote(date(2026, 11, 11), "Released 2.4"),),
        link="https://eu.mixpanel.com/project/12345?a=1&b=2",
    )


def test_the_page_shows_what_is_posted(full_report: Report) -> None:
    """Header, tables, lists and footer are those of the message."""
    page = Page(render_html(full_report))

    assert {"h1", "table", "caption", "th", "svg", "ul", "hr", "strong"} <= set(
        page.tags
    )
    assert {"New Signups", "48", "Page View", "12,500"} <= set(page.words)
    assert "Checkout Started — 31" in page.words
    assert "November 11, 2026: Released 2.4" in page.words
    assert page.open == []


def test_who_is_mentioned_is_shown(full_report: Report) -> None:
    """By id, as Slack's names are not known here."""
    words = Page(render_html(full_report)).words

    assert {"@U024BE7LH", "@S0614TZR7", "@here"} <= set(words)


def test_a_chart_can_be_heard(full_report: Report) -> None:
    """Every number of the drawing is in its label."""
    (label,) = Page(render_html(full_report)).labels

    assert label == (
        "Trend over 8 weeks. New Signups: Sep 21 30, Sep 28 35, Oct 5 41, Oct 12 38, "
        "Oct 19 36, Oct 26 45, Nov 2 40, Nov 9 48."
    )


def test_a_line_is_drawn_to_scale(full_report: Report) -> None:
    """On an axis from 0 to 60, 30 lies half way up, and 48 at four fifths."""
    drawing = render_html(full_report)

    (line,) = [
        part for part in drawing.split("<path ") if 'class="line-1" d="M6' in part
    ]
    assert 'd="M6.25 50.00L' in line
    assert "L93.75 20.00" in line


def test_a_chart_of_zeros_is_drawn(full_report: Report) -> None:
    """Nothing is divided by zero."""
    report = replace(full_report, metrics=(replace(SIGNUPS, trend=(0,) * 8),))

    assert "M6.25 100.00" in render_html(report)


def test_a_chart_escapes_whatever_a_block_holds() -> None:
    """Its names are clean where this package makes them, and taken as they come."""
    name = '"><b>'
    axis = {"categories": [name], "y_label": name}
    lines = [{"name": name, "data": [{"label": name, "value": 1}]}]
    chart = {"type": "line", "series": lines, "axis_config": axis}

    page = Page(render_chart({"title": name, "chart": chart}))

    assert "b" not in page.tags
    assert page.words.count(name) == 2
    assert page.labels == [f"{name} ({name}). {name}: {name} 1."]


@pytest.mark.parametrize(
    ("lowest", "highest", "marks"),
    [
        (0, 253, [0, 100, 200, 300]),
        (0, 12_500, [0, 5000, 10_000, 15_000]),
        (0, 1, [0, 0.25, 0.5, 0.75, 1]),
        (-30, 70, [-50, -25, 0, 25, 50, 75]),
        (0, 0, [0, 1]),
        (0, 3, [0, 1, 2, 3]),
        (0, 10**15, [n * 25 * 10**13 for n in range(5)]),
        (0, 0.0004, [0, 0.0001, 0.0002, 0.0003, 0.0004]),
    ],
)
def test_an_axis_has_round_marks(
    lowest: float, highest: float, marks: list[float]
) -> None:
    """Neither crowded nor bare, and around every number."""
    assert marks_between(lowest, highest) == marks


def test_the_title_is_that_of_the_report(make_report: MakeReport) -> None:
    """A tab of the browser shows whose report it is; names are no tags there."""
    page = render_html(make_report(company="Ants & <Co>"))

    assert "<title>Ants &amp; &lt;Co&gt;: Weekly Report</title>" in page


def test_the_page_needs_nothing_else(full_report: Report) -> None:
    """It can be sent by mail and opened without a network; its one link goes out."""
    text = render_html(full_report)

    page = Page(text)
    assert page.addresses == ["https://eu.mixpanel.com/project/12345?a=1&b=2"]
    assert "a=1&amp;b=2" in text
    assert "url(" not in text
    assert "script" not in page.tags
    assert "prefers-color-scheme: dark" in text


def test_the_page_escapes_names(full_report: Report) -> None:
    """A name cannot bring a script along, wherever it stands."""
    name = '"><script>alert(1)</script>'
    event = (TopEvent(name, 1),)
    report = replace(
        full_report,
        metrics=(replace(SIGNUPS, metric=Metric(name, ("x",), "total")),),
        top_events=event,
        new_events=event,
        annotations=(DatedNote(date(2026, 11, 11), name),),
        alerts=(Alert(name, name, ("here",)),),
        company=name,
    )

    page = Page(render_html(report))

    assert "script" not in page.tags
    assert page.words.count(name) == 2
    assert {f"{name} — 1", f"{name} ", f"November 11, 2026: {name}"} <= set(page.words)


def test_no_line_of_the_page_begins_with_a_percent_sign(
    make_report: MakeReport,
) -> None:
    """A telephone folds the lines of tables and sentences."""
    value = MetricValue(
        Metric("Sales", ("Purchase",), "total"), "Purchase", 48, 40, "ok"
    )
    report = make_report((value,), summary=("Sales: 48, up 8 from 40 (+20.0 %).",))

    page = render_html(report)

    assert page.count("(+20.0&nbsp;%)") == 2
    assert " %" not in page.partition("<body")[2]


def test_the_page_is_written_to_a_file(make_report: MakeReport, tmp_path: Path) -> None:
    """The file is the page in UTF-8."""
    path = tmp_path / "report.html"
    report = make_report(top_events=(TopEvent("Übung", 1),))

    write_html(report, path)

    assert path.read_text(encoding="utf-8") == render_html(report)
