"""What Slack refuses in tables and charts."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from mixpanel_slack_report.slack.block_rules import block_problem, message_error

WORDS = {"type": "raw_text", "text": "a"}
FIGURE = {"type": "raw_number", "value": 1.5, "text": "1.50"}
RICH = {
    "type": "rich_text",
    "elements": [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}
    ],
}
DATA_TABLE = {
    "type": "data_table",
    "caption": "a",
    "page_size": 100,
    "row_header_column_index": 1,
    "rows": [[WORDS, WORDS], [RICH, FIGURE]],
}
TABLE = {
    "type": "table",
    "column_settings": [{"align": "right", "is_wrapped": True}, {}],
    "rows": [[RICH, WORDS]],
}
CHART = {
    "type": "data_visualization",
    "title": "a" * 50,
    "chart": {
        "type": "line",
        "series": [
            {
                "name": "a" * 20,
                "data": [{"label": "y", "value": -1.5}, {"label": "x", "value": 0}],
            }
        ],
        "axis_config": {"categories": ["x", "y"], "x_label": "a", "y_label": "a" * 50},
    },
}


def changed(block: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """Copy a block with another value at a path such as ``chart.series``."""
    copy = deepcopy(block)
    *way, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    target: Any = copy
    for key in way:
        target = target[key]
    target[last] = value
    return copy


def line(name: str) -> dict[str, object]:
    """Make a line of a chart."""
    return {"name": name, "data": CHART["chart"]["series"][0]["data"]}


@pytest.mark.parametrize(
    "block",
    [
        DATA_TABLE,
        TABLE,
        CHART,
        changed(DATA_TABLE, "rows", [[WORDS] * 20] * 201)
        | {"row_header_column_index": 19},
        changed(TABLE, "rows", [[WORDS] * 20] * 100),
        changed(CHART, "chart.series", [line(str(number)) for number in range(6)]),
        changed(CHART, "chart.type", "bar"),
    ],
)
def test_documented_tables_and_charts_are_good(block: dict[str, Any]) -> None:
    """Also at their limits."""
    assert block_problem(block) == ""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("rows", [[WORDS, WORDS]]),
        ("rows", [[WORDS, WORDS]] * 202),
        ("rows", [[WORDS] * 21] * 2),
        ("rows", [[], []]),
        ("rows", "many"),
        ("rows.1", [WORDS]),
        ("rows.0.0", RICH),
        ("rows.1.0", {"type": "raw_text", "text": ""}),
        ("rows.1.0", {"type": "raw_text"}),
        ("rows.1.0", {"type": "plain_text", "text": "a"}),
        ("rows.1.0", {"type": "rich_text", "elements": []}),
        ("rows.1.0", "a"),
        ("rows.1.1", {"type": "raw_number", "text": "1"}),
        ("rows.1.1", {"type": "raw_number", "value": "1", "text": "1"}),
        ("rows.1.1", {"type": "raw_number", "value": True, "text": "1"}),
        ("rows.1.1", {"type": "raw_number", "value": float("nan"), "text": "1"}),
        ("rows.1.0", {"type": "raw_text", "text": "a" * 20_001}),
        ("caption", ""),
        ("caption", None),
        ("page_size", 0),
        ("page_size", 101),
        ("page_size", True),
        ("row_header_column_index", 2),
    ],
)
def test_data_tables_beyond_the_documents_are_refused(path: str, value: object) -> None:
    """Each breaks one documented rule."""
    assert block_problem(changed(DATA_TABLE, path, value)) != ""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("rows", []),
        ("rows", [[WORDS]] * 101),
        ("rows", [[WORDS] * 21]),
        ("column_settings", [{}] * 21),
        ("column_settings.0", {"align": "top"}),
    ],
)
def test_tables_beyond_the_documents_are_refused(path: str, value: object) -> None:
    """Each breaks one documented rule."""
    assert block_problem(changed(TABLE, path, value)) != ""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("title", ""),
        ("title", "a" * 51),
        ("chart", "line"),
        ("chart.type", "radar"),
        ("chart.axis_config", None),
        ("chart.axis_config.categories", []),
        ("chart.axis_config.categories", ["x", "x"]),
        ("chart.axis_config.categories", [str(number) for number in range(21)]),
        ("chart.axis_config.categories", ["x", "a" * 21]),
        ("chart.axis_config.x_label", "a" * 51),
        ("chart.series", []),
        ("chart.series", "many"),
        ("chart.series", [line(str(number)) for number in range(7)]),
        ("chart.series", [line("a"), line("a")]),
        ("chart.series.0.name", "a" * 21),
        ("chart.series.0.name", ""),
        ("chart.series.0.data", [{"label": "x", "value": 1}]),
        ("chart.series.0.data.0.label", "z"),
        ("chart.series.0.data.0.value", None),
        ("chart.series.0.data.0.value", float("inf")),
    ],
)
def test_charts_beyond_the_documents_are_refused(path: str, value: object) -> None:
    """Each breaks one documented rule."""
    assert block_problem(changed(CHART, path, value)) != ""


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        ([CHART, CHART, DATA_TABLE, DATA_TABLE, TABLE], ""),
        ([CHART, CHART, CHART], "invalid_blocks"),
        ([TABLE, TABLE], "invalid_attachments"),
    ],
)
def test_a_message_has_so_many_charts_and_tables(
    blocks: list[dict[str, Any]], error: str
) -> None:
    """Two charts and one table; tables of data as many as fit."""
    assert message_error({"text": "a", "blocks": blocks}) == error
