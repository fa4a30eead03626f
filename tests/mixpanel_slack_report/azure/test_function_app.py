"""The function app that ``init azure`` writes, as Azure's library reads it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

# The functions, schedules and routes of the reporter that this one replaces.
TIMERS = {
    "DailyReport": "0 0 9 * * *",
    "WeeklyReport": "0 0 9 * * 1",
    "BiWeeklyReport": "0 0 9 * * 1",
}


@pytest.fixture(scope="module")
def functions(function_app: ModuleType) -> dict[str, Any]:
    """The functions of the app by their names."""
    return {
        function.get_function_name(): function
        for function in function_app.app.get_functions()
    }


def spelled(value: object) -> str:
    """Return a text, or the text of an enumeration's member."""
    return str(getattr(value, "value", value))


def bindings(function: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401 - Azure's
    """Return the bindings of a function by their types."""
    listed = function.get_dict_repr()["bindings"]
    return {str(binding["type"]): binding for binding in listed}


def test_every_function_is_found(functions: dict[str, Any]) -> None:
    """The app has the functions of the contract, and no other."""
    assert set(functions) == {
        *TIMERS,
        "CustomReport",
        "SlackCommand",
        "SlackCommandWork",
        "Health",
    }


@pytest.mark.parametrize(("name", "schedule"), TIMERS.items())
def test_timers_fire_as_ever(
    functions: dict[str, Any], name: str, schedule: str
) -> None:
    """Schedules are those of the old reporter, and starting the app fires none."""
    timer = bindings(functions[name])["timerTrigger"]

    assert (timer["schedule"], timer["runOnStartup"], timer["useMonitor"]) == (
        schedule,
        False,
        True,
    )


@pytest.mark.parametrize("name", TIMERS)
def test_timers_are_tried_again(functions: dict[str, Any], name: str) -> None:
    """Three times, five minutes apart."""
    retry = functions[name].get_settings_dict("retry_policy")

    assert retry == {
        "setting_name": "retry_policy",
        "strategy": "fixed_delay",
        "max_retry_count": "3",
        "delay_interval": "00:05:00",
    }


@pytest.mark.parametrize(
    ("name", "route", "methods", "level"),
    [
        ("CustomReport", "CustomReport", ["GET", "POST"], "FUNCTION"),
        ("SlackCommand", "SlackCommand", ["POST"], "ANONYMOUS"),
        ("Health", "health", ["GET"], "ANONYMOUS"),
    ],
)
def test_routes(
    functions: dict[str, Any],
    name: str,
    route: str,
    methods: list[str],
    level: str,
) -> None:
    """Reports need a function key; Slack signs; health is for everybody."""
    trigger = bindings(functions[name])["httpTrigger"]

    assert trigger["route"] == route
    assert [spelled(method) for method in trigger["methods"]] == methods
    assert spelled(trigger["authLevel"]).upper() == level


def test_the_slash_command_and_its_work_share_a_queue(
    functions: dict[str, Any],
) -> None:
    """What one puts, the other takes."""
    put = bindings(functions["SlackCommand"])["queue"]
    taken = bindings(functions["SlackCommandWork"])["queueTrigger"]

    assert put["queueName"] == taken["queueName"] == "mixpanel-slack-report"
    assert put["connection"] == taken["connection"] == "AzureWebJobsStorage"


def test_an_app_that_wakes_imports_little(app_folder: Path) -> None:
    """Slack waits three seconds: neither client is imported to answer it."""
    code = (
        "import sys, function_app\n"
        "from mixpanel_slack_report.http import slack_command\n"
        "print(*sorted({'httpx', 'slack_sdk', 'rich', 'click'} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=app_folder,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == ""
