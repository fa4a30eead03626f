"""The link to the Block Kit Builder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from hypothesis import given, settings
from tests.mixpanel_slack_report.slack.any_report import reports

from mixpanel_slack_report.metrics import TopEvent
from mixpanel_slack_report.slack.blocks import build_messages
from mixpanel_slack_report.views.builder_url import builder_url

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import MakeReport

    from mixpanel_slack_report.report import Report


def blocks_of(url: str) -> list[object]:
    """Read the blocks out of a link, as the page does."""
    assert url.startswith("https://app.slack.com/block-kit-builder/#")
    shown: dict[str, list[object]] = json.loads(unquote(urlsplit(url).fragment))
    assert list(shown) == ["blocks"]
    return shown["blocks"]


def test_the_link_shows_what_is_posted(make_report: MakeReport) -> None:
    """Signs of every kind arrive as they are."""
    events = (TopEvent("100 % of #1 & <!channel> “é” + 'x' 😀", 12),)
    report = make_report(top_events=events)

    link = builder_url(report)

    assert blocks_of(link.url) == list(build_messages(report)[0].blocks)
    assert link.remark == ""
    assert link.url.isascii()
    assert not set(link.url) & set("<>\"'` {}|\\^()")


def test_a_long_link_shows_the_plainer_message(make_report: MakeReport) -> None:
    """It says so."""
    report = make_report()
    best, plain, _ = build_messages(report)
    room = len(builder_url(report).url) - 1

    link = builder_url(report, longest=room)

    assert blocks_of(link.url) == list(plain.blocks) != list(best.blocks)
    assert link.remark == (
        "the link shows the report without its tables and charts, to be shorter"
    )


def test_a_very_long_link_is_cut_at_a_block(make_report: MakeReport) -> None:
    """It says how much is cut off."""
    report = make_report()
    plain = build_messages(report)[1].blocks

    link = builder_url(report, longest=1000)

    shown = blocks_of(link.url)
    assert len(link.url) <= 1000
    assert 0 < len(shown) < len(plain)
    assert shown == list(plain[: len(shown)])
    assert link.remark.endswith(
        f"; the last {8 - len(shown)} of its 8 blocks are cut off"
    )


@settings(deadline=None, max_examples=30)
@given(report=reports())
def test_no_link_is_longer_than_programs_take(report: Report) -> None:
    """Whatever is in the report."""
    assert len(builder_url(report).url) <= 32_000
