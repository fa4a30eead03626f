"""Measure a weekly report of 50 events beside the way of the reporter it replaces.

A server in a process of its own answers both from memory. Runs take turns; what counts
is the median. Own time is the whole run without what the server worked on:

    python -m benchmarks.report.own_time

The other way is an emulation: the calls that its description and its faults tell of,
made with plain requests (two for each of eight events, one for the top events, and an
export of 100,000 rows to count users), and nothing of its code.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import requests

from benchmarks.measuring import Given, Steadiness, alone, timed
from benchmarks.rows import Beside, Row
from mixpanel_slack_report.runs.days import DaysAsked
from mixpanel_slack_report.runs.job import prepare_job, run_job, utc_now
from mixpanel_slack_report.slack.blocks import build_messages

AREA = "Reporting"
MOST_CALLS, MOST_SECONDS = 4, 0.3
SERVER = Path(__file__).with_name("prepared_server.py")
DAYS = DaysAsked("weekly", None, None, None)
OTHER_WAY = "the other way (emulated)"
Way = Callable[[], None]
Figures = tuple[float, float]


def measure(given: Given) -> list[Row]:
    """Let all ways take turns, against one server."""
    server = subprocess.Popen([sys.executable, SERVER], stdout=subprocess.PIPE)
    assert server.stdout is not None
    steadiness, rounds = Steadiness(), 1 if given.quick else 7
    try:
        url = f"http://127.0.0.1:{int(server.stdout.readline())}"
        with tempfile.TemporaryDirectory() as folder:
            found = measured(ways(url, Path(folder)), url, rounds, steadiness)
    finally:
        server.kill()
        server.wait()
    return rows_of(found, steadiness.noise)


def rows_of(found: dict[str, list[Figures]], noise: float) -> list[Row]:
    """Make two rows of each way of ours: calls, and seconds of its own."""
    calls = {name: [call for call, _ in each] for name, each in found.items()}
    own = {name: [seconds for _, seconds in each] for name, each in found.items()}
    rows = []
    for name in found:
        if name == OTHER_WAY:
            continue
        if not name.endswith("in-process"):
            rows.append(Row(f"{name}: own time", "s", own[name], (), noise))
            continue
        beside = [Beside(OTHER_WAY, own[OTHER_WAY])]
        what, limit = f"{name}: own time", MOST_SECONDS
        rows.append(Row(what, "s", own[name], beside, noise, limit=limit))
        counted = [Beside(OTHER_WAY, calls[OTHER_WAY])]
        what, most = f"{name}: calls", MOST_CALLS
        rows.append(Row(what, "calls", calls[name], counted, limit=most))
    return rows


def ways(url: str, folder: Path) -> dict[str, Way]:
    """List what is measured."""
    metrics = [
        f'[[metric]]\nname = "Metric {number}"\nevent = "Event {number:02}"\n'
        f'kind = "total"\n'
        for number in range(1, 46)
    ]
    seed = ["Sign Up", "User Onboarded", "$ae_session", "Page View", "Purchase"]
    metrics += [
        f'[[metric]]\nname = "{name}"\nevent = "{name}"\nkind = "total"\n'
        for name in seed
    ]
    named = folder / "report.toml"
    named.write_text("\n".join(metrics), encoding="utf-8")
    environ = {
        "MIXPANEL_USERNAME": "reports.1a2b3c",
        "MIXPANEL_SECRET": "hunter2-hunter2",
        "MIXPANEL_PROJECT_ID": "12345",
        "MIXPANEL_BASE_URL": url,
        "SLACK_WEBHOOK_URL": f"{url}/services/T0/B0/x",
        "TIMEZONE": "UTC",
        "REPORT_LEDGER": str(folder / "ledger.sqlite"),
        "XDG_STATE_HOME": str(folder),
        "NO_PROXY": "127.0.0.1",
    }
    fifty = {**environ, "REPORT_FILE": str(named)}
    return {
        "default report, in-process": lambda: make(environ),
        "50 metrics, in-process": lambda: make(fifty),
        "send weekly, a process": lambda: send(environ),
        "send weekly, 50 metrics, a process": lambda: send(fifty),
        OTHER_WAY: lambda: other_way(url),
    }


def make(environ: dict[str, str]) -> None:
    """Make a report and its messages, from the environment on."""
    job = prepare_job(DAYS, environ, to_send=True, now=utc_now())
    build_messages(run_job(job))


def send(environ: dict[str, str]) -> None:
    """Send a report, as a schedule does."""
    command = (sys.executable, "-m", "mixpanel_slack_report", "send", "weekly")
    done = subprocess.run(
        (*command, "--force"),
        env={**os.environ, **environ},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith("Sent the weekly report"), done.stderr


def other_way(url: str) -> None:
    """Ask two questions an event, then for the top events and an export."""
    auth = ("reports.1a2b3c", "hunter2-hunter2")
    windows = (
        {"from_date": "2026-11-09", "to_date": "2026-11-16"},
        {"from_date": "2026-11-02", "to_date": "2026-11-09"},
    )
    events = ("Sign Up", "User Onboarded", "Page View", "Event 01", "Purchase")
    for event in (*events, "Event 02", "$ae_session", "Event 03"):
        for days in windows:
            asked = {"project_id": "12345", "event": event, "unit": "day", **days}
            path = f"{url}/api/query/segmentation"
            answer = requests.get(path, asked, auth=auth, timeout=30).json()
            sum(answer["data"]["values"][event].values())
    names = {"type": "general", "project_id": "12345"}
    requests.get(f"{url}/api/query/events/names", names, auth=auth, timeout=30).json()
    asked = {"project_id": "12345", **windows[0]}
    exported = requests.get(f"{url}/api/2.0/export", asked, auth=auth, timeout=300)
    users = set()
    for line in exported.text.splitlines():
        with suppress(ValueError):
            users.add(json.loads(line)["properties"]["distinct_id"])
    answered = requests.post(f"{url}/services/T0/B0/x", json={}, timeout=30)
    assert answered.text == "ok"


def measured(
    ways: dict[str, Way], url: str, rounds: int, steadiness: Steadiness
) -> dict[str, list[Figures]]:
    """Return the calls and the own seconds of each round; all take turns."""
    figures: dict[str, list[Figures]] = {name: [] for name in ways}
    for turn in range(rounds + 1):
        for name, way in ways.items():
            took(url)
            whole = timed(way)
            calls, seconds = took(url)
            if turn:  # the first turn makes the answers
                figures[name].append((calls, whole - seconds))
        steadiness.sample()
    return figures


def took(url: str) -> tuple[int, float]:
    """Return the calls since this was last asked, and the server's seconds."""
    with urlopen(f"{url}/took") as answer:  # noqa: S310 - ours
        document = json.load(answer)
    return document["calls"], document["seconds"]


if __name__ == "__main__":
    raise SystemExit(alone(AREA, __doc__, measure))
