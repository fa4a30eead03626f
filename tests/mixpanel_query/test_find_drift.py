"""Tests of find_drift and ``mixpanel-query drift``, with a server on a real socket."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from mixpanel_query import Client, RetryPolicy, ServiceAccount, find_drift
from mixpanel_query.command.drift import KINDS
from mixpanel_query.command.program import run
from mixpanel_query.drift import DRIFT_KINDS, cost_of_drift
from mixpanel_query.exceptions import ExportTruncatedError, InvalidQueryError
from mixpanel_schema import Event, Property, TrackingPlan
from mixpanel_schema.catalogues import Catalogue

Make = Callable[..., Any]
Captured = pytest.CaptureFixture[str]
DAYS = ("2026-11-09", "2026-11-15")
PLAN_TEXT = """
from mixpanel_schema import Event, Property, TrackingPlan
from mixpanel_schema.catalogues import Catalogue

class ShopEvents(Catalogue):
    signed_up = Event("Sign Up", properties=(Property("Plan", type=str),))
    paid = Event("Order Paid")

plan = TrackingPlan(events=ShopEvents)
"""


class ShopEvents(Catalogue):
    """Two events."""

    signed_up = Event("Sign Up", properties=(Property("Plan", type=str),))
    paid = Event("Order Paid")


PLAN = TrackingPlan(events=ShopEvents)


@pytest.fixture
def mixpanel(scripted: Make, reply: Make, row: Make) -> Callable[..., Any]:
    """Start a server that has events, their properties, and an export."""

    def start(*, asked: int = 1, last_line: bytes = b"") -> Any:  # noqa: ANN401
        names = reply(json.dumps(["Sign Up", "Sing Up", "$identify"]).encode())
        properties = reply(
            json.dumps({"Plan": {"count": 2}, "Ad": {"count": 1}}).encode()
        )
        export = reply(row(1, Plan="pro") + row(2, Plan=7) + last_line)
        return scripted(names, *[properties] * asked, export)

    return start


def find(server: Any, plan: TrackingPlan = PLAN, **options: Any) -> Any:  # noqa: ANN401
    """Look for drift in what a server has."""
    account = ServiceAccount("u", "s", 1)
    once = RetryPolicy(attempts=1)
    with Client(account, base_url=server.base_url, retry=once) as client:
        return find_drift(client, plan, *DAYS, **options)


def asked_for(server: Any) -> list[str]:  # noqa: ANN401 - conftest's own
    """The paths of every request."""
    return [urlsplit(request.split(" ")[1]).path for request in server.requests]


def test_find_drift(mixpanel: Make) -> None:
    """Names, properties and an export are put together."""
    server = mixpanel()
    drift = find(server)

    assert [str(finding) for finding in drift.findings] == [
        "misspelt event 'Sing Up': nearest is 'Sign Up'",
        "dead event 'Order Paid'",
        "unknown property 'Sign Up' 'Ad'",
        "wrong type 'Sign Up' 'Plan': "
        "declared str, other whole numbers in 1 of 2 events",
    ]
    assert (drift.sampled, drift.calls) == (2, 3)
    assert asked_for(server) == [
        "/api/query/events/names",
        "/api/query/events/properties/top",
        "/api/2.0/export",
    ]


def test_what_is_asked(mixpanel: Make) -> None:
    """Only declared events that arrive are exported, and only so much is asked."""
    server = mixpanel()
    find(server)
    names, properties, export = (
        parse_qs(urlsplit(request.split(" ")[1]).query) for request in server.requests
    )

    assert names["limit"] == ["5000"]
    assert (properties["event"], properties["limit"]) == (["Sign Up"], ["255"])
    assert export["limit"] == ["10000"]
    assert export["event"] == ['["Sign Up"]']
    assert (export["from_date"], export["to_date"]) == (["2026-11-09"], ["2026-11-15"])


def test_budget_is_kept(mixpanel: Make) -> None:
    """Without calls for properties and without a sample, names are all there is."""
    server = mixpanel(asked=0)
    drift = find(server, property_calls=0, limit=0)

    assert asked_for(server) == ["/api/query/events/names"]
    assert drift.calls == 1
    assert drift.unseen == (
        "events that nobody did in the last 31 days look dead",
        "properties of 1 event were looked for in the sample only",
        "types of values, and how often properties are missing",
    )


def test_sample_that_is_cut(mixpanel: Make) -> None:
    """A sample ends at its limit, and says so."""
    drift = find(mixpanel(), limit=2)

    assert drift.sampled == 2
    assert drift.unseen[-1] == (
        "the sample is cut after 2 events, which are not random"
    )


def test_sample_that_is_not_whole(mixpanel: Make) -> None:
    """An export that Mixpanel cuts short is an error, not a smaller sample."""
    server = mixpanel(last_line=b"export terminated early\n")

    with pytest.raises(ExportTruncatedError):
        find(server)


@pytest.mark.parametrize(
    "options", [{"limit": -1}, {"limit": 100_001}, {"property_calls": -1}]
)
def test_numbers_that_cannot_be_right(options: dict[str, int]) -> None:
    """Numbers that Mixpanel does not take are refused before anything is sent."""
    with pytest.raises(InvalidQueryError, match=r"is out of range|is negative"):
        cost_of_drift(PLAN, **options)


def test_cost() -> None:
    """The cost is known without asking."""
    cost = cost_of_drift(PLAN, property_calls=1, limit=0)

    assert (cost.queries, cost.exports) == (2, 0)


def test_kinds_of_the_command() -> None:
    """Every kind of finding can fail a build."""
    assert tuple(kind.replace("-", " ") for kind in KINDS) == DRIFT_KINDS


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A tracking plan in the current folder, and an account in the environment."""
    (tmp_path / "drifting_shop.py").write_text(PLAN_TEXT)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "drifting_shop", raising=False)
    for name in os.environ:
        if name.startswith("MIXPANEL_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("MIXPANEL_USERNAME", "u")
    monkeypatch.setenv("MIXPANEL_SECRET", "s")
    monkeypatch.setenv("MIXPANEL_PROJECT_ID", "1")
    return "drifting_shop:plan"


@pytest.mark.parametrize(
    ("fail_on", "code"),
    [([], 0), (["unknown-event"], 0), (["dead-event", "wrong-type"], 3), (["any"], 3)],
)
def test_command(
    mixpanel: Make, plan: str, capsys: Captured, fail_on: list[str], code: int
) -> None:
    """Findings are rows; whether they fail a build, the command is told."""
    server = mixpanel()
    options = [part for kind in fail_on for part in ("--fail-on", kind)]
    typed = ["--base-url", server.base_url, "drift", plan, *options, "--format", "csv"]

    assert run(typed) == code
    printed = capsys.readouterr()
    assert printed.out == (
        "kind,event,property,nearest,detail\n"
        "misspelt event,Sing Up,,Sign Up,\n"
        "dead event,Order Paid,,,\n"
        "unknown property,Sign Up,Ad,,\n"
        "wrong type,Sign Up,Plan,,"
        '"declared str, other whole numbers in 1 of 2 events"\n'
    )
    assert printed.err.splitlines() == [
        "4 findings; 2 events in the sample, 3 requests",
        "Not seen: events that nobody did in the last 31 days look dead",
    ]


def test_file_of_a_build_that_fails(mixpanel: Make, plan: str, tmp_path: Path) -> None:
    """What was found is in the file, though it makes the exit code 3."""
    server = mixpanel()
    file = tmp_path / "drift.jsonl"
    typed = ["drift", plan, "--fail-on", "any", "-o", str(file)]

    assert run(["--base-url", server.base_url, *typed]) == 3
    first = json.loads(file.read_text().splitlines()[0])
    assert (first["kind"], first["event"]) == ("misspelt event", "Sing Up")


def test_dry_run(plan: str, capsys: Captured) -> None:
    """A dry run needs no server, and says what the comparison would cost."""
    assert run(["--base-url", "http://127.0.0.1:1", "drift", plan, "--dry-run"]) == 0
    assert capsys.readouterr().err == (
        "at most 3 of the 60 queries an hour, and 1 of the 60 exports; "
        "nothing was sent\n"
    )
