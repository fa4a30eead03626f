"""The report in the terminal and as JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from mixpanel_slack_report.metrics import Metric, MetricValue, Status, TopEvent
from mixpanel_slack_report.views.json_view import render_json
from mixpanel_slack_report.views.text_view import print_report, render_text

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import MakeReport

SALES = Metric("Sales", ("Purchase", "User Charged"), "unique")


def value(
    now: int | None,
    before: int | None,
    status: Status = "ok",
    reason: str = "",
    metric: Metric = SALES,
) -> MetricValue:
    """Make the value of a metric."""
    return MetricValue(metric, "User Charged", now, before, status, reason)


def test_the_document_has_exactly_the_promised_keys(make_report: MakeReport) -> None:
    """Other programs read these names."""
    document = json.loads(render_json(make_report((value(253, 157),))))

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
                "value": 253,
                "previous": 157,
                "change_percent": 61.15,
                "status": "ok",
                "reason": "",
            }
        ],
        "top_events": [{"event": "Page View", "count": 12500}],
        "summary": ["Top action: Page View (12,500 occurrences)."],
        "api_calls": 3,
    }


def test_unknown_numbers_are_null(make_report: MakeReport) -> None:
    """A program cannot take a missing number for 0."""
    missing = value(None, None, "no_data", "totals could not be read")

    (metric,) = json.loads(render_json(make_report((missing,))))["metrics"]

    assert (metric["value"], metric["previous"], metric["change_percent"]) == (
        None,
        None,
        None,
    )
    assert metric["reason"] == "totals could not be read"


def test_the_terminal_shows_the_whole_report(make_report: MakeReport) -> None:
    """Numbers line up, changes are words."""
    report = make_report(
        (
            value(1253, 157),
            value(9, None, "partial", metric=Metric("Visits", ("v",), "total")),
            value(None, None, "no_data", metric=Metric("Users", ("u",), "unique")),
            value(3, 4, "partial", metric=Metric("Today", ("t",), "total")),
            value(4, 4, metric=Metric("Same", ("s",), "total")),
            value(None, None, "no_such_event", metric=Metric("Odd", ("o",), "total")),
        )
    )

    assert render_text(report) == (
        "Acme: Weekly Report\n"
        "November 9 to November 15, 2026 (UTC)\n"
        "compared with November 2 to November 8, 2026\n"
        "\n"
        "Key Metrics\n"
        "  Sales   1,253  up 1,096 from 157 (+698.1 %)\n"
        "  Visits      9  change not known\n"
        "  Users       -  no data\n"
        "  Today       3  down 1 from 4 (-25.0 %), incomplete\n"
        "  Same        4  no change\n"
        "  Odd         -  no such event\n"
        "\n"
        "Top Events\n"
        "  1.  Page View  12,500\n"
        "\n"
        "Summary\n"
        "  • Top action: Page View (12,500 occurrences).\n"
        "\n"
        "data as of 2026-11-18 09:30 UTC, 3 calls to Mixpanel\n"
    )


def test_the_terminal_report_keeps_to_its_width(make_report: MakeReport) -> None:
    """Long names are folded, not cut off."""
    report = make_report(top_events=(TopEvent("word " * 15, 12),))

    lines = render_text(report, width=40).splitlines()

    assert max(len(line) for line in lines) <= 40


def test_names_are_no_markup_in_the_terminal(make_report: MakeReport) -> None:
    """Rich would colour [red] and hide the word."""
    report = make_report(top_events=(TopEvent("[red]alert[/red] :tada:", 12),))

    assert "[red]alert[/red] :tada:" in render_text(report)


def test_an_empty_report_has_no_empty_parts(make_report: MakeReport) -> None:
    """Without events and sentences their headings are left out."""
    text = render_text(make_report(top_events=(), summary=(), company=""))

    assert "Top Events" not in text
    assert "Summary" not in text
    assert text.startswith("Weekly Report\n")


def test_no_colours_outside_a_terminal(
    make_report: MakeReport, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is piped into a file has no escape codes."""
    print_report(make_report())

    printed = capsys.readouterr().out
    assert "New Signups" in printed
    assert "\x1b" not in printed


@pytest.mark.parametrize("colours", ["", "1"])
def test_no_line_is_filled_up_with_spaces(
    make_report: MakeReport,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    colours: str,
) -> None:
    """Neither in a terminal, which has codes for colours, nor in a pipe."""
    monkeypatch.setenv("FORCE_COLOR", colours)
    monkeypatch.setenv("TERM", "xterm")
    doubtful = value(None, None, "no_data", metric=Metric("Users", ("u",), "unique"))

    print_report(make_report((value(1253, 157), doubtful)))

    printed = capsys.readouterr().out
    lines = re.sub(r"\x1b\[[0-9;]*m", "", printed).splitlines()
    assert ("\x1b" in printed) == bool(colours)
    assert "  Sales  1,253  up 1,096 from 157 (+698.1 %)" in lines
    assert [line for line in lines if line != line.rstrip()] == []
