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
from mixpanel_slack_report.periods import Window, windows_due
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
    """The report, the known counts and a plain loop agree in both timezones."""
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


KINDS = ReportFile(
    metrics=(
        Metric("Active", (), "active"),
        Metric("Either", ("checkout", "sign up"), "active"),
        Metric("Large", ("checkout",), "total", where='properties["amount"] > 100'),
        Metric("Buyers", ("checkout",), "unique", where='properties["amount"] > 100'),
        Metric("Revenue", ("checkout",), "sum", property="amount"),
        Metric("Basket", ("checkout",), "per_event", property="amount"),
        Metric("Rate", ("checkout",), "ratio", over="Active"),
    ),
    max_calls=9,
)


def counted_kinds(path: Path, timezone: str, window: Window) -> list[float]:
    """Count every kind of metric with a plain loop over the file."""
    rows = {}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            its = row["properties"]
            moment = datetime.fromtimestamp(its["time"], ZoneInfo(timezone)).date()
            if window.from_date <= moment <= window.to_date:
                key = (row["event"], its["distinct_id"], its["time"], its["$insert_id"])
                rows[key] = its.get("amount", 0)
    users = {user for _, user, *_ in rows}
    either = {user for name, user, *_ in rows if name in ("checkout", "sign up")}
    amounts = [(row[1], n) for row, n in rows.items() if row[0] == "checkout"]
    revenue = sum(amount for _, amount in amounts)
    return [
        len(users),
        len(either),
        sum(amount > 100 for _, amount in amounts),
        len({user for user, amount in amounts if amount > 100}),
        revenue,
        revenue / len(amounts),
        len(amounts) / len(users),
    ]


@pytest.mark.parametrize("timezone", ["UTC", "America/Los_Angeles", "Asia/Kathmandu"])
@pytest.mark.parametrize("period", ["daily", "weekly", "biweekly", "monthly"])
def test_every_kind_of_shop_events(
    shop_events: Path, clock: Callable[[], datetime], timezone: str, period: str
) -> None:
    """The report and a plain loop agree, also across the end of summer time."""
    from mixpanel_query import Client, ServiceAccount
    from mixpanel_query.local import LocalProject

    windows = windows_due(period, date(2026, 11, 16))
    with LocalProject(timezone=timezone) as project:
        project.load(shop_events)
        with Client(ServiceAccount("a", "b", 1), base_url=project.base_url) as client:
            report = collect_report(
                client, windows, clock=clock, report_file=KINDS, timezone=timezone
            )

    assert [value.value for value in report.metrics] == pytest.approx(
        counted_kinds(shop_events, timezone, windows.current)
    )
    assert [value.previous for value in report.metrics] == pytest.approx(
        counted_kinds(shop_events, timezone, windows.compared)
    )
