"""docs/reference/settings.md has all that mixpanel-slack-report reads, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from tests.reference.settings_tables import (
    NEEDED,
    NONE,
    SLACK,
    TOML,
    defaults_in,
    names_in,
)

from mixpanel_slack_report.command import group
from mixpanel_slack_report.command.tracebacks import Wishes
from mixpanel_slack_report.exceptions import SettingsError
from mixpanel_slack_report.metrics import METRIC_KINDS
from mixpanel_slack_report.report_file import ReportFile, parse_report_file
from mixpanel_slack_report.settings import SETTINGS, Setting


def test_the_page_has_the_variables_of_reports() -> None:
    """Those of the table, and the one that Azure gives its name."""
    in_code = [*(setting.name for setting in SETTINGS), "AzureWebJobsStorage"]

    assert sorted(names_in(SLACK)) == sorted(in_code)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_the_default_of_a_reports_variable_is_the_codes(setting: Setting) -> None:
    """Whoever gives what the page tells gets what counts anyway."""
    told = defaults_in(SLACK)[setting.name]

    assert (told == NEEDED) == (setting.needed_for == "all")
    if told in {NEEDED, NONE}:
        assert not setting.default
    else:
        assert setting.convert(told) == setting.default


def test_no_variable_stands_for_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no environment forces a report that was sent already."""
    monkeypatch.setenv("MIXPANEL_SLACK_REPORT_SEND_FORCE", "true")

    context = group.make_context("mixpanel-slack-report", ["send"], obj=Wishes())
    send = group.get_command(context, "send")
    assert send is not None
    below = send.make_context("send", ["weekly"], parent=context)

    assert below.params["force"] is False


def allowed_keys(document: dict[str, object]) -> Iterator[tuple[str, set[str]]]:
    """Yield each place of a report file that has a wrong key, and what it allows."""
    with pytest.raises(SettingsError) as caught:
        parse_report_file(document, source="file")
    for problem in caught.value.problems:
        if " is no key here; allowed are " in problem:
            place, allowed = problem.split(" is no key here; allowed are ")
            yield place.rpartition(": ")[0], set(allowed.split(", "))


def keys_of_code() -> set[str]:
    """Return every key of a report file, as the reader names what is allowed."""
    wrong: dict[str, object] = {"?": 1}
    metrics = [{"name": kind, "kind": kind, **wrong} for kind in METRIC_KINDS]
    metrics.append({"name": "alert", "kind": "total", "event": "x", "alert": wrong})
    document = {**wrong, "metric": metrics, "top_events": wrong}
    found: set[str] = set()
    for place, keys in allowed_keys(document):
        inner = re.sub(r"metric \d+", "metric", place.removeprefix("file"))
        prefix = ".".join(filter(None, inner.split(": ")))
        found |= {f"{prefix}.{key}".lstrip(".") for key in keys}
    return found


def test_the_page_has_the_keys_of_the_report_file() -> None:
    """Those that its reader takes, in all of its tables."""
    assert set(names_in(TOML)) == keys_of_code()


def test_the_defaults_of_the_report_file_are_the_codes() -> None:
    """Those that are not empty."""
    told = {name: text for name, text in defaults_in(TOML).items() if text != NONE}
    default = ReportFile()

    assert told == {
        "week_start": "monday",
        "biweekly_anchor": "2026-01-05",
        "compare": "same_weekday",
        "max_calls": "5",
        "annotations": "false",
        "holiday_periods": "daily",
        "metric": "the default report's",
        "metric.name": "needed",
        "metric.kind": "needed",
        "top_events.limit": "5",
    }
    assert default.week_start == 0
    assert default.biweekly_anchor == date(2026, 1, 5)
    assert default.daily_compare == told["compare"]
    assert default.max_calls == int(told["max_calls"])
    assert not default.annotations
    assert default.calendar.holiday_periods == ("daily",)
    assert (default.calendar.skip, default.calendar.holidays) == ((), "")
    assert default.timezone is None
    assert default.top_events == int(told["top_events.limit"])
