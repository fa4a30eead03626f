"""Tests of the clients against a mocked httpx; each runs through both."""

from __future__ import annotations

import asyncio
import copy
import json
import os
import pickle
import threading
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import respx

from mixpanel_query import AsyncClient, Client, OAuthToken, ServiceAccount
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_schema import Event

Ask = Callable[..., Any]
WEEK = ("2026-11-09", "2026-11-15")
COUNTS = {
    "data": {"series": ["2026-11-09"], "values": {"Sign Up": {"2026-11-09": 7}}},
    "legend_size": 1,
}


@respx.mock
def test_events(ask: Ask) -> None:
    """A question about events is one GET with everything in the query string."""
    route = respx.get("https://mixpanel.com/api/query/events").respond(json=COUNTS)

    series = ask(lambda client: client.events([Event("Sign Up")], *WEEK))

    assert series.total("Sign Up") == 7
    assert route.call_count == 1
    request = route.calls.last.request
    assert dict(request.url.params) == {
        "event": '["Sign Up"]',
        "type": "general",
        "unit": "day",
        "from_date": "2026-11-09",
        "to_date": "2026-11-15",
        "project_id": "12345",
    }
    assert request.headers["authorization"] == (
        "Basic cmVwb3J0cy4xYTJiM2M6aHVudGVyMi1odW50ZXIy"
    )


@respx.mock
def test_segmentation(ask: Ask) -> None:
    """Segments are asked for in the region's own host."""
    body = {"data": {"series": [], "values": {"pro": {"2026-11-09": 2}}}}
    route = respx.get("https://eu.mixpanel.com/api/query/segmentation")
    route.respond(json=body)

    series = ask(
        lambda client: client.segmentation(
            "Sign Up", *WEEK, on='properties["plan"]', type="unique", interval=7
        ),
        region="eu",
    )

    assert series.value("pro", date(2026, 11, 9)) == 2
    assert route.calls.last.request.url.params["interval"] == "7"


@respx.mock
def test_event_names(ask: Ask) -> None:
    """Names are a list."""
    route = respx.get("https://in.mixpanel.com/api/query/events/names")
    route.respond(json=["b", "a"])

    names = ask(lambda client: client.event_names(limit=5), region="in")

    assert names == ["b", "a"]


@respx.mock
def test_export(ask: Ask, row: Ask, zipped: Ask) -> None:
    """An export is asked for compressed and comes event by event."""
    route = respx.get("https://data-eu.mixpanel.com/api/2.0/export")
    route.respond(content=zipped(row(1) + row(2)), headers={"Content-Encoding": "gzip"})

    events = ask(
        lambda client: client.export(*WEEK, events="Sign Up", where="true"), region="eu"
    )

    assert [event.distinct_id for event in events] == ["user-1", "user-2"]
    request = route.calls.last.request
    assert request.headers["accept-encoding"] == "gzip"
    assert dict(request.url.params) == {
        "from_date": "2026-11-09",
        "to_date": "2026-11-15",
        "event": '["Sign Up"]',
        "where": "true",
        "project_id": "12345",
    }


@respx.mock
def test_hostile_names_arrive_as_data(ask: Ask) -> None:
    """Quotes, line ends, NUL and other scripts reach the server as they are."""
    route = respx.get("https://mixpanel.com/api/query/segmentation")
    route.respond(json={"data": {"series": [], "values": {}}})
    name = "\"]&type=unique\n\0'*/</script>\u2028💥%20+#" + "x" * 5000

    ask(lambda client: client.segmentation(name, *WEEK))

    params = route.calls.last.request.url.params
    assert params["event"] == name
    assert params.get_list("type") == ["general"]


@respx.mock
def test_oauth_and_workspace(ask: Ask) -> None:
    """Other credentials and a data view are sent with every query."""
    route = respx.get("https://mixpanel.com/api/query/events/names").respond(json=[])

    ask(
        lambda client: client.event_names(),
        credentials=OAuthToken("abc", 9),
        workspace_id=7,
    )

    request = route.calls.last.request
    assert request.headers["authorization"] == "Bearer abc"
    assert request.url.params["project_id"] == "9"
    assert request.url.params["workspace_id"] == "7"


@respx.mock
def test_timezone(ask: Ask) -> None:
    """Hours without an offset are hours of the timezone that the client was given."""
    values = {"Sign Up": {"2026-11-09 13:00:00": 1}}
    respx.get("https://mixpanel.com/api/query/events").respond(
        json={"data": {"series": [], "values": values}}
    )

    series = ask(
        lambda client: client.events("Sign Up", *WEEK, unit="hour"),
        timezone="America/Los_Angeles",
    )

    assert series.dates[0].isoformat() == "2026-11-09T13:00:00-08:00"


@respx.mock
def test_wrong_questions_are_not_sent(ask: Ask) -> None:
    """Nothing leaves the machine when the question cannot be right."""
    with pytest.raises(InvalidQueryError, match="swap the two dates"):
        ask(lambda client: client.events("Sign Up", "2026-11-15", "2026-11-09"))

    assert not respx.calls


def test_export_checks_when_it_is_called(account: ServiceAccount) -> None:
    """A wrong window is refused at the call, not at the first event."""
    with Client(account) as client, pytest.raises(InvalidQueryError):
        client.export("2026-11-15", "2026-11-09")


