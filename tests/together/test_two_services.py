"""One app that sends to Mixpanel and to Customer.io, and one local project for both."""

from collections.abc import Iterator
from datetime import date, datetime, timezone
from types import ModuleType

import httpx
import pytest
from pyramid.router import Router

from mixpanel_pyramid import delivery_stats, flush
from mixpanel_query import Client, ServiceAccount
from mixpanel_query.local import LocalProject

ACCOUNT = ServiceAccount("reporter", "s3cret-of-the-account", 4711)
TOKEN = "token-of-the-project"
SITE = ("site-of-the-workspace", "key-of-the-workspace")


@pytest.fixture(params=["http", "https"])
def both(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LocalProject]:
    """Run a project that checks who sends to either service."""
    secured = request.param == "https"
    with LocalProject(
        credentials=ACCOUNT, token=TOKEN, customerio_credentials=SITE, tls=secured
    ) as project:
        if secured:
            monkeypatch.setenv("SSL_CERT_FILE", str(project.ca_file))
        yield project


@pytest.fixture
def app(shop: ModuleType, both: LocalProject) -> Router:
    """Make the example app, which is only told two addresses and who it is."""
    made: Router = shop.main(
        {},
        **{
            "mixpanel.token": TOKEN,
            "mixpanel.base_url": both.base_url,
            "customerio.tracking.site_id": SITE[0],
            "customerio.tracking.api_key": SITE[1],
            "customerio.tracking.region": "eu",
            "customerio.tracking.base_url": both.base_url,
        },
    )
    return made


def test_both_services_hear_the_same(
    address: str, app: Router, both: LocalProject, today: date
) -> None:
    """Of events and profiles alike; and of a request that failed neither does."""
    with httpx.Client(base_url=address, trust_env=False) as visitor:
        visitor.get("/")
        visitor.post("/sign-up")
        assert visitor.post("/order").status_code == 200
        assert visitor.post("/broken").status_code == 500
        who = visitor.cookies["visitor"]
    assert flush(app.registry, timeout=10.0)
    with Client(ACCOUNT, base_url=both.base_url) as client:
        rows = list(client.export(today, both.clock().date()))
        [profile] = client.profiles()

    names = ["Page Viewed", "User Signed Up", "Order Completed"]
    assert sorted(row.event for row in rows) == sorted(names)
    assert {row.distinct_id for row in rows} == {who}
    events = both.customer_events
    assert sorted(each.name for each in events) == sorted(names)
    assert {each.customer for each in events} == {who}
    seconds = {row.event: int(row.time.timestamp()) for row in rows}
    assert {each.name: each.time.timestamp() for each in events} == seconds
    assert profile.distinct_id == who
    created = both.customers[who]["created_at"]
    assert profile.properties["$created"].startswith(iso_date(created))
    # Three events and a profile, to each of the two.
    assert delivery_stats(app.registry).sent == 8


def test_item_that_comes_again_counts_once(
    address: str, app: Router, both: LocalProject
) -> None:
    """A batch whose answer was lost is sent again, and known by its ids."""
    both.faults.add(path="/api/v2/batch", cut_after_rows=0, times=1)
    with httpx.Client(base_url=address, trust_env=False) as visitor:
        assert visitor.post("/order").status_code == 200
    assert flush(app.registry, timeout=30.0)
    asked = [each for each in both.requests if each.path == "/api/v2/batch"]

    assert len(asked) == 2
    assert [each.name for each in both.customer_events] == ["Order Completed"]


def iso_date(seconds: int) -> str:
    """Return the day in UTC of a time in epoch seconds."""
    return datetime.fromtimestamp(seconds, timezone.utc).date().isoformat()
