"""A real WSGI server for the example app, and a local project that it tracks into."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

import pytest
from pyramid.router import Router

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "pyramid_app"))

import shop

from mixpanel_query import Client, ServiceAccount
from mixpanel_query.local import LocalProject
from mixpanel_slack_report.slack.stand_in import SlackStandIn

ACCOUNT = ServiceAccount("reporter", "s3cret-of-the-account", 4711)
TOKEN = "token-of-the-project"


@pytest.fixture
def today() -> date:
    """Give the day on which the test starts, in UTC; it may end on the next one."""
    return datetime.now(timezone.utc).date()


@pytest.fixture
def later(today: date) -> datetime:
    """Give a moment at which this day and the next one are over."""
    end = datetime.combine(today, time(), timezone.utc)
    return end + timedelta(days=2, hours=9)


@pytest.fixture
def project(later: datetime) -> Iterator[LocalProject]:
    """Run a local project that checks credentials and token."""
    with LocalProject(
        credentials=ACCOUNT,
        project_id=ACCOUNT.project_id,
        token=TOKEN,
        clock=lambda: later,
    ) as running:
        yield running


@pytest.fixture
def client(project: LocalProject) -> Iterator[Client]:
    """Make a client of the local project."""
    with Client(ACCOUNT, base_url=project.base_url) as made:
        yield made


@pytest.fixture
def app(project: LocalProject, tmp_path: Path) -> Iterator[Router]:
    """Make the example app, tracking into the local project."""
    settings = {
        "mixpanel.token": TOKEN,
        "mixpanel.base_url": project.base_url,
        "sqlalchemy.url": f"sqlite:///{tmp_path}/shop.sqlite",
        "shop.secret": "s3cret-of-the-cookies",
    }
    app = shop.main({}, **settings)
    yield app
    app.registry["dbsession_factory"].kw["bind"].dispose()


@pytest.fixture
def address(
    app: Router, serve: Callable[[object], AbstractContextManager[str]]
) -> Iterator[str]:
    """Serve the app with waitress on a free port."""
    with serve(app) as address:
        yield address


@pytest.fixture
def slack() -> Iterator[SlackStandIn]:
    """Run a stand-in for Slack."""
    with SlackStandIn() as running:
        yield running
