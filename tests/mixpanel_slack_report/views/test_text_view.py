"""The report in the terminal."""

from __future__ import annotations

import io
import re
import sys
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mixpanel_slack_report.alerts import Alert
from mixpanel_slack_report.changes import figure_in_words
from mixpanel_slack_report.metrics import (
    Metric,
    MetricValue,
    Number,
    Status,
    TopEvent,
)
from mixpanel_slack_report.report import DatedNote
from mixpanel_slack_report.views.text_view import print_report, render_text

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import MakeReport

SALES = Metric("Sales", ("Purchase", "User Charged"), "unique")
RISING = (40, 31, 45, 38, 36, 33, 40, 48)


def value(
    now: Number | None,
    before: Number | None,
    status: Status = "ok",
    *,
    name: str = "Sales",
    trend: tuple[Number | None, ...] = (),
) -> MetricValue:
    """Make the value of a metric."""
    metric = Metric(name, ("Purchase",), "total")
    return MetricValue(metric, "Purchase", now, before, status, trend=trend)


def test_the_terminal_shows_the_whole_report(make_report: MakeReport) -> None:
    """Numbers line up, changes are words."""
    report = make_report(
        (
            value(1253, 157),
            value(9, None, "partial", name="Visits"),
            value(None, None, "no_data", name="Users"),
            value(3, 4, "partial", name="Today"),
            value(4, 4, name="Same"),
            value(None, None, "no_such_event", name="Odd"),
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


def test_alerts_come_first_and_events_and_notes_after_the_numbers(
    make_report: MakeReport,
) -> None:
    """What needs somebody is on top."""
    report = replace(
        make_report(top_events=(TopEvent("Page View", 12500, 10000),), summary=()),
        alerts=(Alert("Sales", "Sales: 3, down 9 from 12 (-75.0 %), which is low."),),
        new_events=(TopEvent("Coupon", 35, 0), TopEvent("Tip", 1, 0)),
        stopped_events=(TopEvent("Offer", 1200, 1200),),
        annotations=(DatedNote(date(2026, 11, 10), "New\nprices"),),
    )

    assert render_text(report).split("\n\n")[1:] == [
        "Alerts\n  ! Sales: 3, down 9 from 12 (-75.0 %), which is low.",
        "Key Metrics\n  New Signups  48  up 8 from 40 (+20.0 %)",
        "Top Events\n  1.  Page View  12,500  up 2,500 from 10,000 (+25.0 %)",
        "New Events\n  1.  Coupon  35\n  2.  Tip      1",
        "Stopped Events\n  1.  Offer  1,200 before",
        "Notes in Mixpanel\n  • November 10, 2026: New prices",
        "data as of 2026-11-18 09:30 UTC, 3 calls to Mixpanel\n",
    ]


def test_many_new_events_are_counted(make_report: MakeReport) -> None:
    """A renamed plan of 200 events does not hide the summary."""
    new = tuple(TopEvent(f"Event {number}", 3, 0) for number in range(200))

    text = render_text(replace(make_report(), new_events=new))

    assert "  10.  Event 9  3\n  and 190 more\n" in text


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (
            40,
            [
                "  Sales                               48",
                "    up 8 from 40 (+20.0 %)",
                "    outside its last 7 (highest 45)",
            ],
        ),
        (
            80,
            [
                "  Sales  48  ▅▅▇▅▅▅▅▇  up 8 from 40 (+20.0 %)",
                "                       outside its last 7 (highest 45)",
            ],
        ),
        (
            160,
            [
                "  Sales  48  ▅▅▇▅▅▅▅▇  up 8 from 40 (+20.0 %)  "
                "outside its last 7 (highest 45)"
            ],
        ),
    ],
)
def test_a_trend_is_drawn_where_there_is_room(
    make_report: MakeReport, width: int, lines: list[str]
) -> None:
    """Narrow terminals have the words only."""
    report = make_report((value(48, 40, trend=RISING),), (), summary=())

    assert "\n".join(["Key Metrics", *lines, ""]) in render_text(report, width=width)


