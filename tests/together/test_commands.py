"""The two commands as a person runs them: real processes, sockets and files."""

import gzip
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from mixpanel_slack_report.slack.stand_in import SlackStandIn

BIN = Path(sys.executable).parent
DUE = date(2026, 11, 16)
WEEK = (date(2026, 11, 9), date(2026, 11, 15))
WEEK_BEFORE = (date(2026, 11, 2), date(2026, 11, 8))
SECRET = "s3cret-of-the-account"
REPORT_FILE = """
[[metric]]
name = "Orders"
event = "order placed"
kind = "total"

[[metric]]
name = "Buyers"
event = "order placed"
kind = "unique"

[[metric]]
name = "Refunds"
event = "order refundd"
kind = "total"
"""


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """Make up a fortnight of events around midnights and week ends."""
    chance = random.Random(5)  # noqa: S311  # made-up data
    first = datetime(2026, 11, 1, tzinfo=timezone.utc)
    return [
        {
            "event": chance.choice(["order placed", "order placed", "order refunded"]),
            "properties": {
                "time": int(first.timestamp()) + chance.randrange(16 * 86_400),
                "distinct_id": f"buyer-{chance.randrange(120)}",
                "$insert_id": f"event-{number}",
            },
        }
        for number in range(2_000)
    ]


@pytest.fixture(scope="module")
def data_file(
    events: list[dict[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Write the events as a gzipped export, some of them twice."""
    path = tmp_path_factory.mktemp("data") / "events.jsonl.gz"
    lines = [json.dumps(event) for event in [*events, *events[:50]]]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


def counted(
    events: list[dict[str, object]], window: tuple[date, date]
) -> tuple[int, int]:
    """Count the orders of a window, and who placed them, with a plain loop."""
    times, people = 0, set()
    for event in events:
        day = datetime.fromtimestamp(event["properties"]["time"], timezone.utc).date()
        if event["event"] == "order placed" and window[0] <= day <= window[1]:
            times += 1
            people.add(event["properties"]["distinct_id"])
    return times, len(people)


@contextmanager
def serving(*arguments: str) -> Iterator[str]:
    """Run ``mixpanel-query local serve`` and give the address it prints."""
    command = [BIN / "mixpanel-query", "local", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        for line in server.stdout:
            found = re.search(r"http://127\.0\.0\.1:\d+", line)
            if found:
                yield found[0]
                break
        server.terminate()
        assert server.wait(timeout=10) == 0


def report(
    base_url: str, folder: Path, *arguments: str, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run ``mixpanel-slack-report`` with only what it needs in the environment."""
    (folder / "report.toml").write_text(REPORT_FILE)
    needed = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "MIXPANEL_BASE_URL": base_url,
        "MIXPANEL_USERNAME": "reporter",
        "MIXPANEL_SECRET": SECRET,
        "MIXPANEL_PROJECT_ID": "4711",
        "REPORT_FILE": str(folder / "report.toml"),
    }
    return subprocess.run(
        [BIN / "mixpanel-slack-report", *arguments],
        env={**needed, **environ},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_preview_prints_the_counted_numbers(
    events: list[dict[str, object]], data_file: Path, tmp_path: Path
) -> None:
    """The JSON document holds what plain loops count, and never a made-up zero."""
    account = ("--username", "reporter", "--secret", SECRET, "--project-id", "4711")
    with serving("--data", str(data_file), *account) as base_url:
        asked = ("preview", "weekly", "--date", DUE.isoformat(), "--format", "json")
        done = report(base_url, tmp_path, *asked)
    document = json.loads(done.stdout)
    orders, buyers, refunds = document["metrics"]
    times, people = counted(events, WEEK)
    times_before, people_before = counted(events, WEEK_BEFORE)

    assert done.returncode == 0, done.stderr
    assert (orders["value"], orders["previous"]) == (times, times_before)
    assert (buyers["value"], buyers["previous"]) == (people, people_before)
    assert (refunds["value"], refunds["status"]) == (None, "no_such_event")
    assert "order refunded" in refunds["reason"]
    assert document["from_date"] == "2026-11-09"
    assert document["compared_to"] == "2026-11-08"
    assert document["api_calls"] <= 4


def test_send_posts_the_counted_numbers(
    events: list[dict[str, object]],
    data_file: Path,
    tmp_path: Path,
    slack: SlackStandIn,
) -> None:
    """What Slack got over HTTP says the same, and that something is missing."""
    with serving("--data", str(data_file)) as base_url:
        asked = ("send", "weekly", "--date", DUE.isoformat())
        done = report(base_url, tmp_path, *asked, SLACK_WEBHOOK_URL=slack.webhook_url)
    [message] = slack.messages
    times, people = counted(events, WEEK)

    assert done.returncode == 3, done.stderr
    assert f"Orders: {times}," in message["text"]
    assert f"Buyers: {people}," in message["text"]
    assert "order refundd" in message["text"]


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"MIXPANEL_SECRET": "wr0ng-one"}, "secret"),
        ({"MIXPANEL_USERNAME": "", "MIXPANEL_PROJECT_ID": ""}, "MIXPANEL_PROJECT_ID"),
        ({"MIXPANEL_BASE_URL": "http://127.0.0.1:9"}, "127.0.0.1:9"),
        ({"REPORT_FILE": "missing.toml"}, "missing.toml"),
    ],
    ids=["wrong secret", "missing settings", "unreachable", "no report file"],
)
def test_a_wrong_setting_is_one_line(
    data_file: Path, tmp_path: Path, environ: dict[str, str], said: str
) -> None:
    """It names the thing, exits with 1, and shows neither traceback nor secret."""
    account = ("--username", "reporter", "--secret", SECRET, "--project-id", "4711")
    with serving("--data", str(data_file), *account) as base_url:
        done = report(base_url, tmp_path, "preview", "weekly", **environ)

    assert done.returncode == 1
    assert done.stdout == ""
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stderr
    assert "wr0ng-one" not in done.stderr


