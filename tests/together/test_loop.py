"""The loop: tracked over HTTP, delivered, asked back, reported, posted, and agreed."""

import random
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from pyramid.router import Router

from mixpanel_pyramid import delivery_stats, flush
from mixpanel_query import Client
from mixpanel_slack_report.periods import custom_windows
from mixpanel_slack_report.report import collect_report
from mixpanel_slack_report.report_file import read_report_file
from mixpanel_slack_report.slack.blocks import build_message
from mixpanel_slack_report.slack.stand_in import SlackStandIn
from mixpanel_slack_report.slack.webhook import post_message

VISITORS = 7
REPORT_FILE = """
[[metric]]
name = "Pages"
event = "Page Viewed"
kind = "total"

[[metric]]
name = "Visitors"
event = "Page Viewed"
kind = "unique"

[[metric]]
name = "Orders"
event = ["Purchase", "Order Completed"]
kind = "total"

[[metric]]
name = "Buyers"
event = "Order Completed"
kind = "unique"
"""


def visit(address: str) -> tuple[Counter[str], Counter[str]]:
    """Let visitors use the shop; count what succeeded, and by how many visitors."""
    chance = random.Random(20261122)  # noqa: S311  # made-up visitors
    times: Counter[str] = Counter()
    people: dict[str, set[int]] = {"Page Viewed": set(), "Order Completed": set()}
    for visitor in range(VISITORS):
        with httpx.Client(base_url=address, trust_env=False) as browser:
            for _ in range(chance.randint(1, 4)):
                assert browser.get("/").status_code == 200
                times["Page Viewed"] += 1
                people["Page Viewed"].add(visitor)
            if visitor < 2:
                continue  # they look only; the others also order, partly in vain
            account = {"email": f"visitor-{visitor}@example.com"}
            assert browser.post("/sign-up", data=account).status_code == 303
            times["User Signed Up"] += 1
            for _ in range(chance.randint(1, 3)):
                assert browser.post("/order").status_code == 303
                times.update(["Checkout Started", "Order Completed"])
                people["Order Completed"].add(visitor)
                assert browser.post("/broken").status_code == 500
    return times, Counter({name: len(found) for name, found in people.items()})


@pytest.fixture
def used(address: str, app: Router) -> tuple[Counter[str], Counter[str]]:
    """Use the shop, and wait until what it tracked is delivered."""
    counted = visit(address)
    assert flush(app.registry, timeout=10.0)
    return counted


def test_slack_shows_what_was_tracked(
    used: tuple[Counter[str], Counter[str]],
    client: Client,
    slack: SlackStandIn,
    later: datetime,
    tmp_path: Path,
) -> None:
    """The numbers posted to Slack are those counted while the shop was used."""
    times, people = used
    path = tmp_path / "report.toml"
    path.write_text(REPORT_FILE)
    today = later.date() - timedelta(days=2)
    report = collect_report(
        client,
        custom_windows(today, today + timedelta(days=1)),
        clock=lambda: later,
        report_file=read_report_file(path),
    )
    post_message(build_message(report), slack.webhook_url)
    [message] = slack.messages
    lines = message["text"].splitlines()

    assert [line.split(",")[0] for line in lines[1:5]] == [
        f"Pages: {times['Page Viewed']}",
        f"Visitors: {people['Page Viewed']}",
        f"Orders: {times['Order Completed']}",
        f"Buyers: {people['Order Completed']}",
    ]
    assert people["Page Viewed"] == VISITORS
    assert people["Order Completed"] == VISITORS - 2


def test_what_failed_was_never_sent(
    used: tuple[Counter[str], Counter[str]], client: Client, today: date
) -> None:
    """A request that failed after tracking leaves nothing in the project."""
    times, _ = used
    exported = client.export(today, today + timedelta(days=1))
    arrived = Counter(event.event for event in exported)

    assert arrived == times


def test_every_event_arrives_once(
    used: tuple[Counter[str], Counter[str]], client: Client, app: Router, today: date
) -> None:
    """Insert ids are unique, and the statistics count what was sent."""
    times, _ = used
    exported = list(client.export(today, today + timedelta(days=1)))

    assert len({event.insert_id for event in exported}) == len(exported)
    assert delivery_stats(app.registry).dropped == {}
    assert len(exported) == times.total()
