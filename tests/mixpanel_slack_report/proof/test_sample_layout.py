"""A weekly report has the layout that teams of the older reporter know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.mixpanel_slack_report.conftest import Answer, ScriptedServer, serve
from tests.mixpanel_slack_report.scripted_answers import bucket_starts

from mixpanel_slack_report.runs.days import DaysAsked
from mixpanel_slack_report.runs.job import prepare_job, run_job
from mixpanel_slack_report.slack.blocks import build_messages

NOW = datetime(2025, 12, 30, 9, tzinfo=timezone.utc)
COUNTS = {
    "Page View": 12_500,
    "Button Click": 3_200,
    "Feature Used": 890,
    "Purchase": 120,
    "Sign Up": 48,
    "User Onboarded": 35,
}
LAST_DAY = "2025-12-28"


def answer(_: ScriptedServer, path: str, body: str) -> Answer:
    """Answer that all of it happened on one day, by 250 users."""
    parts = urlsplit(path)
    asked = {name: value[0] for name, value in parse_qs(parts.query).items()}
    if parts.path.endswith("/names"):
        document: Any = list(COUNTS)
    elif parts.path.endswith("/addiction"):
        document = {"data": {start: [250, 90] for start in bucket_starts(asked)}}
    else:
        starts = bucket_starts(asked)
        values = {
            event: {day: COUNTS.get(event, 0) * (day == LAST_DAY) for day in starts}
            for event in json.loads(asked["event"])
        }
        document = {"data": {"series": starts, "values": values}, "legend_size": 1}
    return 200, {"Content-Type": "application/json"}, json.dumps(document)


@pytest.fixture
def message() -> list[str]:
    """The lines of the form that is made of lists, as a reader sees them."""
    with serve(answer) as mixpanel:
        environ = {
            "MIXPANEL_USERNAME": "reports",
            "MIXPANEL_SECRET": "right-s3cret",
            "MIXPANEL_PROJECT_ID": "1",
            "MIXPANEL_BASE_URL": mixpanel.url,
            "TIMEZONE": "UTC",
        }
        days = DaysAsked("weekly", None, None, None)
        job = prepare_job(days, environ, to_send=False, now=NOW)
        report = run_job(job, clock=lambda: NOW)
    return list(lines(build_messages(report)[1].blocks))


def lines(blocks: Any) -> Iterator[str]:  # noqa: ANN401 - decoded JSON
    """Yield the lines of blocks, in the order in which they stand."""
    for block in blocks:
        kind = block["type"]
        if kind == "divider":
            yield "---"
        elif kind == "header":
            yield block["text"]["text"]
        elif kind == "rich_text_section":
            yield "".join(part.get("text", "") for part in block["elements"])
        elif kind in ("context", "rich_text", "rich_text_list"):
            yield from lines(block["elements"])
        elif kind in ("plain_text", "mrkdwn"):
            yield block["text"]


def test_the_sections_stand_in_the_order_of_the_sample(message: list[str]) -> None:
    """Head, days, key metrics, top events, summary, and where it comes from."""
    heads = ["Weekly Report", "Key Metrics", "Top Events", "Summary"]

    assert message[0] == "Weekly Report"
    assert message[1].startswith("December 22 to December 28, 2025")
    assert [line for line in message if line in heads] == heads
    assert message[-1].startswith("Analytics • Auto-generated report")


def test_the_numbers_stand_under_the_names_of_the_sample(message: list[str]) -> None:
    """The three key metrics, and the top events by their counts."""
    text = "\n".join(message)

    for words in (
        "Weekly Active Users: 250",
        "New Signups: 48",
        "Users Onboarded: 35",
        "Page View — 12,500",
        "Button Click — 3,200",
        "Feature Used — 890",
        "Purchase — 120",
        "Sign Up — 48",
        "Top action: Page View (12,500 occurrences)",
    ):
        assert words in text


def test_no_emoji_is_in_it(message: list[str]) -> None:
    """A report is words and numbers."""
    signs = {sign for line in message for sign in line if ord(sign) > 0x2FFF}

    assert signs == set()
