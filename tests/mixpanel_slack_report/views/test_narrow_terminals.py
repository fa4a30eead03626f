"""What a terminal of few columns shows of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mixpanel_slack_report.metrics import TopEvent
from mixpanel_slack_report.views.text_view import render_text

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import MakeReport

LINES = ["  1.  Sign Up                  83", "      up 15 from 68 (+22.1 %)"]


@pytest.mark.parametrize("width", [60, 69])
def test_a_top_event_has_its_change_under_its_name(
    make_report: MakeReport, width: int
) -> None:
    """There is no room beside it, and a number without one says little."""
    report = make_report(top_events=(TopEvent("Sign Up", 83, 68),))

    assert "\n".join(["Top Events", *LINES, ""]) in render_text(report, width=width)


def test_a_wider_terminal_has_the_change_beside_the_number(
    make_report: MakeReport,
) -> None:
    """From 70 columns on."""
    report = make_report(top_events=(TopEvent("Sign Up", 83, 68),))

    line = "  1.  Sign Up  83  up 15 from 68 (+22.1 %)"
    assert line in render_text(report, width=70).splitlines()
