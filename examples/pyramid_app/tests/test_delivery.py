"""What arrives in a Mixpanel on this machine, over waitress and real sockets."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from threading import Thread, Timer
from typing import TYPE_CHECKING

import httpx
import pytest

pytest.importorskip("zope.sqlalchemy", reason="needs examples/requirements.txt")

from pyramid.router import Router
from waitress.server import create_server

from mixpanel_pyramid import flush
from mixpanel_query import Client, ServiceAccount
from mixpanel_query.local import LocalProject

if TYPE_CHECKING:
    from conftest import MakeApp

FOLDER = Path(__file__).parents[1]


@pytest.fixture
def project() -> Iterator[LocalProject]:
    """A Mixpanel project."""
    with LocalProject() as running:
        yield running


@pytest.fixture
def app(make_app: MakeApp, project: LocalProject) -> Router:
    """The shop, which sends by its outbox into the project."""
    settings = {"mixpanel.token": "t", "mixpanel.base_url": project.base_url}
    return make_app(**settings)


@pytest.fixture
def visitor(app: Router) -> Iterator[httpx.Client]:
    """A visitor's browser, and waitress in front of the shop."""
    server = create_server(app, host="127.0.0.1", port=0)
    thread = Thread(target=server.run)
    thread.start()
    address = f"http://127.0.0.1:{server.effective_port}"
    with httpx.Client(base_url=address, trust_env=False) as browser:
        yield browser
    server.task_dispatcher.shutdown()
    server.trigger.pull_trigger(server.close)
    thread.join()


def arrived(project: LocalProject) -> list[str]:
    """Ask the project which events it has, in order of their names."""
    today = datetime.now(timezone.utc).date()
    yesterday = today - timedelta(days=1)  # in case this is midnight
    account = ServiceAccount("any", "any", project_id=1)
    with Client(account, base_url=project.base_url) as client:
        return sorted(event.event for event in client.export(yesterday, today))


def charges(project: LocalProject) -> list[object]:
    """Ask the project what its users have paid."""
    account = ServiceAccount("any", "any", project_id=1)
    with Client(account, base_url=project.base_url) as client:
        (profile,) = client.profiles()
    return [paid["$amount"] for paid in profile.properties["$transactions"]]


def test_what_is_committed_arrives_once(
    visitor: httpx.Client, app: Router, project: LocalProject
) -> None:
    """Events, profile and charge."""
    visitor.post("/sign-up", data={"email": "joe@example.com"})
    visitor.post("/order")
    assert flush(app.registry)

    assert arrived(project) == [
        "Checkout Started",
        "Order Completed",
        "User Signed Up",
    ]
    assert charges(project) == [19.5]


def test_what_is_aborted_never_arrives(
    visitor: httpx.Client, app: Router, project: LocalProject
) -> None:
    """A redirect that is raised: the order of somebody without an account."""
    assert visitor.post("/order").status_code == 303
    visitor.get("/")
    assert flush(app.registry)

    assert arrived(project) == ["Page Viewed"]


def test_what_fails_never_arrives(
    visitor: httpx.Client, app: Router, project: LocalProject
) -> None:
    """The error view answers, but the order was never paid."""
    visitor.post("/sign-up", data={"email": "joe@example.com"})
    assert visitor.post("/broken").status_code == 500
    assert flush(app.registry)

    assert arrived(project) == ["User Signed Up"]


@contextmanager
def pserve(ini: Path, base_url: str) -> Iterator[str]:
    """Run the shop as in production, and kill it in the end; give its address."""
    secrets = {"MIXPANEL_TOKEN": "t", "SHOP_SECRET": "s", "MIXPANEL_BASE_URL": base_url}
    with subprocess.Popen(  # noqa: S603  # our own command
        [sys.executable, "-m", "pyramid.scripts.pserve", str(ini)],
        cwd=FOLDER,
        env={**os.environ, **secrets},
        stderr=subprocess.PIPE,
        text=True,
    ) as shop:
        deadline = Timer(60, shop.kill)
        deadline.start()
        try:
            assert shop.stderr is not None
            serving = (re.search(r"Serving on (\S+)", line) for line in shop.stderr)
            yield next(found[1] for found in serving if found)
        finally:
            deadline.cancel()
            shop.kill()


@pytest.fixture
def ini(tmp_path: Path) -> Path:
    """production.ini, on a free port and without the proxy that speaks https."""
    text = (FOLDER / "production.ini").read_text(encoding="utf-8")
    changed = text.replace(":6543", ":0").replace("https = true", "https = false")
    path = tmp_path / "production.ini"
    path.write_text(changed, encoding="utf-8")
    return path


def test_the_outbox_survives_kill_9(ini: Path, project: LocalProject) -> None:
    """What Mixpanel missed while it was away arrives after a restart, once."""
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with (
            pserve(ini, away) as address,
            httpx.Client(base_url=address, trust_env=False) as visitor,
        ):
            visitor.post("/sign-up", data={"email": "joe@example.com"})
            assert visitor.post("/order").status_code == 303
    assert arrived(project) == []

    with pserve(ini, project.base_url):
        wait_for(project, records=6)  # three events, two changes, a charge

    assert arrived(project) == [
        "Checkout Started",
        "Order Completed",
        "User Signed Up",
    ]
    assert charges(project) == [19.5]


def wait_for(project: LocalProject, records: int) -> None:
    """Wait until the project has taken so many events and changes of profiles."""
    for _ in range(300):
        if len(project.verdicts) >= records:
            return
        time.sleep(0.1)
    pytest.fail(f"{len(project.verdicts)} of {records} arrived within 30 seconds")
