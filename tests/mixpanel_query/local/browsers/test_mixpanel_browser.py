"""Mixpanel's own library for browsers, in a page of another origin."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx
import pytest

from mixpanel_query.local import LocalProject

if TYPE_CHECKING:
    from playwright.sync_api import Page

Start: TypeAlias = Callable[..., "Page"]
Rows: TypeAlias = list[dict[str, Any]]

# What the library does by default, but sooner.
SOON = {"batch_flush_interval_ms": 200}


@pytest.fixture
def start(
    live_project: LocalProject,
    pages: dict[str, bytes],
    library: bytes,
    visitor: Page,
) -> Start:
    """Give the function that opens a page, and lets it start the library."""
    pages["/mixpanel.js"] = library
    pages["/shop"] = (
        b"<!doctype html><title>Shop</title><body>"
        b"<a id=cart href=/cart>Cart</a><script src=/mixpanel.js></script>"
    )

    def open_shop(**config: object) -> Page:
        visitor.goto(pages[""].decode() + "/shop")
        given = {"api_host": live_project.base_url, **SOON, **config}
        visitor.evaluate("config => { mixpanel.init('t', config) }", given)
        return visitor

    return open_shop


@pytest.fixture
def asking_http(live_project: LocalProject) -> Iterator[httpx.Client]:
    """Give an HTTP client of the project."""
    with httpx.Client(base_url=live_project.base_url, trust_env=False) as client:
        yield client


@pytest.fixture
def arrived(
    live_project: LocalProject, asking_http: httpx.Client
) -> Callable[..., Rows]:
    """Give the function that waits for events of some names, and returns all."""

    def export() -> Rows:
        today = live_project.clock().date()
        window = {"from_date": str(today - timedelta(days=1)), "to_date": str(today)}
        text = asking_http.get("/api/2.0/export", params=window).text
        return [json.loads(line) for line in text.split("\n") if line]

    def wait(*names: str) -> Rows:
        rows: Rows = []
        for _ in range(150):
            rows = export()
            if set(names) <= {row["event"] for row in rows}:
                return rows
            time.sleep(0.1)
        raise AssertionError(f"no {names} among {[row['event'] for row in rows]}")

    return wait


def named(rows: Rows, name: str) -> dict[str, Any]:
    """Return the properties of the one event of a name."""
    [properties] = [row["properties"] for row in rows if row["event"] == name]
    return dict(properties)


def profile_of(http: httpx.Client, user: str, *names: str) -> dict[str, Any]:
    """Wait for a profile that has some properties, and return all of them."""
    found: dict[str, Any] = {}
    for _ in range(150):
        answer = http.post("/api/query/engage", data={"distinct_id": user}).json()
        for profile in answer["results"]:
            found = profile["$properties"]
        if found and set(names) <= set(found):
            return found
        time.sleep(0.1)
    raise AssertionError(f"no profile of {user} with {names}, but {found}")


VISIT = """() => {
    mixpanel.track("Page opened", {n: 1, text: "č東😀 +/=&%"});
    mixpanel.register({plan: "pro"});
    mixpanel.track("Cart filled", {items: ["a", {b: 2.5}]});
    mixpanel.identify("u-1");
    mixpanel.people.set({$email: "ann@shop.example", city: "Zürich"});
    mixpanel.people.set_once({first: "today"});
    mixpanel.people.increment("visits", 2);
    mixpanel.people.append("seen", "cart");
    mixpanel.set_group("company", "acme");
    mixpanel.get_group("company", "acme").set({name: "ACME"});
    mixpanel.track("Signed in");
    mixpanel.reset();
    mixpanel.track("Left");
}"""


def test_a_whole_visit(
    start: Start,
    arrived: Callable[..., Rows],
    asking_http: httpx.Client,
    complaints: list[str],
) -> None:
    """Events, super properties, profile and group arrive, in batches."""
    start().evaluate(VISIT)
    rows = arrived("Page opened", "Cart filled", "Signed in", "Left")

    opened, filled = named(rows, "Page opened"), named(rows, "Cart filled")
    assert (opened["n"], opened["text"]) == (1, "č東😀 +/=&%")
    assert "plan" not in opened
    assert (filled["plan"], filled["items"]) == ("pro", ["a", {"b": 2.5}])
    assert named(rows, "Signed in")["company"] == ["acme"]
    assert named(rows, "Signed in")["$user_id"] == "u-1"
    assert "plan" not in named(rows, "Left")
    assert named(rows, "Left")["$device_id"] != opened["$device_id"]
    profile = profile_of(asking_http, "u-1", "$email", "first", "visits", "seen")
    assert profile["$email"] == "ann@shop.example"
    assert (profile["city"], profile["first"]) == ("Zürich", "today")
    assert (profile["visits"], profile["seen"]) == (2, ["cart"])
    # From before she signed in, and merged since.
    assert opened["distinct_id"] == named(rows, "Signed in")["distinct_id"] == "u-1"
    assert opened["$distinct_id_before_identity"] == f"$device:{opened['$device_id']}"
    assert complaints == []


@pytest.mark.parametrize(
    "config",
    [
        {"batch_requests": False},
        {"batch_requests": False, "verbose": True},
        {"api_payload_format": "json"},
        {"api_transport": "sendBeacon", "batch_requests": False},
        {"ip": False, "persistence": "localStorage"},
        {"api_method": "GET", "batch_requests": False},
        {"api_method": "GET", "batch_requests": False, "img": True},
    ],
    ids=["one by one", "verbose", "json", "beacon", "no address", "URL", "image"],
)
def test_other_ways_to_send(
    start: Start,
    arrived: Callable[..., Rows],
    asking_http: httpx.Client,
    complaints: list[str],
    config: dict[str, object],
) -> None:
    """What can be set up changes how it is sent, not what arrives."""
    start(**config).evaluate(
        """() => {
            mixpanel.identify("u-1");
            mixpanel.track("Bought", {what: "tea & milk"});
            mixpanel.people.set({city: "Zürich"});
        }"""
    )

    assert named(arrived("Bought"), "Bought")["what"] == "tea & milk"
    assert profile_of(asking_http, "u-1", "city")["city"] == "Zürich"
    assert complaints == []


def test_a_visitor_who_signs_in_is_one_person(
    start: Start,
    live_project: LocalProject,
    arrived: Callable[..., Rows],
    asking_http: httpx.Client,
    complaints: list[str],
) -> None:
    """Before and after signing in, and on a second device, it is the same user."""
    page = start(batch_requests=False)
    page.evaluate("() => { mixpanel.track('Came') }")
    arrived("Came")
    page.evaluate("() => { mixpanel.identify('u-1'); mixpanel.track('Bought') }")
    page.evaluate("() => { mixpanel.reset(); mixpanel.track('Came') }")
    page.evaluate("() => { mixpanel.identify('u-1'); mixpanel.track('Left') }")
    arrived("Came", "Bought", "Left")
    # Two days, as one bucket, so that it may be midnight meanwhile.
    today = live_project.clock().date()
    days = {"from_date": str(today - timedelta(days=1)), "to_date": str(today)}
    asked = {**days, "type": "unique", "event": "Came", "interval": "2"}
    counted = asking_http.get("/api/query/segmentation", params=asked).json()
    people = {**days, "distinct_ids": '["u-1"]'}
    did = asking_http.get("/api/query/stream/query", params=people).json()

    assert counted["data"]["values"]["Came"] == {days["from_date"]: 1}
    names = [row["event"] for row in did["results"]["events"]]
    assert sorted(set(names) - {"$identify"}) == ["Bought", "Came", "Left"]
    assert names.count("Came") == 2
    assert complaints == []


def test_an_alias_does_no_harm(
    start: Start, arrived: Callable[..., Rows], complaints: list[str]
) -> None:
    """The library sends it, and goes on under the new name, as it always did."""
    page = start()
    page.evaluate("() => { mixpanel.alias('ann'); mixpanel.track('Signed up') }")

    assert named(arrived("Signed up"), "Signed up")["mp_lib"] == "web"
    assert complaints == []


def test_what_waits_when_a_page_is_left_is_sent(
    start: Start, arrived: Callable[..., Rows], complaints: list[str]
) -> None:
    """The library hands it to the browser, which sends it for a page that is gone."""
    page = start(batch_flush_interval_ms=600_000)
    page.wait_for_timeout(300)
    page.evaluate("() => { mixpanel.track('Left in a hurry') }")
    page.goto("about:blank")

    assert named(arrived("Left in a hurry"), "Left in a hurry")["mp_lib"] == "web"
    assert complaints == []


def test_a_link_is_tracked_before_it_is_followed(
    start: Start, arrived: Callable[..., Rows], complaints: list[str]
) -> None:
    """The event is there, and so is the next page."""
    page = start()
    page.evaluate("() => { mixpanel.track_links('#cart', 'Link clicked') }")
    page.click("#cart")
    page.wait_for_url("**/cart")

    assert named(arrived("Link clicked"), "Link clicked")["url"].endswith("/cart")
    assert complaints == []


def test_a_failure_is_asked_again(
    start: Start, live_project: LocalProject, arrived: Callable[..., Rows]
) -> None:
    """A page reads the status of a failure, and sends the batch once more."""
    live_project.faults.add(path="/track", status=503, times=1)
    start().evaluate("() => { mixpanel.track('At last') }")

    assert named(arrived("At last"), "At last")["mp_lib"] == "web"
    statuses = [each.status for each in live_project.requests if each.path == "/track"]
    assert statuses[:2] == [503, 200]


def test_flags_are_none(start: Start, complaints: list[str]) -> None:
    """A page that has them switched on gets its own fallback, without an error."""
    page = start(flags=True)
    value = page.evaluate("() => mixpanel.flags.get_variant_value('beta', 'fallback')")

    assert value == "fallback"
    assert complaints == []
