"""A report as Slack messages, on each rung."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.mixpanel_slack_report.slack.any_report import TEXTS, reports

from mixpanel_slack_report.metrics import Metric, MetricValue, TopEvent
from mixpanel_slack_report.report import Alert, DatedNote
from mixpanel_slack_report.slack.block_rules import block_problem, message_error
from mixpanel_slack_report.slack.blocks import (
    build_details,
    build_message,
    build_messages,
)

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import MakeReport

    from mixpanel_slack_report.report import Report

NASTY = "<!channel> <@U1> *b* `c` <http://x|y> :tada: & @here"
TREND = (30, 35, 41, 38, 36, 45, 40, 48)
SIGNUPS = MetricValue(
    Metric("New Signups", ("Sign Up",), "total"), "Sign Up", 48, 40, "ok", "", TREND
)
FOOTER = (
    "Analytics • Auto-generated report • data as of 2026-11-18 09:30 UTC"
    " • 3 calls to Mixpanel"
)
relaxed = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def leaves(node: object) -> Iterator[dict[str, object]]:
    """Yield every text object, rich text element and cell of some blocks."""
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node
        for inner in node.values():
            yield from leaves(inner)
    elif isinstance(node, (list, tuple)):
        for inner in node:
            yield from leaves(inner)


def plain(text: str) -> dict[str, object]:
    """Make plain text as it is posted."""
    return {"type": "plain_text", "text": text, "emoji": False}


def rich(heading: str, style: str, *lines: str) -> dict[str, object]:
    """Make a list of rich text as it is posted."""
    items = [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": line}]}
        for line in lines
    ]
    bold = {"type": "text", "text": heading, "style": {"bold": True}}
    return {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [bold]},
            {"type": "rich_text_list", "style": style, "elements": items},
        ],
    }


@pytest.fixture
def full_report(make_report: MakeReport) -> Report:
    """A weekly report that has every part."""
    return replace(
        make_report((SIGNUPS,)),
        alerts=(Alert("New Signups", "New Signups is above 45.", ("U024BE7LH",)),),
        new_events=(TopEvent("Checkout Started", 31),),
        stopped_events=(TopEvent("Old Button", 77),),
        annotations=(DatedNote(date(2026, 11, 11), "Released 2.4"),),
        link="https://eu.mixpanel.com/project/12345",
    )


HEAD = [
    {"type": "header", "text": plain("Acme: Weekly Report")},
    {
        "type": "context",
        "elements": [
            plain("November 9 to November 15, 2026 (UTC)"),
            plain("compared with November 2 to November 8, 2026"),
        ],
    },
    {"type": "divider"},
]


def test_the_plain_layout_of_a_weekly_report(make_report: MakeReport) -> None:
    """The blocks can be pasted into Slack's Block Kit Builder."""
    _, message, _ = build_messages(make_report())

    assert message.rung == 1
    assert list(message.blocks) == [
        *HEAD,
        rich("Key Metrics", "bullet", "New Signups: 48, up 8 from 40 (+20.0 %)"),
        rich("Top Events", "ordered", "Page View — 12,500"),
        rich("Summary", "bullet", "Top action: Page View (12,500 occurrences)."),
        {"type": "divider"},
        {"type": "context", "elements": [plain(FOOTER)]},
    ]


def test_the_best_layout_of_a_weekly_report(make_report: MakeReport) -> None:
    """Metrics and events stand in tables that can be sorted."""
    message = build_message(make_report())

    def words(*texts: str) -> list[dict[str, object]]:
        return [{"type": "raw_text", "text": text} for text in texts]

    assert message.rung == 0
    assert list(message.blocks) == [
        *HEAD,
        {
            "type": "data_table",
            "caption": "Key Metrics",
            "page_size": 1,
            "row_header_column_index": 0,
            "rows": [
                words("Key Metric", "Number", "Change"),
                [
                    *words("New Signups"),
                    {"type": "raw_number", "value": 48, "text": "48"},
                    *words("up 8 from 40 (+20.0 %)"),
                ],
            ],
        },
        {
            "type": "data_table",
            "caption": "Top Events",
            "page_size": 1,
            "row_header_column_index": 0,
            "rows": [
                words("Top Event", "Count"),
                [
                    *words("Page View"),
                    {"type": "raw_number", "value": 12500, "text": "12,500"},
                ],
            ],
        },
        rich("Summary", "bullet", "Top action: Page View (12,500 occurrences)."),
        {"type": "divider"},
        {"type": "context", "elements": [plain(FOOTER)]},
    ]


