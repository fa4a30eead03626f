"""A report as a Slack message."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mixpanel_slack_report.metrics import Metric, MetricValue, TopEvent
from mixpanel_slack_report.slack.block_rules import block_problem
from mixpanel_slack_report.slack.blocks import build_message

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import MakeReport

NASTY = "<!channel> <@U1> *b* `c` <http://x|y> :tada: & @here"

texts = st.one_of(
    st.text(max_size=400),
    st.sampled_from([NASTY, "", " ", "\x00", "😀" * 300, "\ud800", "é" * 300]),
)
counts = st.integers(0, 10**15)
values = st.builds(
    MetricValue,
    st.builds(Metric, texts, st.tuples(texts), st.sampled_from(["total", "unique"])),
    texts,
    st.none() | counts,
    st.none() | counts,
    st.sampled_from(["ok", "no_data", "no_such_event", "partial"]),
    texts,
)
relaxed = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def leaves(node: object) -> Iterator[dict[str, object]]:
    """Yield every text object and rich text element of some blocks."""
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node
        for inner in node.values():
            yield from leaves(inner)
    elif isinstance(node, (list, tuple)):
        for inner in node:
            yield from leaves(inner)


def test_the_layout_of_a_weekly_report(make_report: MakeReport) -> None:
    """The blocks can be pasted into Slack's Block Kit Builder."""
    blocks = build_message(make_report()).blocks

    def rich(heading: str, style: str, *lines: str) -> dict[str, object]:
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

    def plain(text: str) -> dict[str, object]:
        return {"type": "plain_text", "text": text, "emoji": False}

    footer = (
        "Analytics • Auto-generated report • data as of 2026-11-18 09:30 UTC"
        " • 3 calls to Mixpanel"
    )
    assert list(blocks) == [
        {"type": "header", "text": plain("Acme: Weekly Report")},
        {
            "type": "context",
            "elements": [
                plain("November 9 to November 15, 2026 (UTC)"),
                plain("compared with November 2 to November 8, 2026"),
            ],
        },
        {"type": "divider"},
        rich("Key Metrics", "bullet", "New Signups: 48, up 8 from 40 (+20.0 %)"),
        rich("Top Events", "ordered", "Page View — 12,500"),
        rich("Summary", "bullet", "Top action: Page View (12,500 occurrences)."),
        {"type": "divider"},
        {"type": "context", "elements": [plain(footer)]},
    ]


def test_the_text_is_the_whole_report(make_report: MakeReport) -> None:
    """Who hears the message instead of seeing it misses nothing."""
    report = make_report(missing=("Sales is missing: totals could not be read.",))

    assert build_message(report).text.splitlines() == [
        "Acme: Weekly Report, November 9 to November 15, 2026 (UTC), "
        "compared with November 2 to November 8, 2026",
        "New Signups: 48, up 8 from 40 (+20.0 %)",
        "Sales is missing: totals could not be read.",
    ]


def test_the_text_is_escaped(make_report: MakeReport) -> None:
    """Slack would take <!channel> for a mention."""
    metric = Metric("<!channel> & co", ("x",), "total")
    report = make_report((MetricValue(metric, "x", 1, 1, "ok"),))

    text = build_message(report).text

    assert "&lt;!channel&gt; &amp; co: 1, no change" in text
    assert "<" not in text


def test_names_never_stand_in_markup(make_report: MakeReport) -> None:
    """Mentions, links, emoji and stars stay the text that they are."""
    metric = Metric(NASTY, (NASTY,), "total")
    report = make_report(
        (MetricValue(metric, NASTY, 5, 4, "ok"),), (TopEvent(NASTY, 5),), company=NASTY
    )

    holders = list(leaves(build_message(report).blocks))

    found = [leaf for leaf in holders if "<!channel>" in leaf["text"]]
    assert len(found) == 3
    assert {leaf["type"] for leaf in found} == {"plain_text", "text"}
    assert all(leaf.get("emoji") is False for leaf in found if "emoji" in leaf)
    assert "mrkdwn" not in json.dumps(build_message(report).blocks)


@relaxed
@given(
    metrics=st.lists(values, max_size=30),
    names=st.lists(texts, max_size=30),
    times=st.sampled_from([1, 40, 400]),
    company=texts,
)
def test_slack_takes_any_report(
    make_report: MakeReport,
    metrics: list[MetricValue],
    names: list[str],
    times: int,
    company: str,
) -> None:
    """The limits of Slack are kept for every name and every number of events."""
    report = make_report(
        tuple(metrics * times),
        tuple(TopEvent(name, 10**15) for name in names * times),
        summary=tuple(names),
        missing=tuple(names),
        company=company,
    )

    message = build_message(report)

    assert [
        block_problem(block) for block in message.blocks if block_problem(block)
    ] == []
    assert len(message.blocks) <= 50
    assert len(json.dumps([message.blocks, message.text])) < 13_000
    assert 1 <= len(message.text) <= 3000


def test_ten_thousand_events_fit(make_report: MakeReport) -> None:
    """What does not fit is counted."""
    events = tuple(TopEvent(f"Event {number:05}", 9) for number in range(10_000))

    blocks = build_message(make_report(top_events=events)).blocks

    shown = [leaf["text"] for leaf in leaves(blocks)]
    (rest,) = [text for text in shown if text.endswith(" more")]
    listed = [text for text in shown if text.startswith("Event ")]
    assert len(listed) > 10
    assert rest == f"and {10_000 - len(listed)} more"


def test_an_empty_report_has_no_empty_lists(make_report: MakeReport) -> None:
    """Slack refuses a list without elements."""
    report = make_report((), (), summary=())

    blocks = build_message(report).blocks

    assert [block_problem(block) for block in blocks] == [""] * len(blocks)
    assert "Top Events" not in json.dumps(blocks)
