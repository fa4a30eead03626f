"""The report as a document for other programs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from mixpanel_slack_report.alerts import Alert
from mixpanel_slack_report.metrics import Metric, MetricValue, TopEvent
from mixpanel_slack_report.report import DatedNote
from mixpanel_slack_report.views.json_view import render_json

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import MakeReport

SALES = Metric("Sales", ("Purchase", "User Charged"), "unique")


def test_the_document_has_exactly_the_promised_keys(make_report: MakeReport) -> None:
    """Other programs read these names."""
    trend = (90, 100, 110, 100, 120, 130, 157, 253)
    value = MetricValue(SALES, "User Charged", 253, 157, "ok", trend=trend)
    document = json.loads(render_json(make_report((value,))))

    assert document.pop("blocks")[0]["type"] == "header"
    assert document == {
        "period": "weekly",
        "from_date": "2026-11-09",
        "to_date": "2026-11-15",
        "compared_from": "2026-11-02",
        "compared_to": "2026-11-08",
        "timezone": "UTC",
        "generated_at": "2026-11-18T09:30:00+00:00",
        "metrics": [
            {
                "name": "Sales",
                "event": "User Charged",
                "kind": "unique",
                "unit": "number",
                "value": 253,
                "previous": 157,
                "change_percent": 61.15,
                "trend": [90, 100, 110, 100, 120, 130, 157, 253],
                "outside_last_7": True,
                "status": "ok",
                "reason": "",
                "remark": "",
            }
        ],
        "top_events": [{"event": "Page View", "count": 12500, "previous": None}],
        "new_events": [],
        "stopped_events": [],
        "alerts": [],
        "annotations": [],
        "summary": ["Top action: Page View (12,500 occurrences)."],
        "missing": [],
        "link": "",
        "api_calls": 3,
    }


def test_unknown_numbers_are_null(make_report: MakeReport) -> None:
    """A program cannot take a missing number for 0."""
    reason = "totals could not be read"
    missing = MetricValue(SALES, "User Charged", None, None, "no_data", reason)

    (metric,) = json.loads(render_json(make_report((missing,))))["metrics"]

    assert metric["value"] is metric["previous"] is metric["change_percent"] is None
    assert metric["outside_last_7"] is None
    assert metric["trend"] == []
    assert metric["reason"] == "totals could not be read"


def test_windows_of_a_trend_that_are_not_known_are_null(
    make_report: MakeReport,
) -> None:
    """Neither 0 nor left out, which would move the others."""
    value = MetricValue(SALES, "User Charged", 9, 8, "ok", trend=(None, 0, 8, 9))

    (metric,) = json.loads(render_json(make_report((value,))))["metrics"]

    assert metric["trend"] == [None, 0, 8, 9]


def test_a_share_is_named_as_one(make_report: MakeReport) -> None:
    """0.153 is what other views write as 15.3 %."""
    ratio = Metric("Buyers", ("Purchase",), "ratio", over="Visitors")
    value = MetricValue(ratio, "Purchase", 0.153, 0.141, "ok")

    (metric,) = json.loads(render_json(make_report((value,))))["metrics"]

    assert (metric["value"], metric["unit"]) == (0.153, "share")


@pytest.mark.parametrize(
    ("field", "given", "key", "shown"),
    [
        (
            "alerts",
            (Alert("Sales", "Sales: 3, which is below 10.", ("here",)),),
            "alerts",
            {
                "metric": "Sales",
                "sentence": "Sales: 3, which is below 10.",
                "mention": ["here"],
            },
        ),
        (
            "new_events",
            (TopEvent("Coupon", 35, 0),),
            "new_events",
            {"event": "Coupon", "count": 35, "previous": 0},
        ),
        (
            "stopped_events",
            (TopEvent("Offer", 12, 12),),
            "stopped_events",
            {"event": "Offer", "count": 0, "previous": 12},
        ),
        (
            "annotations",
            (DatedNote(date(2026, 11, 10), "New prices"),),
            "annotations",
            {"day": "2026-11-10", "text": "New prices"},
        ),
    ],
    ids=["alerts", "new", "stopped", "annotations"],
)
def test_what_happened_besides_is_listed(
    make_report: MakeReport, field: str, given: object, key: str, shown: object
) -> None:
    """A stopped event has its count before, and none now."""
    report = replace(make_report(), **{field: given})

    assert json.loads(render_json(report))[key] == [shown]


def test_what_is_missing_is_listed_apart(make_report: MakeReport) -> None:
    """It stands in the summary, too."""
    sentence = "Sales is missing: totals could not be read."

    document = json.loads(render_json(make_report(missing=(sentence,))))

    assert document["missing"] == [sentence]
    assert document["summary"][-1] == sentence
