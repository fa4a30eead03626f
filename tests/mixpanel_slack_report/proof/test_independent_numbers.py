"""What is posted about a large file is what plain loops over that file count."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from tests.mixpanel_slack_report.slack.test_published_types import literal

from mixpanel_slack_report.runs.days import DaysAsked
from mixpanel_slack_report.runs.scheduled import send_scheduled
from mixpanel_slack_report.slack.stand_in import SlackStandIn

from .plain_counts import Event, Span, active, count, events_of, plain_windows, revenue

pytest.importorskip("duckdb", reason="needs the extra demo")

NOW = datetime(2026, 11, 26, 12, tzinfo=timezone.utc)
TIMEZONES = ("UTC", "America/Los_Angeles", "Asia/Kolkata")
# How days are asked for, the days reported, and those they are compared with.
REPORTS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "daily": (("2026-11-17",), "2026-11-16 2026-11-16", "11-09 11-09"),
    "weekly": (("2026-11-16",), "2026-11-09 2026-11-15", "11-02 11-08"),
    "biweekly": (("2026-11-09",), "2026-10-26 2026-11-08", "10-12 10-25"),
    "monthly": (("2026-11-01",), "2026-10-01 2026-10-31", "09-01 09-30"),
    "custom": (
        ("", "2026-11-03", "2026-11-12"),
        "2026-11-03 2026-11-12",
        "10-24 11-02",
    ),
}
REPORT = """
max_calls = 20
metric = [
  {name = "Checkouts", event = "checkout", kind = "total"},
  {name = "Buyers", event = ["Purchase", "checkout"], kind = "unique"},
  {name = "Active users", kind = "active"},
  {name = "Savers or buyers", event = ["save item", "checkout"], kind = "active"},
  {name = "Carts", event = "add to cart", kind = "total"},
  {name = "Conversion", event = "checkout", kind = "ratio", over = "Carts"},
  {name = "Revenue", event = "checkout", kind = "sum", property = "amount"},
  {name = "Basket", event = "checkout", kind = "per_event", property = "amount"},
  {name="Basic", event="sign up", kind="total", where='properties["plan"]=="basic"'},
  {name="Far", event="checkout", kind="unique", where='properties["currency"]!="USD"'},
]
"""
# Events that began and that ended with the week from 2026-11-09, by days of November.
EXTRA = {"Coupon Used": range(9, 16), "Old Button": range(-60, 9)}


def is_basic(properties: Mapping[str, Any]) -> bool:
    """Whether somebody chose the basic plan."""
    return bool(properties["plan"] == "basic")


def is_far(properties: Mapping[str, Any]) -> bool:
    """Whether somebody did not pay in dollars."""
    return bool(properties["currency"] != "USD")


def divided(one: float, other: float) -> float | None:
    """Divide, unless by nothing."""
    return one / other if other else None


COUNTED: dict[str, Callable[[list[Event], Span], float | None]] = {
    "Checkouts": lambda events, span: count(events, span, "checkout"),
    "Buyers": lambda events, span: active(events, span, ["checkout"]),
    "Active users": active,
    "Savers or buyers": lambda e, s: active(e, s, ["save item", "checkout"]),
    "Carts": lambda events, span: count(events, span, "add to cart"),
    "Conversion": lambda e, s: divided(
        count(e, s, "checkout"), count(e, s, "add to cart")
    ),
    "Revenue": revenue,
    "Basket": lambda e, s: divided(revenue(e, s), count(e, s, "checkout")),
    "Basic": lambda events, span: count(events, span, "sign up", is_basic),
    "Far": lambda events, span: active(events, span, ["checkout"], is_far),
}


@dataclass(frozen=True)
class Shop:
    """A local project with the shop's events, and the same events to loop over."""

    url: str
    events: list[Event]


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Shop]]:
    """Gives the shop by the clock of a timezone; each is loaded once."""
    from mixpanel_query.local import LocalProject

    named = os.environ.get("SHOP_EVENTS")
    if not named:
        pytest.skip("SHOP_EVENTS does not name the file of shop events")
    extra = tmp_path_factory.mktemp("data") / "extra.jsonl"
    extra.write_text("\n".join(map(json.dumps, extra_rows())))
    opened: dict[str, Shop] = {}
    with ExitStack() as stack:

        def shop(zone: str) -> Shop:
            if zone not in opened:
                project = stack.enter_context(
                    LocalProject(timezone=zone, clock=lambda: NOW)
                )
                events = []
                for path in (Path(named), extra):
                    project.load(path)
                    events += events_of(path, zone)
                opened[zone] = Shop(project.base_url, events)
            return opened[zone]

        yield shop


def extra_rows() -> Iterator[dict[str, object]]:
    """Yield events at noon by the clock of Greenwich, which is no day's edge."""
    for name, days in EXTRA.items():
        for day in days:
            # 2026-11-01 12:00 UTC and so many days.
            moment = 1793534400 + (day - 1) * 86_400
            user = f"user-{day % 3}"
            properties = {"time": moment, "distinct_id": user, "$insert_id": f"{day}"}
            yield {"event": name, "properties": properties}


Posted = Callable[[str, str], "Message"]


