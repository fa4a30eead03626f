"""What is posted, checked by a library of others that knows the limits of Slack.

https://pypi.org/project/slackblocks/
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import slackblocks as theirs
from hypothesis import HealthCheck, given, settings
from tests.mixpanel_slack_report.slack.any_report import reports

from mixpanel_slack_report.slack.blocks import build_messages

if TYPE_CHECKING:
    from mixpanel_slack_report.report import Report

Json = dict[str, Any]


def cell(given: Json) -> object:
    """Build a cell of a table."""
    if given["type"] == "raw_number":
        return theirs.RawNumber(value=given["value"], text=given["text"])
    return theirs.RawText(text=given["text"])


def data_table(block: Json) -> object:
    """Build a table, which the library cannot read itself."""
    return theirs.DataTableBlock(
        rows=[[cell(each) for each in row] for row in block["rows"]],
        caption=block["caption"],
        page_size=block["page_size"],
        row_header_column_index=block["row_header_column_index"],
    )


def data_visualization(block: Json) -> object:
    """Build a chart, which the library cannot read itself."""
    chart = block["chart"]
    series = [
        theirs.DataSeries(
            name=line["name"],
            data=[theirs.DataPoint(**point) for point in line["data"]],
        )
        for line in chart["series"]
    ]
    axis = theirs.AxisConfig(**chart["axis_config"])
    kinds = {"line": theirs.LineChart, "bar": theirs.BarChart}
    return theirs.DataVisualizationBlock(
        title=block["title"], chart=kinds[chart["type"]](series, axis)
    )


def rich_text(block: Json) -> object:
    """Build rich text, which the library cannot read itself."""
    return theirs.RichTextBlock([passage(element) for element in block["elements"]])


def passage(element: Json) -> object:
    """Build a paragraph or a list."""
    if element["type"] == "rich_text_section":
        return theirs.RichTextSection([piece(each) for each in element["elements"]])
    lines = [passage(line) for line in element["elements"]]
    return theirs.RichTextList(style=element["style"], elements=lines)


def piece(element: Json) -> object:
    """Build a text, a link, or a user who is mentioned."""
    if element["type"] == "user":
        return theirs.RichTextUser(element["user_id"])
    if element["type"] == "link":
        return theirs.RichTextLink(element["url"], element["text"])
    return theirs.RichText(element["text"], bold=element.get("style", {}).get("bold"))


BUILDERS: dict[str, Callable[[Json], object]] = {
    "data_table": data_table,
    "data_visualization": data_visualization,
    "rich_text": rich_text,
}


def checked(text: str, blocks: list[Json]) -> Json:
    """Build a message with the library, which refuses what breaks a limit."""
    built = [
        BUILDERS.get(block["type"], theirs.Block.from_dict)(block) for block in blocks
    ]
    message = theirs.Message(channel="#analytics", text=text, blocks=built or None)
    resolved: Json = json.loads(message.json())
    return resolved


def stripped(node: object) -> object:
    """Leave out what the library adds, and ``emoji``, which it drops."""
    if isinstance(node, dict):
        kept = set(node) - {"block_id", "offset", "border", "emoji"}
        return {key: stripped(node[key]) for key in kept}
    return [stripped(each) for each in node] if isinstance(node, list) else node


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(report=reports())
def test_others_find_every_limit_kept(report: Report) -> None:
    """For any report, on every rung, and what they build is what is posted."""
    for message in build_messages(report):
        blocks = json.loads(json.dumps(message.blocks))

        built = checked(message.text, blocks).get("blocks") or []
        assert stripped(built) == stripped(blocks)


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "header", "text": {"type": "plain_text", "text": "a" * 151}}],
        [{"type": "divider"}] * 51,
        [
            {
                "type": "data_table",
                "caption": "a",
                "page_size": 101,
                "row_header_column_index": 0,
                "rows": [[{"type": "raw_text", "text": "a"}]] * 2,
            }
        ],
    ],
)
def test_others_refuse_what_breaks_a_limit(blocks: list[Json]) -> None:
    """So their silence means something."""
    with pytest.raises(theirs.errors.InvalidUsageError):
        checked("a", blocks)
