"""The numbers of a large file, counted independently."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from mixpanel_slack_report.metrics import Metric
from mixpanel_slack_report.periods import windows_due
from mixpanel_slack_report.report import collect_report
from mixpanel_slack_report.report_file import ReportFile

FILE = ReportFile(
    metrics=(
        Metric("Checkouts", ("checkout",), "total"),
        Metric("Buyers", ("checkout",), "unique"),
        Metric("Signups", ("sign up",), "total"),
        Metric("New users", ("sign up",), "unique"),
    )
)


@pytest.fixture(scope="module")
def shop_events() -> Path:
    """The file that SHOP_EVENTS names."""
    named = os.environ.get("SHOP_EVENTS")
    if not named:
        pytest.skip("SHOP_EVENTS does not name the file of shop events")
    path = Path(named)
    assert path.is_file(), f"SHOP_EVENTS names {named}, which is not there"
    return path


def counted(path: Path, event: str, timezone: str, first: str, last: str) -> list[int]:
    """Count an event and its users with a plain loop over the file."""
    copies, users = set(), set()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            properties = row["properties"]
            moment = datetime.fromtimestamp(properties["time"], ZoneInfo(timezone))
            if row["event"] == event and first <= moment.date().isoformat() <= last:
                user = properties["distinct_id"]
                users.add(user)
                copies.add((user, properties["time"], properties["$insert_id"]))
    return [len(copies), len(users)]


@pytest.mark.parametrize(
    ("timezone", "checkouts"),
    [
        ("UTC", [(253, 157), (154, 104)]),
        ("America/Los_Angeles", [(250, 163), (153, 106)]),
    ],
)
def test_a_week_of_shop_events(
    shop_events: Path,
    clock: Callable[[], datetime],
    timezone: str,
    checkouts: list[tuple[int, int]],
) -> None:
    """The report, the issue and a plain loop agree in both timezones."""
    from mixpanel_query import Client, ServiceAccount
    from mixpanel_query.local import LocalProject

    with LocalProject(timezone=timezone) as project:
        project.load(shop_events)
        with Client(ServiceAccount("a", "b", 1), base_url=project.base_url) as client:
            report = collect_report(
                client,
                windows_due("weekly", date(2026, 11, 16)),
                clock=clock,
                report_file=FILE,
                timezone=timezone,
            )

    shown = [(value.value, value.previous) for value in report.metrics]
    week = counted(shop_events, "sign up", timezone, "2026-11-09", "2026-11-15")
    before = counted(shop_events, "sign up", timezone, "2026-11-02", "2026-11-08")
    assert shown == [*checkouts, *zip(week, before, strict=True)]