@dataclass(frozen=True)
class Message:
    """A message as it was posted, and what it is about."""

    period: str
    events: list[Event]
    payload: dict[str, Any]

    @property
    def spans(self) -> list[Span]:
        """The days compared with, and those reported."""
        _, current, compared = REPORTS[self.period]
        days = [*(f"2026-{day}" for day in compared.split()), *current.split()]
        one, two, three, four = map(date.fromisoformat, days)
        return [(one, two), (three, four)]

    def rows(self, caption: str) -> dict[str, tuple[float, str]]:
        """Return number and change of each row of a table."""
        (table,) = [b for b in self.payload["blocks"] if b.get("caption") == caption]
        return {
            name["text"]: (number["value"], change["text"])
            for name, number, change in table["rows"][1:]
            if "value" in number
        }

    def lines(self) -> dict[str, list[float]]:
        """Return the points of each line of the charts."""
        charts = [
            b for b in self.payload["blocks"] if b["type"] == "data_visualization"
        ]
        return {
            line["name"]: [point["value"] for point in line["data"]]
            for chart in charts
            for line in chart["chart"]["series"]
        }


@pytest.fixture
def posted(shops: Callable[[str], Shop], tmp_path: Path) -> Posted:
    """Sends a report of the shop, and gives the message that arrived in Slack."""
    (tmp_path / "report.toml").write_text(REPORT)

    def send(period: str, zone: str) -> Message:
        shop = shops(zone)
        with SlackStandIn() as slack:
            settings = {
                "MIXPANEL_USERNAME": "reports",
                "MIXPANEL_SECRET": "right-s3cret",
                "MIXPANEL_PROJECT_ID": "1",
                "MIXPANEL_BASE_URL": shop.url,
                "SLACK_WEBHOOK_URL": slack.webhook_url,
                "TIMEZONE": zone,
                "REPORT_FILE": str(tmp_path / "report.toml"),
                "REPORT_LEDGER": str(tmp_path / "ledger.sqlite"),
            }
            given = [(day and date.fromisoformat(day)) or None for day in asked(period)]
            outcome = send_scheduled(
                DaysAsked(period, *given), settings, clock=lambda: NOW
            )
        assert (outcome.exit_code, outcome.errors) == (0, ())
        (payload,) = slack.messages
        return Message(period, shop.events, payload)

    return send


def asked(period: str) -> tuple[str, str, str]:
    """Return the day due, the first and the last day; empty if not given."""
    due, *ends = REPORTS[period][0]
    first, last = ends or ("", "")
    return due, first, last


def change_in_words(now: float, before: float) -> str:
    """Say how a whole number changed."""
    if now == before:
        return "no change"
    way = "up" if now > before else "down"
    return f"{way} {abs(now - before):,} from {before:,}"


every_report = pytest.mark.parametrize("period", REPORTS)
every_timezone = pytest.mark.parametrize("zone", TIMEZONES)


@every_timezone
@every_report
def test_key_metrics(posted: Posted, period: str, zone: str) -> None:
    """Totals, users, ratios, sums, averages and filters, each with its change."""
    message = posted(period, zone)

    before, now = message.spans
    shown = message.rows("Key Metrics")
    assert set(shown) == set(COUNTED)
    for name, loop in COUNTED.items():
        number, earlier = loop(message.events, now), loop(message.events, before)
        assert shown[name][0] == pytest.approx(number, rel=1e-12), name
        if isinstance(number, int) and isinstance(earlier, int):
            words = change_in_words(number, earlier)
            assert shown[name][1].startswith(words), name


@every_timezone
@every_report
def test_top_events(posted: Posted, period: str, zone: str) -> None:
    """The five most frequent of all events, the most frequent first."""
    message = posted(period, zone)

    before, now = message.spans
    names = {event.name for event in message.events}
    counts = {name: count(message.events, now, name) for name in names}
    best = sorted(counts, key=lambda name: (-counts[name], name))[:5]
    shown = message.rows("Top Events")
    assert list(shown) == best
    for name in best:
        words = change_in_words(counts[name], count(message.events, before, name))
        assert shown[name][0] == counts[name]
        assert shown[name][1].startswith(words)


@every_timezone
@pytest.mark.parametrize("period", ["daily", "weekly", "biweekly", "monthly"])
def test_trends(posted: Posted, period: str, zone: str) -> None:
    """Each line of the charts is what happened in eight windows."""
    message = posted(period, zone)

    spans = plain_windows(*message.spans[1], period)
    lines = message.lines()
    assert len(lines) >= 4
    for name, drawn in lines.items():
        loops = [COUNTED[name](message.events, span) for span in spans]
        scale = 100 if name == "Conversion" else 1
        known = [
            number * scale for number in loops[-len(drawn) :] if number is not None
        ]
        assert drawn == pytest.approx(known, abs=0.006), name


@every_timezone
def test_events_that_are_new_and_that_stopped(posted: Posted, zone: str) -> None:
    """One began with the week, and one ended before it."""
    text = posted("weekly", zone).payload["text"]

    told = [line for line in text.splitlines() if " event: " in line][5:]
    assert told[:2] == [
        "New event: Coupon Used — 7",
        "Stopped event: Old Button — 0, before 7",
    ]


@every_report
def test_what_is_posted_is_what_slack_publishes(
    posted: Posted, period: str, compile_lines: Callable[[str], str]
) -> None:
    """Slack's own types take it; charts, which they do not know yet, are left out."""
    blocks = [
        block
        for block in posted(period, "UTC").payload["blocks"]
        if block["type"] != "data_visualization"
    ]

    assert compile_lines(literal(0, blocks)) == ""
