"""``mixpanel-slack-report plan``."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mixpanel_slack_report.command import main

Plan = Callable[..., tuple[int, str, str]]
GIVEN = {
    "MIXPANEL_USERNAME": "reports",
    "MIXPANEL_SECRET": "right-s3cret",
    "MIXPANEL_PROJECT_ID": "1",
    # Nobody listens there.
    "MIXPANEL_BASE_URL": "http://127.0.0.1:9",
    "TIMEZONE": "UTC",
    "REPORT_FILE": "",
}


@pytest.fixture
def plan(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Plan:
    """Runs the command where Mixpanel cannot be reached; gives code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MIXPANEL_BUDGET_FILE", raising=False)

    def run(*arguments: str, **settings: str) -> tuple[int, str, str]:
        for name, value in {**GIVEN, **settings}.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as stop:
            main(("plan", *arguments))
        printed = capsys.readouterr()
        assert isinstance(stop.value.code, int)
        return stop.value.code, printed.out, printed.err

    return run


def test_each_call_is_shown_with_its_days(plan: Plan) -> None:
    """Nothing is asked, and there is no limit on this machine."""
    code, out, err = plan("weekly", "--date", "2026-11-16")

    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "Weekly Report: November 9 to November 15, 2026, compared with November 2 to "
        "November 8, 2026",
        "",
        "  1  /events/names         event names",
        "  1  /events               totals and top events (September 21 to November "
        "15, 2026, 56 days)",
        "  1  /retention/addiction  active users (September 21 to November 15, 2026, "
        "8 weeks)",
        "",
        "3 calls, max_calls allows 5",
        "this address is not Mixpanel's, and has no known limit",
    ]


def test_the_budget_that_is_left_is_shown(plan: Plan, tmp_path: Path) -> None:
    """Also that of JQL, where a script is needed."""
    file = str(tmp_path / "budget")

    _, out, _ = plan("biweekly", "--date", "2026-11-09", MIXPANEL_BUDGET_FILE=file)

    assert out.splitlines()[-2:] == [
        "60 of 60 queries are left this hour, as far as this machine knows",
        "60 of 60 JQL queries are left this hour, as far as this machine knows",
    ]


def test_a_plan_is_a_document(plan: Plan, tmp_path: Path) -> None:
    """For programs, with every call under names."""
    file = str(tmp_path / "budget")
    path = tmp_path / "report.toml"
    path.write_text("[[metric]]\nname = 'V'\nkind = 'unique'\nevent = 'Page View'\n")
    settings = {"MIXPANEL_BUDGET_FILE": file, "REPORT_FILE": str(path)}
    arguments = ("biweekly", "--date", "2026-11-09", "--format", "json")

    document = json.loads(plan(*arguments, **settings)[1])

    assert (document["total_calls"], document["asks_timezone"]) == (3, False)
    assert document["budget"][0] == {"limit": "query", "allowed": 60, "left": 60}
    assert document["calls"][2] == {
        "purpose": "unique users of 'Page View'",
        "endpoint": "/segmentation",
        "calls": 1,
        "from_date": "2026-07-20",
        "to_date": "2026-11-08",
        "buckets": 8,
        "unit": "day",
        "units_a_bucket": 14,
    }


def test_the_timezone_is_not_asked_for(plan: Plan) -> None:
    """A report would ask; the plan says so, and shows the days of UTC."""
    code, out, err = plan("weekly", TIMEZONE="")

    assert (code, err) == (0, "")
    assert "and one for the project's timezone, as TIMEZONE is not set\n" in out


def test_named_events_take_two_calls(plan: Plan) -> None:
    """Names and totals."""
    _, out, _ = plan("weekly", "--events", "Sign Up,Purchase")

    assert "2 calls, max_calls allows 5" in out


def test_a_report_that_needs_too_many_calls_fails(plan: Plan, tmp_path: Path) -> None:
    """The line says what to do."""
    path = tmp_path / "report.toml"
    path.write_text("max_calls = 2")

    code, out, _ = plan("weekly", REPORT_FILE=str(path))

    assert code == 1
    assert (
        "3 calls, max_calls allows 2; the report is refused: raise max_calls or drop "
        "metrics"
    ) in out


def test_a_saved_report_and_annotations_are_planned(plan: Plan, tmp_path: Path) -> None:
    """A saved report has days of its own."""
    path = tmp_path / "report.toml"
    path.write_text(
        "annotations = true\n[[metric]]\nname = 'R'\nkind = 'saved'\nreport_id = 7"
    )

    _, out, _ = plan("daily", "--date", "2026-11-16", REPORT_FILE=str(path))

    assert "  1  /insights      the saved report 7\n" in out
    assert "  1  /annotations   annotations (November 15, 2026, 1 day)\n" in out
