"""What the examples of the commands run in: a folder of a shop, a project, a Slack."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from mixpanel_pyramid.destination import MixpanelDestination
from mixpanel_pyramid.message import EVENTS, mixpanel_message
from mixpanel_pyramid.outbox import Outbox
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_rows import OutboxRow
from mixpanel_pyramid.outbox_shelf import OutboxReader, OutboxShelf
from mixpanel_pyramid.services import service_of
from mixpanel_pyramid.shelves import Dead
from mixpanel_query.local import LocalProject
from mixpanel_schema.json_values import Json
from mixpanel_slack_report.slack.stand_in import SlackStandIn

Run = Callable[..., "subprocess.CompletedProcess[str]"]

PLAN = """
from mixpanel_schema import Event, Events, TrackingPlan

class ShopEvents(Events):
    completed = Event("Order Completed", description="Somebody paid.")
    upgraded = Event("Plan Upgraded", description="Somebody pays more.")

plan = TrackingPlan(events=ShopEvents())
"""
SOURCE = """
from shop.tracking import ShopEvents

def pay(request):
    request.mixpanel.track(ShopEvents.completed)
    request.mixpanel.track(ShopEvents.upgraded)
"""
GAPS = """
[[metric]]
name = "Orders"
kind = "total"
event = "Purchase"

[[metric]]
name = "Open Invoices"
kind = "saved"
report_id = 999
"""
TOKEN = "0123456789abcdef0123456789abcdef"
MAINS = {
    "mixpanel-schema": "mixpanel_schema",
    "mixpanel-query": "mixpanel_query",
    "mixpanel-outbox": "mixpanel_pyramid",
    "mixpanel-slack-report": "mixpanel_slack_report",
}


@pytest.fixture(scope="module")
def shop_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    """A project with the sample, and with something saved of each kind."""
    folder = tmp_path_factory.mktemp("project")
    with LocalProject() as project:
        project.load_sample()
        profile = {
            "$distinct_id": "user-1",
            "$properties": {"$email": "joe@example.com", "Plan": "Pro"},
        }
        happened = {"time": int(time.time()) - 3600, "distinct_id": "user-1"}
        for row in (profile, {"event": "Sign Up", "properties": happened}):
            path = folder / "row.jsonl"
            path.write_text(json.dumps(row), encoding="utf-8")
            project.load(path)
        project.save_funnel(7509, steps=["Sign Up", "Purchase"], name="Signup")
        project.save_report(
            12345, events=["Purchase"], from_date="2026-11-09", to_date="2026-11-15"
        )
        project.save_cohort(1000, name="Buyers", event="Purchase")
        describe(project)
        yield project


def describe(project: LocalProject) -> None:
    """Give a project a tag, five annotations, and two entries in Lexicon."""
    app = f"{project.base_url}/api/app/projects/1"
    post(f"{app}/annotations/tags", {"name": "release"})
    for number in range(1, 6):
        day = f"2026-11-{number:02} 10:00:00"
        post(f"{app}/annotations", {"date": day, "description": "Release"})
    entries = [
        {"entityType": "event", "name": "Sign Up", "schemaJson": {"description": "x"}},
        {"entityType": "profile", "name": "$user", "schemaJson": {"description": "y"}},
    ]
    post(f"{app}/schemas", {"entries": entries, "truncate": False})


def post(url: str, body: object) -> None:
    """Post JSON to a local project, which has to take it."""
    answer = httpx.post(url, json=body, trust_env=False)
    assert answer.is_success, answer.text


@pytest.fixture(scope="module")
def slack() -> Iterator[SlackStandIn]:
    """A stand-in for Slack."""
    with SlackStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def shop(tmp_path: Path, shop_project: LocalProject) -> Path:
    """A folder with a tracking plan, sources, a script, and an outbox with its ini."""
    for name, text in (
        ("shop/__init__.py", ""),
        ("shop/tracking.py", PLAN),
        ("src/views.py", SOURCE),
        ("gaps.toml", GAPS),
        ("users.js", "function main() { return People() }"),
        (
            "production.ini",
            f"[app:main]\nmixpanel.token = {TOKEN}\n"
            f"mixpanel.base_url = {shop_project.base_url}\n"
            "mixpanel.outbox = %(here)s/mixpanel.sqlite\n",
        ),
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    fill(tmp_path / "mixpanel.sqlite", shop_project.base_url)
    return tmp_path


def fill(path: Path, base_url: str) -> None:
    """Make an outbox with 18 messages that were refused, and one that waits."""
    address = service_of(MixpanelDestination(base_url, token=TOKEN)).address
    documents: list[dict[str, Json]] = [
        {"event": "Sign Up", "properties": {"distinct_id": f"user-{number}"}}
        for number in range(19)
    ]
    messages = [mixpanel_message(EVENTS, each, TOKEN) for each in documents]
    outbox = Outbox(OutboxFile(path))
    assert outbox.put([OutboxRow(address, message) for message in messages])
    reader = OutboxReader(OutboxFile(path), address)
    shelf = OutboxShelf(reader, 0)
    shelf.batch(18, 1_000_000)
    shelf.settle([Dead(index, "refused", "time is missing") for index in range(18)])
    reader.close()
    outbox.close()


@pytest.fixture
def environment(shop_project: LocalProject, slack: SlackStandIn) -> dict[str, str]:
    """The variables that say where to ask, and where to post."""
    return {
        **os.environ,
        "MIXPANEL_USERNAME": "local",
        "MIXPANEL_SECRET": "local",
        "MIXPANEL_PROJECT_ID": "1",
        "MIXPANEL_BASE_URL": shop_project.base_url,
        "SLACK_WEBHOOK_URL": slack.webhook_url,
        "COLUMNS": "80",
    }


@pytest.fixture
def run(shop: Path, environment: dict[str, str]) -> Run:
    """Run a program of ours in the folder of the shop, as a process of its own."""

    def run(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            program_of(words),
            cwd=shop,
            env=environment | more,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


def program_of(words: tuple[str, ...]) -> list[str]:
    """Return how a program is started that need not be installed."""
    main = f"from {MAINS[words[0]]}.command import main; main()"
    return [sys.executable, "-Wignore", "-c", main, *words[1:]]