def test_a_malformed_data_file_is_one_line(tmp_path: Path) -> None:
    """It names file and line, exits with 1, and nothing is served."""
    path = tmp_path / "broken.jsonl"
    path.write_text('{"event": "a", "properties": {"time": 1}}\n{"event": \n')
    done = subprocess.run(
        [BIN / "mixpanel-query", "local", "serve", "--port", "0", "--data", path],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 1
    assert "broken.jsonl" in done.stderr
    assert "line 2" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_demo_runs_from_start_to_end(tmp_path: Path) -> None:
    """It tracks, reports and posts, prints the report and writes a page."""
    loop = Path(__file__).parents[2] / "examples" / "whole_loop.py"
    done = subprocess.run(
        [sys.executable, loop],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    assert "Order Completed: 1\n" in done.stdout
    assert "Key Metrics" in done.stdout
    assert "<html" in (tmp_path / "report.html").read_text()


def test_mixpanels_days_are_those_of_the_timezone(
    events: list[dict[str, object]], data_file: Path, tmp_path: Path
) -> None:
    """In another timezone the week holds other events, counted by a plain loop."""
    shift = timedelta(hours=-8)  # Los Angeles in November, after daylight saving
    shifted = [
        {
            **event,
            "properties": {
                **event["properties"],
                "time": event["properties"]["time"] + shift.total_seconds(),
            },
        }
        for event in events
    ]
    with serving("--data", str(data_file), "--timezone", "America/Los_Angeles") as url:
        asked = ("preview", "weekly", "--date", DUE.isoformat(), "--format", "json")
        done = report(url, tmp_path, *asked, TIMEZONE="America/Los_Angeles")
    orders, buyers, _ = json.loads(done.stdout)["metrics"]

    assert (orders["value"], buyers["value"]) == counted(shifted, WEEK)
    assert counted(shifted, WEEK) != counted(events, WEEK)
