"""One app that sends to Mixpanel and to Customer.io, and one local project for both."""

from collections.abc import Iterator
from datetime import date, datetime, timezone
from pathlib import Path

import httpx
import pytest
import shop
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
def app(both: LocalProject, tmp_path: Path) -> Iterator[Router]:
    """Make the example app, which is only told two addresses and who it is."""
    settings = {
        "mixpanel.token": TOKEN,
        "mixpanel.base_url": both.base_url,
        "customerio.tracking.site_id": SITE[0],
        "customerio.tracking.api_key": SITE[1],
        "customerio.tracking.region": "eu",
        "customerio.tracking.base_url": both.base_url,
        "sqlalchemy.url": f"sqlite:///{tmp_path}/shop.sqlite",
        "shop.secret": "s3cret-of-the-cookies",
    }
    app = shop.main({}, **settings)
    yield app
    app.registry["dbsession_factory"].kw["bind"].dispose()


def sign_up(visitor: httpx.Client) -> None:
    """Make the account that an order needs."""
    answer = visitor.post("/sign-up", data={"email": "ann@shop.example"})
    assert answer.status_code == 303


def test_both_services_hear_the_same(
    address: str, app: Router, both: LocalProject, today: date
) -> None:
    """Of events and profiles alike; and of a request that failed neither does."""
    with httpx.Client(base_url=address, trust_env=False) as visitor:
        visitor.get("/")
        sign_up(visitor)
        assert visitor.post("/order").status_code == 303
        assert visitor.post("/broken").status_code == 500
    assert flush(app.registry, timeout=10.0)
    with Client(ACCOUNT, base_url=both.base_url) as client:
        rows = list(client.export(today, both.clock().date()))
        [profile] = client.profiles()

    names = ["Checkout Started", "Order Completed", "Page Viewed", "User Signed Up"]
    assert sorted(row.event for row in rows) == names
    [who] = {row.distinct_id for row in rows}
    events = both.customer_events
    assert sorted(each.name for each in events) == names
    assert {each.customer for each in events} == {who}
    seconds = {row.event: int(row.time.timestamp()) for row in rows}
    assert {each.name: each.time.timestamp() for each in events} == seconds
    assert profile.distinct_id == who
    created = both.customers[who]["created_at"]
    assert profile.properties["$created"].startswith(iso_date(created))
    # Four events and two changes of a profile to each, and to Mixpanel a charge.
    assert delivery_stats(app.registry).sent == 13


def test_item_that_comes_again_counts_once(
    address: str, app: Router, both: LocalProject
) -> None:
    """A batch whose answer was lost is sent again, and known by its ids."""
    both.faults.add(path="/api/v2/batch", cut_after_rows=0, times=1)
    with httpx.Client(base_url=address, trust_env=False) as visitor:
        visitor.get("/")
    assert flush(app.registry, timeout=30.0)
    asked = [each for each in both.requests if each.path == "/api/v2/batch"]

    assert len(asked) == 2
    assert [each.name for each in both.customer_events] == ["Page Viewed"]


def iso_date(seconds: int) -> str:
    """Return the day in UTC of a time in epoch seconds."""
    return datetime.fromtimestamp(seconds, timezone.utc).date().isoformat()
