"""A report as a link to Slack's Block Kit Builder, which shows blocks as Slack does.

The blocks are in the part of the address that browsers keep to themselves; the page
of Slack's reads it there. https://docs.slack.dev/block-kit
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from mixpanel_slack_report.report import Report
from mixpanel_slack_report.slack.blocks import build_messages

__all__ = ["BuilderUrl", "builder_url"]

BUILDER = "https://app.slack.com/block-kit-builder/#"
# Browsers take more, but Windows hands a program 32,767 characters at most:
# https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-createprocessw
LONGEST_URL = 32_000


@dataclass(frozen=True, slots=True)
class BuilderUrl:
    """A link to the Block Kit Builder.

    Attributes:
        url: The address.
        remark: What is not in it, in a sentence; empty if it is the best message.
    """

    url: str
    remark: str = ""


def builder_url(report: Report, *, longest: int = LONGEST_URL) -> BuilderUrl:
    """Make the link that shows a report in the Block Kit Builder.

    Args:
        report: The report.
        longest: The most characters of the link. Where the best message is too long,
            the one without tables and charts is taken, and of that as many blocks as
            fit.
    """
    best, plain, _ = build_messages(report)
    url = url_of(best.blocks)
    if len(url) <= longest:
        return BuilderUrl(url)
    remark = "the link shows the report without its tables and charts, to be shorter"
    blocks = plain.blocks
    url = url_of(blocks)
    while len(url) > longest and blocks:
        blocks = blocks[:-1]
        url = url_of(blocks)
    cut = len(plain.blocks) - len(blocks)
    if cut:
        remark += f"; the last {cut} of its {len(plain.blocks)} blocks are cut off"
    return BuilderUrl(url, remark)


def url_of(blocks: Sequence[object]) -> str:
    """Write blocks into an address."""
    text = json.dumps({"blocks": blocks}, ensure_ascii=False, separators=(",", ":"))
    return BUILDER + quote(text, safe=":,")
