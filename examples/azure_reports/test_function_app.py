"""The function app as Azure's library reads it, and a timer that posts to Slack."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from mixpanel_query.local import LocalProject
from mixpanel_slack_report.deploy.ready_folders import folder_files
from mixpanel_slack_report.slack.stand_in import SlackStandIn

FOLDER = Path(__file__).parent
OWN_SCHEDULES = {
    'DAILY = "0 0 9 * * *"': 'DAILY = "0 30 7 * * *"',
    '\nWEEKLY = "0 0 9 * * 1"': ('\nWEEKLY = "0 30 7 * * 1"\nMONTHLY = "0 40 7 1 * *"'),
    'BIWEEKLY = "0 0 9 * * 1"': 'BIWEEKLY = "0 35 7 * * 1"',
}
OWN_VALUES = {
    "COMPANY_NAME": "Example Shop",
    "TIMEZONE": "Europe/London",
    "REPORT_FILE": "report.toml",
}


def own(name: str) -> str:
    """Read a file of this folder."""
    return (FOLDER / name).read_text("utf-8")


def fresh(name: str) -> str:
    """Return a file as ``init azure`` writes it today."""
    return folder_files("azure")[name]


def commands(readme: str) -> set[str]:
    """Return the commands of a README, each on one line."""
    blocks = re.findall(r"```bash\n(.*?)```", readme, re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return {" ".join(line.split()) for line in lines}


@pytest.fixture(scope="module")
def functions() -> dict[str, Any]:
    """The functions of the app by their names."""
    path = FOLDER / "function_app.py"
    spec = importlib.util.spec_from_file_location("team_function_app", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return {each.get_function_name(): each for each in module.app.get_functions()}


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    """A Slack that keeps what is posted."""
    with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def project(tmp_path: Path) -> Iterator[LocalProject]:
    """A project with a sign-up and an order of 10 on each of 41 days."""
    noon = datetime.now(timezone.utc).replace(hour=12, minute=0, second=0)
    rows = [
        {
            "event": event,
            "properties": {
                "time": int((noon - timedelta(days=day)).timestamp()),
                "distinct_id": f"user-{day % 5}",
                "$insert_id": f"{event} {day}",
                **carried,
            },
        }
        for day in range(41)
        for event, carried in [("Sign Up", {}), ("Order Completed", {"Amount": 10})]
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    with LocalProject(
        credentials=("reports", "s3cret"), timezone="Europe/London"
    ) as running:
        running.load(path)
        yield running


@pytest.fixture
def weekly_timer(
    functions: dict[str, Any],
    project: LocalProject,
    slack: SlackStandIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[], None]:
    """Fires WeeklyReport, in this folder and with the settings of its example."""
    settings = {
        **json.loads(own("local.settings.json.example"))["Values"],
        "MIXPANEL_USERNAME": "reports",
        "MIXPANEL_SECRET": "s3cret",
        "MIXPANEL_PROJECT_ID": "1",
        "MIXPANEL_BASE_URL": project.base_url,
        "SLACK_WEBHOOK_URL": slack.webhook_url,
        "REPORT_LEDGER": str(tmp_path / "ledger.sqlite"),  # Azure's needs an account
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(FOLDER)
    run = functions["WeeklyReport"].get_user_function()
    return lambda: run(None)


def described(function: Any) -> tuple[str, str]:  # noqa: ANN401 - Azure's
    """Say what runs a function and what level it has, as the README does."""
    trigger = next(
        binding
        for binding in function.get_dict_repr()["bindings"]
        if str(binding["type"]).endswith("Trigger")
    )
    if trigger["type"] == "timerTrigger":
        return f"`{trigger['schedule']}`", ""
    if trigger["type"] == "queueTrigger":
        return f"queue `{trigger['queueName']}`", ""
    methods = [getattr(method, "value", method) for method in trigger["methods"]]
    level = getattr(trigger["authLevel"], "value", trigger["authLevel"])
    words = [*methods, f"/api/{trigger['route']}"]
    return " ".join(f"`{word}`" for word in words), str(level).upper()


def test_the_app_has_the_functions_of_the_readme(functions: dict[str, Any]) -> None:
    """Their schedules, routes, methods, queue and levels are those of its table."""
    rows = re.findall(r"^\| (\w+) \| (.*`) \| (\w*)", own("README.md"), re.MULTILINE)

    assert len(rows) == 8
    assert {name: (run, level) for name, run, level in rows} == {
        name: described(function) for name, function in functions.items()
    }


@pytest.mark.parametrize("name", ["host.json", "requirements.txt", ".gitignore"])
def test_a_file_is_as_it_was_written(name: str) -> None:
    """It is what ``init azure`` writes."""
    assert own(name) == fresh(name)


def test_the_app_has_the_teams_schedules_and_a_function_more() -> None:
    """All else of it is what ``init azure`` writes."""
    expected = fresh("function_app.py")
    for line, changed in OWN_SCHEDULES.items():
        assert line in expected
        expected = expected.replace(line, changed)

    before, found, more = own("function_app.py").partition(expected)

    assert (before, found) == ("", expected)
    assert re.findall(r"^def (\w+)", more, re.MULTILINE) == ["monthly_report"]


def test_the_settings_have_three_values_of_the_team() -> None:
    """All other values are to be filled in, and are what ``init azure`` writes."""
    expected = json.loads(fresh("local.settings.json.example"))
    expected["Values"].update(OWN_VALUES)

    assert json.loads(own("local.settings.json.example")) == expected


def test_tests_are_not_published() -> None:
    """They are the team's line among the files that stay at home."""
    assert own(".funcignore") == fresh(".funcignore") + "test_*.py\n"


def test_the_readmes_commands_are_those_of_init_azure() -> None:
    """Five commands that make the app and publish it."""
    found = commands(own("README.md"))

    assert len(found) == 5
    assert found <= commands(fresh("README.md"))


def test_a_timer_posts_the_teams_report(
    weekly_timer: Callable[[], None], slack: SlackStandIn
) -> None:
    """Of seven days with a sign-up and an order of 10 each, by five users."""
    weekly_timer()

    (message,) = slack.messages
    for number in (
        "Weekly Active Users: 5",
        "New Signups: 7",
        "Buyers: 5",
        "Revenue: 70",
        "Conversion: 100.0 %",
    ):
        assert number in message["text"]


def test_a_timer_that_fires_again_posts_nothing(
    weekly_timer: Callable[[], None], slack: SlackStandIn
) -> None:
    """The ledger knows that the week was reported."""
    weekly_timer()

    weekly_timer()

    assert len(slack.messages) == 1