@pytest.mark.parametrize("timeout", [0, -1, float("nan")])
def test_timeout_must_be_positive(ask: Ask, timeout: float) -> None:
    """A timeout of nothing is refused."""
    with pytest.raises(InvalidQueryError, match="is not positive; give seconds"):
        ask(lambda client: client.event_names(), timeout=timeout)


@respx.mock
def test_timeout_outlasts_the_server(ask: Ask) -> None:
    """Mixpanel gives up after 488 seconds; the client waits longer than that."""
    route = respx.get("https://mixpanel.com/api/query/events/names").respond(json=[])

    ask(lambda client: client.event_names())

    timeout = route.calls.last.request.extensions["timeout"]
    assert timeout["read"] > 488
    assert timeout["connect"] == 15


class Transport(httpx.MockTransport):
    """A transport that says whether it was closed."""

    closed = False

    def close(self) -> None:
        """Note the close."""
        self.closed = True

    async def aclose(self) -> None:
        """Note the close."""
        self.closed = True


def test_foreign_transport_stays_open(ask: Ask) -> None:
    """A client closes only what it made."""
    transport = Transport(lambda request: httpx.Response(200, json=["a"]))

    assert ask(lambda client: client.event_names(), transport=transport) == ["a"]
    assert not transport.closed


def test_own_connections_are_closed(account: ServiceAccount) -> None:
    """A closed client sends nothing any more."""
    client = Client(account)
    client.close()

    with pytest.raises(RuntimeError, match="closed"):
        client.event_names()


def test_own_connections_are_closed_async(account: ServiceAccount) -> None:
    """A closed async client sends nothing any more."""

    async def use_after_close() -> None:
        client = AsyncClient(account)
        await client.close()
        await client.event_names()

    with pytest.raises(RuntimeError, match="closed"):
        asyncio.run(use_after_close())


def test_broken_proxy_settings(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that cannot be one is named as the reason, in one line."""
    monkeypatch.setenv("HTTPS_PROXY", "nonsense://proxy:1")

    with pytest.raises(InvalidQueryError, match="mend HTTPS_PROXY"):
        ask(lambda client: client.event_names())


def test_threads_share_a_client(account: ServiceAccount) -> None:
    """Answers of one client reach the thread that asked."""

    def echo(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=[request.url.params["limit"]])

    found: dict[int, list[str]] = {}
    with Client(account, transport=httpx.MockTransport(echo)) as client:

        def work(limit: int) -> None:
            found[limit] = client.event_names(limit=limit)

        threads = [threading.Thread(target=work, args=(n,)) for n in range(1, 30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert found == {n: [str(n)] for n in range(1, 30)}


@respx.mock
def test_stopping_early_gives_the_connection_back(
    account: ServiceAccount, row: Callable[..., bytes]
) -> None:
    """An export may be left before its end."""
    respx.get("https://data.mixpanel.com/api/2.0/export").respond(
        content=row(1) + b"export terminated early"
    )

    with Client(account) as client:
        events = client.export(*WEEK)
        first = next(events)
        events.close()

    assert first.insert_id == "insert-1"


def test_clients_have_the_same_methods() -> None:
    """Whatever one client can be asked, the other can too."""
    sync = {name for name in dir(Client) if not name.startswith("_")}

    assert sync == {name for name in dir(AsyncClient) if not name.startswith("_")}


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_local_time_needs_a_timezone(
    kind: type[Client] | type[AsyncClient], account: ServiceAccount
) -> None:
    """A client that is to set times right must know the project's timezone."""
    with pytest.raises(InvalidQueryError, match="stores_local_time needs the project"):
        kind(account, stores_local_time=True)


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("travel", [pickle.dumps, copy.copy, copy.deepcopy])
def test_client_does_not_travel(
    kind: type[Client], travel: Callable[[object], object]
) -> None:
    """A client is refused by pickle and copy, in words."""
    client = kind(ServiceAccount("a", "b", 1), base_url="http://127.0.0.1:9")

    with pytest.raises(TypeError, match="make one in each process"):
        travel(client)


def test_forked_process_has_connections_of_its_own(keeping: str) -> None:
    """A client that was used before a fork is used by both, and no answer is mixed."""
    with Client(ServiceAccount("a", "b", 1), base_url=keeping) as client:
        assert client.event_names(limit=1) == ["1"]
        child = os.fork()
        if child == 0:
            works = False
            try:
                works = [client.event_names(limit=n) for n in range(2, 9)] == [
                    [str(n)] for n in range(2, 9)
                ]
            finally:
                os._exit(0 if works else 1)
        found = [client.event_names(limit=n) for n in range(10, 19)]
        _, status = os.waitpid(child, 0)

    assert found == [[str(n)] for n in range(10, 19)]
    assert status == 0


class KeepingHandler(BaseHTTPRequestHandler):
    """Answers the limit that was asked for, and keeps the connection open."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer one question; later ones come on the same connection."""
        (limit,) = parse_qs(urlsplit(self.path).query)["limit"]
        body = json.dumps([limit]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def keeping() -> Iterator[str]:
    """The address of a server that keeps its connections open."""
    with ThreadingHTTPServer(("127.0.0.1", 0), KeepingHandler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