def test_every_part_has_its_place(full_report: Report) -> None:
    """Alerts come first, the summary last; the trend stands between the tables."""
    best, second, last = build_messages(full_report)

    def order(blocks: tuple[dict[str, object], ...]) -> list[str]:
        texts = [next(leaves(block), {}).get("text") for block in blocks]
        names = [
            block.get("title") or block.get("caption") or text
            for block, text in zip(blocks, texts, strict=True)
        ]
        return [str(name) for name in names[3:-1] if name]

    assert order(best.blocks) == [
        "Alerts",
        "Key Metrics",
        "Trend over 8 weeks",
        "Top Events",
        "New Events",
        "Stopped Events",
        "Noted in Mixpanel",
        "Summary",
        "Open the project in Mixpanel",
    ]
    assert order(second.blocks) == [
        "Alerts",
        "Key Metrics",
        "Top Events",
        "New Events",
        "Stopped Events",
        "Noted in Mixpanel",
        "Summary",
        "Open the project in Mixpanel",
    ]
    assert (last.rung, last.blocks) == (2, ())


def test_events_say_how_they_changed_where_that_is_known(
    make_report: MakeReport,
) -> None:
    """In the table in a column of its own, in the list behind the count."""
    events = (TopEvent("Page View", 15, 10), TopEvent("Sign Up", 3))
    best, second, _ = build_messages(make_report(top_events=events))

    (_, table) = [block for block in best.blocks if "caption" in block]
    assert [[cell["text"] for cell in row] for row in table["rows"]] == [
        ["Top Event", "Count", "Change"],
        ["Page View", "15", "up 5 from 10 (+50.0 %)"],
        ["Sign Up", "3", "not known"],
    ]
    assert second.blocks[4] == rich(
        "Top Events",
        "ordered",
        "Page View — 15, up 5 from 10 (+50.0 %)",
        "Sign Up — 3",
    )


def test_an_alert_mentions_whom_the_file_names(full_report: Report) -> None:
    """In blocks by an element, in text alone by Slack's code, and not in both."""
    best, second, last = build_messages(full_report)

    user = '{"type": "user", "user_id": "U024BE7LH"}'
    assert user in json.dumps(best.blocks)
    assert user in json.dumps(second.blocks)
    assert "<@U024BE7LH>" not in best.text + second.text
    assert "Alert: New Signups is above 45. <@U024BE7LH>" in last.text


def test_only_real_links_are_links(full_report: Report) -> None:
    """A link that Slack would refuse is left out."""
    blocks = build_message(replace(full_report, link="javascript:alert(1)")).blocks

    assert "javascript" not in json.dumps(blocks)
    assert '"link"' not in json.dumps(blocks)


def test_names_never_stand_in_markup(full_report: Report) -> None:
    """Mentions, links, emoji and stars stay the text that they are."""
    event = (TopEvent(NASTY, 5),)
    value = replace(SIGNUPS, metric=Metric(NASTY, (NASTY,), "total"))
    report = replace(
        full_report,
        metrics=(value,),
        top_events=event,
        new_events=event,
        stopped_events=event,
        company=NASTY,
        alerts=(Alert(NASTY, NASTY, (NASTY, "@here", "<!channel>")),),
    )

    for message in build_messages(report)[:2]:
        found = [leaf for leaf in leaves(message.blocks) if "<!ch" in str(leaf["text"])]
        assert len(found) == 6
        assert {leaf["type"] for leaf in found} <= {"plain_text", "text", "raw_text"}
        assert all(leaf.get("emoji") is False for leaf in found if "emoji" in leaf)
        assert "mrkdwn" not in json.dumps(message.blocks)
        assert "broadcast" not in json.dumps(message.blocks)
        (labels,) = [
            block["chart"]["series"] for block in message.blocks if "chart" in block
        ] or [[]]
        assert [line for line in labels if set(line["name"]) & set("<>*`:@&")] == []


