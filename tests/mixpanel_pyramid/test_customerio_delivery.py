"""From a request to Customer.io and Mixpanel, over real sockets."""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Events, ProfileProperties, delivery_stats, flush
from mixpanel_pyramid.customerio_mirror import ulid

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp, Reply, Sink, Workspace

NEW_MODULES = """
import sys
from mixpanel_pyramid import Events, MixpanelTrack, ProfileProperties
settings = {
    "mixpanel.token": "t",
    "mixpanel.base_url": sys.argv[1],
    "customerio.tracking.site_id": "the-site",
    "customerio.tracking.api_key": "the-key",
    "customerio.tracking.region": "us",
    "customerio.tracking.base_url": sys.argv[2],
}
tracker = MixpanelTrack(settings, distinct_id="joe")
before = set(sys.modules)
tracker.track(Events.page_viewed)
tracker.profile_set({ProfileProperties.dollar_name: "x" * 1_100})
assert tracker.flush(20)
print(sorted(set(sys.modules) - before))
"""
REFUSED = b'{"errors": [{"batch_index": 0, "reason": "invalid", "field": "id"}]}'
NAME = {ProfileProperties.dollar_name: "Joe"}
Settings = dict[str, str]


@pytest.fixture
def both(sink: Sink, workspace: Workspace) -> Settings:
    """Settings of an app that sends to both services."""
    return {
        "mixpanel.token": "the-token",
        "mixpanel.base_url": sink.base_url,
        "customerio.tracking.site_id": "the-site",
        "customerio.tracking.api_key": "the-key",
        "customerio.tracking.region": "eu",
        "customerio.tracking.base_url": workspace.base_url,
    }


def tracks(status: int = 200) -> Callable[[Request], Response]:
    """Make a view that tracks, sets, and answers."""

    def view(request: Request) -> Response:
        request.mixpanel.distinct_id = "joe"
        request.mixpanel.track(Events.page_viewed)
        request.mixpanel.profile_set(NAME)
        return Response(status=status)

    return view


def raises(request: Request) -> Response:
    """Track in vain, but for what stands, and fail."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.track(Events.page_viewed)
    request.mixpanel.track_now(Events.user_logged_in)
    raise ValueError("no")


def aborts(request: Request) -> Response:
    """Track inside a transaction that comes to nothing."""
    tracks()(request)
    request.tm.abort()
    return Response()


def test_a_request_reaches_both_services(
    make_app: MakeApp, both: Settings, sink: Sink, workspace: Workspace
) -> None:
    """The same event, under the same id, and what the profile was set to."""
    app = make_app({"home": tracks()}, both)
    app.web.get("/home")

    assert flush(app.registry, 10)
    (mixpanel,) = sink.accepted("/track")
    properties = mixpanel["properties"]
    insert_id = properties["$insert_id"]
    assert workspace.items() == [
        {
            "type": "person",
            "action": "event",
            "identifiers": {"id": "joe"},
            "name": "Page Viewed",
            "id": ulid(insert_id, "Page Viewed", "joe"),
            "timestamp": int(properties["time"]),
            "attributes": {},
        },
        {
            "type": "person",
            "action": "identify",
            "identifiers": {"id": "joe"},
            "attributes": {"name": "Joe"},
        },
    ]
    assert [call.path for call in workspace.calls] == ["/api/v2/batch"]
    assert delivery_stats(app.registry).sent == 4


def test_a_failed_request_reaches_neither(
    make_app: MakeApp, both: Settings, sink: Sink, workspace: Workspace
) -> None:
    """Only what is tracked to stand does."""
    app = make_app({"fails": tracks(500), "raises": raises}, both)
    app.web.get("/fails", status=500)
    with pytest.raises(ValueError, match="no"):
        app.web.get("/raises")

    assert flush(app.registry, 10)
    assert sink.event_names() == ["User Logged In"]
    assert [item["name"] for item in workspace.items()] == ["User Logged In"]


def test_an_aborted_transaction_reaches_neither(
    make_app: MakeApp, both: Settings, sink: Sink, workspace: Workspace
) -> None:
    """A committed one reaches both."""

    def configure(config: Configurator) -> None:
        config.include("pyramid_tm")

    app = make_app({"aborts": aborts, "commits": tracks()}, both, configure)
    app.web.get("/aborts")
    app.web.get("/commits")

    assert flush(app.registry, 10)
    assert sink.event_names() == ["Page Viewed"]
    assert [item["action"] for item in workspace.items()] == ["event", "identify"]


def test_customerio_does_not_wait_for_mixpanel(
    make_app: MakeApp,
    both: Settings,
    sink: Sink,
    workspace: Workspace,
    reply: type[Reply],
) -> None:
    """One service that hangs never delays the other."""
    hold = threading.Event()
    sink.otherwise = reply(hold=hold)
    app = make_app({"home": tracks()}, both)
    app.web.get("/home")
    workspace.wait_for(1)

    assert not flush(app.registry, 0.05)
    hold.set()
    assert flush(app.registry, 10)


def test_mixpanel_does_not_wait_for_customerio(
    make_app: MakeApp,
    both: Settings,
    sink: Sink,
    workspace: Workspace,
    reply: type[Reply],
) -> None:
    """Nor the other way round; and what was put off arrives, in order."""
    hold = threading.Event()
    workspace.script.append(reply(status=503, hold=hold))
    app = make_app({"home": tracks()}, both)
    app.web.get("/home")
    sink.wait_for(2)

    assert not flush(app.registry, 0.05)
    hold.set()
    assert flush(app.registry, 20)
    actions = [item["action"] for item in workspace.items()]
    assert actions == ["event", "identify"] * 2
    first, _, second, _ = workspace.items()
    assert first == second


def test_a_refused_item_does_not_take_others_along(
    make_app: MakeApp,
    both: Settings,
    workspace: Workspace,
    reply: type[Reply],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is counted and logged with the reason; the rest is done, and not repeated."""
    workspace.script.append(reply(status=207, body=REFUSED))
    app = make_app({"home": tracks()}, both)
    app.web.get("/home")

    assert flush(app.registry, 10)
    assert len(workspace.calls) == 1
    stats = delivery_stats(app.registry)
    assert (stats.sent, stats.refused, stats.queued) == (3, 1, 0)
    told = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
    assert any("invalid id" in message for message in told)
    assert not any("the-key" in message for message in told)


