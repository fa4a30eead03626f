"""The text of a message."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from mixpanel_slack_report.metrics import Metric, MetricValue, TopEvent
from mixpanel_slack_report.report import Alert, DatedNote
from mixpanel_slack_report.slack.message_text import as_text, report_text

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import MakeReport

SALES = MetricValue(Metric("Sales", ("x",), "total"), "x", None, None, "no_data", "503")


def test_the_text_is_the_whole_report(make_report: MakeReport) -> None:
    """Who hears the message instead of seeing it misses nothing."""
    report = replace(
        make_report(missing=("Sales is missing: totals could not be read.",)),
        alerts=(Alert("New Signups", "New Signups is above 45.", ("here",)),),
        new_events=(TopEvent("Checkout Started", 31),),
        stopped_events=(TopEvent("Old Button", 77),),
        annotations=(DatedNote(date(2026, 11, 11), "Released 2.4"),),
        link="https://mixpanel.com/project/12345",
    )

    assert report_text(report).splitlines() == [
        "Acme: Weekly Report, November 9 to November 15, 2026 (UTC), "
        "compared with November 2 to November 8, 2026",
        "Alert: New Signups is above 45.",
        "New Signups: 48, up 8 from 40 (+20.0 %)",
        "Sales is missing: totals could not be read.",
        "Top event: Page View — 12,500",
        "New event: Checkout Started — 31",
        "Stopped event: Old Button — 0, before 77",
        "Noted: November 11, 2026: Released 2.4",
        "Top action: Page View (12,500 occurrences).",
        "Open the project in Mixpanel: https://mixpanel.com/project/12345",
        "Analytics • Auto-generated report • data as of 2026-11-18 09:30 UTC"
        " • 3 calls to Mixpanel",
    ]


@pytest.mark.parametrize(
    ("whom", "code"),
    [
        ("U024BE7LH", "<@U024BE7LH>"),
        ("W024BE7LH", "<@W024BE7LH>"),
        ("S0614TZR7", "<!subteam^S0614TZR7>"),
        ("here", "<!here>"),
        ("channel", "<!channel>"),
        ("everyone", "<!everyone>"),
    ],
)
def test_the_text_alone_mentions_whom_the_file_names(
    make_report: MakeReport, whom: str, code: str
) -> None:
    """In the codes that Slack documents."""
    report = replace(make_report(), alerts=(Alert("x", "Fell.", (whom,)),))

    assert f"Alert: Fell. {code}\n" in report_text(report, mentioning=True)
    assert "Alert: Fell.\n" in report_text(report)


@pytest.mark.parametrize("whom", ["ann", "@here", "<!channel>", "U1>", "", "u024be7lh"])
def test_what_is_no_id_mentions_nobody(make_report: MakeReport, whom: str) -> None:
    """Neither does what is written around an id."""
    report = replace(make_report(), alerts=(Alert("x", "Fell.", (whom,)),))

    assert "Alert: Fell.\n" in report_text(report, mentioning=True)


def test_all_of_two_hundred_metrics_are_said(make_report: MakeReport) -> None:
    """Slack takes a text of 40,000 characters."""
    metrics = tuple(
        MetricValue(
            Metric(f"{'m' * 70} {number}", ("x",), "total"), "x", 10**15, 1, "ok"
        )
        for number in range(200)
    )

    lines = report_text(make_report(metrics)).splitlines()

    assert len([line for line in lines if line.startswith("mmm")]) == 200


def test_fifty_events_are_said_and_the_rest_counted(make_report: MakeReport) -> None:
    """Nobody listens to ten thousand."""
    events = tuple(TopEvent(f"Event {number}", 9) for number in range(10_000))

    text = report_text(make_report(top_events=events))

    assert text.count("Top event: ") == 51
    assert "Top event: Event 49 — 9\nTop event: and 9950 more\n" in text


def test_a_text_that_slack_would_cut_is_cut_by_lines(make_report: MakeReport) -> None:
    """It says how much was left out."""
    report = make_report((SALES,) * 5000, summary=())

    *kept, last = report_text(report).splitlines()

    # A title, 5000 metrics, a top event and the footer are 5003 lines.
    assert last == f"and {5003 - len(kept)} more lines"
    assert len(report_text(report)) < 40_000


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("a & b &amp; c", "a &amp; b &amp;amp; c"),
        (":tada:", ":\u2060tada:"),
        (":+1: :a_b: :100:", ":\u2060+1: :\u2060a_b: :\u2060100:"),
        ("see http://x.y", "see http:\u2060//x.y"),
        ("*x* _y_ `z` ~w~", "*x* _y_ `z` ~w~"),
        ("Sales: 3", "Sales: 3"),
        ("line\nline", "line line"),
    ],
)
def test_slack_finds_nothing_in_names(name: str, text: str) -> None:
    """Stars and the like are text already, as the message is posted without mrkdwn."""
    assert as_text(name) == text