@relaxed
@given(report=reports())
def test_slack_takes_any_report(report: Report) -> None:
    """The limits of Slack are kept for every name and every number of events."""
    for message in build_messages(report):
        problems = [block_problem(block) for block in message.blocks]
        assert [problem for problem in problems if problem] == []
        assert message_error(message.payload()) == ""
        assert len(json.dumps(message.blocks)) < 13_000
        assert 1 <= len(message.text) <= 39_020


@relaxed
@given(company=TEXTS, sentences=st.lists(TEXTS, max_size=60))
def test_slack_takes_any_sentences(
    full_report: Report, company: str, sentences: list[str]
) -> None:
    """Alerts, notes, summary and missing parts may be of any length and number."""
    report = replace(
        full_report,
        company=company,
        summary=tuple(sentences),
        missing=tuple(sentences),
        alerts=tuple(Alert("x", each, ("here", "U1")) for each in sentences),
        annotations=tuple(DatedNote(date(2026, 11, 9), each) for each in sentences),
    )

    for message in build_messages(report):
        assert message_error(message.payload()) == ""


def test_ten_thousand_events_fit(make_report: MakeReport) -> None:
    """What does not fit is counted, in tables and in lists."""
    events = tuple(TopEvent(f"Event {number:05}", 9) for number in range(10_000))

    for message in build_messages(make_report(top_events=events))[:2]:
        shown = [str(leaf["text"]) for leaf in leaves(message.blocks)]
        (rest,) = [text for text in shown if text.endswith(" more")]
        listed = [text for text in shown if text.startswith("Event ")]
        assert len(listed) > 10
        assert rest == f"and {10_000 - len(listed)} more"


@pytest.fixture
def crowded_report(full_report: Report) -> Report:
    """A report of which every part is too long."""
    long = tuple(f"Sentence {number} {'x' * 480}" for number in range(100))
    events = tuple(TopEvent(f"{'é' * 70} {number}", 9) for number in range(100))
    return replace(
        full_report,
        metrics=(SIGNUPS,) * 200,
        top_events=events,
        new_events=events,
        stopped_events=events,
        summary=long,
        alerts=tuple(Alert("x", sentence) for sentence in long),
        annotations=tuple(DatedNote(date(2026, 11, 9), each) for each in long),
    )


def test_nothing_is_counted_out_of_sight(crowded_report: Report) -> None:
    """However long the other parts are, each part says at least how much it has."""
    for message in build_messages(crowded_report)[:2]:
        shown = [str(leaf["text"]) for leaf in leaves(message.blocks)]
        counted = [text for text in shown if text.endswith((" more", " fit here"))]
        assert len(counted) == 7


def test_the_room_is_used_and_not_exceeded(crowded_report: Report) -> None:
    """Slack was seen to refuse 13,200 characters."""
    for message in build_messages(crowded_report)[:2]:
        assert 11_500 < len(json.dumps(message.blocks)) < 13_000
        assert message_error(message.payload()) == ""


def test_an_empty_report_has_no_empty_parts(make_report: MakeReport) -> None:
    """Slack refuses a list and a table without elements."""
    for message in build_messages(make_report((), (), summary=())):
        assert message_error(message.payload()) == ""
        assert "Top Events" not in json.dumps(message.blocks)


def test_a_report_that_fits_has_no_details(full_report: Report) -> None:
    """Nobody reads the same twice."""
    assert build_details(full_report) is None


def test_what_does_not_fit_is_in_the_details(full_report: Report) -> None:
    """A thread of text holds every metric with its reason, and the top events."""
    missing = tuple(
        MetricValue(Metric(f"Metric {number}", ("x",), "total"), "x", None, None, "ok")
        for number in range(200)
    )
    report = replace(full_report, metrics=missing)

    details = build_details(report)

    assert details is not None
    assert (details.blocks, details.rung) == ((), 2)
    assert "Metric 199: no data" in details.text
    assert "Top event: Page View — 12,500" in details.text
    assert "<@" not in details.text