def test_a_refusal_of_all_is_looked_into(
    make_app: MakeApp, both: Settings, workspace: Workspace
) -> None:
    """Until the one item that is meant is alone; all others are taken."""
    workspace.poison = "mallory"

    def view(request: Request) -> Response:
        for who in ("ann", "bob", "mallory", "cem", "dora"):
            request.mixpanel.track(Events.page_viewed, distinct_id=who)
        return Response()

    app = make_app({"home": view}, both)
    app.web.get("/home")

    assert flush(app.registry, 10)
    batches = [
        [item["identifiers"]["id"] for item in call.body["batch"]]
        for call in workspace.calls
    ]
    taken = [who for batch in batches if "mallory" not in batch for who in batch]
    assert batches[0] == ["ann", "bob", "mallory", "cem", "dora"]
    assert taken == ["ann", "bob", "cem", "dora"]
    assert delivery_stats(app.registry).refused == 1


def test_replicas_wait_in_the_same_outbox(
    make_app: MakeApp,
    both: Settings,
    workspace: Workspace,
    reply: type[Reply],
    tmp_path: Path,
) -> None:
    """Without the credentials; what is refused is kept there with the reason."""
    file = tmp_path / "outbox.sqlite"
    workspace.script.append(reply(status=207, body=REFUSED))
    app = make_app({"home": tracks()}, {**both, "mixpanel.outbox": str(file)})
    app.web.get("/home")

    assert flush(app.registry, 10)
    with sqlite3.connect(file) as connection:
        rows: list[Any] = connection.execute(
            "SELECT endpoint, reason FROM dead_letters"
        ).fetchall()
    connection.close()
    assert rows == [("customer.io", "invalid id")]
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Page Viewed" in on_disk
    assert b"the-key" not in on_disk
    assert b"the-token" not in on_disk


def test_nothing_is_imported_once_it_has_begun(
    sink: Sink, workspace: Workspace
) -> None:
    """A fork in the middle of an import would hang the child, which waits for it."""
    addresses = (sink.base_url, workspace.base_url)
    output = subprocess.check_output(
        [sys.executable, "-Wignore", "-c", NEW_MODULES, *addresses],
        stderr=subprocess.DEVNULL,
        text=True,
        timeout=60,
    )

    assert output.strip() == "[]"
    assert [item["action"] for item in workspace.items()] == ["event", "identify"]