def test_only_wide_terminals_say_that_a_number_is_as_before(
    make_report: MakeReport,
) -> None:
    """It is no news."""
    trend = (*RISING[:-1], 41)
    report = make_report((value(41, 40, trend=trend),), (), summary=())

    assert "its last 7" not in render_text(report, width=80)
    assert "within its last 7 (31 to 45)" in render_text(report, width=160)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    width=st.integers(40, 200),
    names=st.lists(st.text(max_size=120), min_size=1, max_size=4),
    numbers=st.lists(
        st.integers(0, 10**15) | st.floats(-1e12, 1e12), min_size=4, max_size=4
    ),
    has_trend=st.booleans(),
)
def test_no_width_cuts_a_number(
    make_report: MakeReport,
    width: int,
    names: list[str],
    numbers: list[Number],
    *,
    has_trend: bool,
) -> None:
    """Lines keep to the width, and the numbers of metrics and events are whole."""
    trend = (1, 2, 3, 4, 5, 6, 7, 10**15) if has_trend else ()
    pairs = list(zip(names, numbers, strict=False))
    values = tuple(value(n, n + 1, name=name, trend=trend) for name, n in pairs)
    events = tuple(TopEvent(name, 10**15 + i, 7) for i, name in enumerate(names))

    lines = render_text(make_report(values, events), width=width).splitlines()

    text = "\n".join(lines)
    shown = [figure_in_words(item.metric, item.value or 0) for item in values]
    shown += [f"1,000,000,000,000,00{i}" for i in range(len(names))]
    assert [number for number in shown if number not in text] == []
    assert max(map(cell_len, lines)) <= width


@pytest.mark.parametrize("width", range(40, 160, 7))
def test_no_line_begins_with_a_percent_sign(
    make_report: MakeReport, width: int
) -> None:
    """It stays with its number, in alerts, changes and sentences."""
    sentence = "Sales: 48, up 8 from 40 (+20.0 %), which is a rise of 20 % or more."
    report = make_report((value(48, 40, trend=RISING),), summary=(sentence,) * 3)
    report = replace(report, alerts=(Alert("Sales", sentence),))

    lines = render_text(report, width=width).splitlines()

    assert [line for line in lines if line.lstrip().startswith("%")] == []
    assert "".join(lines).count("(+20.0 %)") == 5


def test_the_terminal_report_keeps_to_its_width(make_report: MakeReport) -> None:
    """Long names are folded, not cut off."""
    report = make_report(top_events=(TopEvent("word " * 15, 12),))

    lines = render_text(report, width=40).splitlines()

    assert max(len(line) for line in lines) <= 40
    assert sum(line.count("word") for line in lines) == 15


def test_names_are_no_markup_in_the_terminal(make_report: MakeReport) -> None:
    """Rich would colour [red] and hide the word."""
    report = make_report(top_events=(TopEvent("[red]alert[/red] :tada:", 12),))

    assert "[red]alert[/red] :tada:" in render_text(report)


def test_an_empty_report_has_no_empty_parts(make_report: MakeReport) -> None:
    """Without events and sentences their headings are left out."""
    text = render_text(make_report(top_events=(), summary=(), company=""))

    headings = [line for line in text.splitlines() if re.fullmatch(r"\w+ \w+", line)]
    assert headings == ["Weekly Report", "Key Metrics"]
    assert "Summary" not in text


@pytest.mark.parametrize(
    ("name", "colours"),
    [("PIPE", False), ("FORCE_COLOR", True), ("NO_COLOR", False)],
)
def test_colours_are_for_terminals_that_want_them(
    make_report: MakeReport,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    *,
    colours: bool,
) -> None:
    """Neither a file nor a reader who said NO_COLOR gets green and red."""
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    if name == "NO_COLOR":
        monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv(name, "1")

    print_report(make_report((value(48, 40), value(3, 4))))

    printed = capsys.readouterr().out
    assert ("\x1b[32m" in printed, "\x1b[31m" in printed) == (colours, colours)
    assert ("\x1b" in printed) == (name != "PIPE")


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
    doubtful = value(None, None, "no_data", name="Users")

    print_report(make_report((value(1253, 157), doubtful)))

    printed = capsys.readouterr().out
    lines = re.sub(r"\x1b\[[0-9;]*m", "", printed).splitlines()
    assert ("\x1b" in printed) == bool(colours)
    assert "  Sales  1,253  up 1,096 from 157 (+698.1 %)" in lines
    assert [line for line in lines if line != line.rstrip()] == []


def test_an_output_without_unicode_gets_question_marks(
    make_report: MakeReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trend is no reason to have no report."""
    page = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="")
    monkeypatch.setattr(sys, "stdout", page)

    print_report(make_report((value(48, 40, trend=RISING),), summary=("Übung.",)))

    page.flush()
    printed = page.buffer.getvalue().decode("ascii")
    assert "  Sales  48  ????????  up 8 from 40 (+20.0 %)\n" in printed
    assert "  ? ?bung.\n" in printed
