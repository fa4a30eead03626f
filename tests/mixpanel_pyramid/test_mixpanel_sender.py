"""How batches go to Mixpanel: tracked or imported, and with which credentials."""

from __future__ import annotations

import base64
import gzip
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from mixpanel_pyramid.accounts import ServiceAccount
from mixpanel_pyramid.answers import Attempt, Outcome
from mixpanel_pyramid.destination import MixpanelDestination
from mixpanel_pyramid.message import Message, event_message, mixpanel_message
from mixpanel_pyramid.mixpanel_sender import MixpanelSender
from mixpanel_schema.json_values import Json

TOKEN = "0123456789abcdef"
ACCOUNT = ServiceAccount("shop.1a2b3c.mp-service-account", "hunter2", "12345")
NOW = 1_800_000_000.0
DAY = 86_400.0


@dataclass
class Mixpanel:
    """A server that keeps what it read, and answers all with the same."""

    status: int = 200
    body: bytes = b'{"code": 200, "num_records_imported": 1, "status": 1}'
    seen: list[dict[str, Any]] = field(default_factory=list)
    base_url: str = ""


MakeSender = Callable[..., MixpanelSender]


class Handler(BaseHTTPRequestHandler):
    """Reads a post."""

    mixpanel: Mixpanel

    def do_POST(self) -> None:
        """Keep a post, and answer."""
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        url = urlsplit(self.path)
        is_gzipped = self.headers.get("Content-Encoding") == "gzip"
        content = gzip.decompress(raw) if is_gzipped else raw
        if "form" in self.headers["Content-Type"]:
            content = parse_qs(content.decode())["data"][0].encode()
        self.mixpanel.seen.append(
            {
                "path": url.path,
                "query": dict(pair.split("=") for pair in url.query.split("&")),
                "auth": self.headers.get("Authorization"),
                "type": self.headers["Content-Type"],
                "gzip": is_gzipped,
                "size": len(raw),
                "messages": json.loads(content),
            }
        )
        self.send_response(self.mixpanel.status)
        self.send_header("Content-Length", str(len(self.mixpanel.body)))
        self.end_headers()
        self.wfile.write(self.mixpanel.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def mixpanel() -> Iterator[Mixpanel]:
    """A Mixpanel that keeps what it read."""
    mixpanel = Mixpanel()
    handler = type("H", (Handler,), {"mixpanel": mixpanel})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    mixpanel.base_url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield mixpanel
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def make_sender(mixpanel: Mixpanel) -> Iterator[MakeSender]:
    """Make senders whose clock stands still, closed after the test."""
    made: list[MixpanelSender] = []

    def make(**settings: object) -> MixpanelSender:
        destination = MixpanelDestination(
            mixpanel.base_url,
            token=TOKEN,
            **settings,  # type: ignore[arg-type]
        )
        made.append(MixpanelSender(destination, lambda: NOW))
        return made[-1]

    yield make
    for sender in made:
        sender.close()


def basic(user: str, password: str) -> str:
    """Write what stands in ``Authorization``."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def event(name: str = "A", time: float = NOW, **more: Json) -> Message:
    """Make an event."""
    return event_message(name, {"time": time, "distinct_id": "joe", **more})


def imported(*credentials: str | None) -> Message:
    """Make an event that the app imports, with the official library's credentials."""
    message = {"event": "Old", "properties": {"time": 5, "token": TOKEN}}
    key, secret = credentials or (None, None)
    return mixpanel_message("imports", message, TOKEN, (key, secret))


def test_with_a_service_account_events_are_imported(
    make_sender: MakeSender, mixpanel: Mixpanel
) -> None:
    """Packed, strictly, for the project, and without any token in them."""
    sender = make_sender(service_account=ACCOUNT)

    assert sender.post([event(), event("B", ip="203.0.113.7")]) == Attempt(
        Outcome.ACCEPTED
    )
    (post,) = mixpanel.seen
    assert post["path"] == "/import"
    assert post["query"] == {"strict": "1", "project_id": "12345"}
    assert post["auth"] == basic("shop.1a2b3c.mp-service-account", "hunter2")
    assert (post["type"], post["gzip"]) == ("application/json", True)
    assert [message["properties"] for message in post["messages"]] == [
        {"ip": 0, "time": NOW, "distinct_id": "joe"},
        {"time": NOW, "distinct_id": "joe", "ip": "203.0.113.7"},
    ]


def test_packing_pays(make_sender: MakeSender, mixpanel: Mixpanel) -> None:
    """2,000 events are a fraction of their size."""
    batch = [event(Path=f"/products/{number}") for number in range(2000)]

    make_sender(service_account=ACCOUNT).post(batch)

    assert mixpanel.seen[0]["size"] < sum(len(m.text) for m in batch) / 5
    assert len(mixpanel.seen[0]["messages"]) == 2000


def test_without_an_account_events_are_tracked(
    make_sender: MakeSender, mixpanel: Mixpanel
) -> None:
    """With the token, no credentials, and not this machine's address."""
    mixpanel.body = b'{"status": 1}'

    assert make_sender().post([event()]).outcome is Outcome.ACCEPTED
    (post,) = mixpanel.seen
    assert post["path"] == "/track"
    assert post["query"] == {"ip": "0", "verbose": "1"}
    assert post["auth"] is None
    assert post["messages"][0]["properties"]["token"] == TOKEN


@pytest.mark.parametrize(
    ("message", "path"),
    [
        (event("$create_alias", alias="j"), "/track"),
        (
            mixpanel_message("people", {"$distinct_id": "joe", "$set": {}}, TOKEN),
            "/engage",
        ),
        (mixpanel_message("groups", {"$group_key": "c", "$set": {}}, TOKEN), "/groups"),
    ],
)
def test_what_is_no_event_takes_the_token_though_there_is_an_account(
    make_sender: MakeSender, mixpanel: Mixpanel, message: Message, path: str
) -> None:
    """``/import`` refuses identities, and knows no profiles."""
    mixpanel.body = b'{"status": 1}'

    attempt = make_sender(service_account=ACCOUNT).post([message])

    assert attempt.outcome is Outcome.ACCEPTED
    (post,) = mixpanel.seen
    assert (post["path"], post["auth"]) == (path, None)
    assert TOKEN in str(post["messages"])


@pytest.mark.parametrize(
    ("settings", "credentials", "auth"),
    [
        ({"api_secret": "s3cret"}, (), basic("s3cret", "")),
        ({"api_secret": "s3cret"}, ("key", "given"), basic("given", "")),
        ({}, ("key", "given"), basic("given", "")),
        (
            {"service_account": ACCOUNT, "api_secret": "s3cret"},
            (),
            basic("shop.1a2b3c.mp-service-account", "hunter2"),
        ),
    ],
    ids=["the setting", "the call", "the call alone", "the account"],
)
def test_imports_take_the_best_credentials_there_are(
    make_sender: MakeSender,
    mixpanel: Mixpanel,
    settings: dict[str, Any],
    credentials: tuple[str, ...],
    auth: str,
) -> None:
    """An account before a secret, the call's before the setting's."""
    attempt = make_sender(**settings).post([imported(*credentials)])

    assert attempt.outcome is Outcome.ACCEPTED
    assert mixpanel.seen[0]["auth"] == auth
    assert TOKEN not in str(mixpanel.seen[0]["messages"])


def test_an_import_without_credentials_is_refused_here(
    make_sender: MakeSender, mixpanel: Mixpanel
) -> None:
    """With a reason that says what to set; nothing is posted."""
    attempt = make_sender().post([imported(), imported()])

    assert mixpanel.seen == []
    assert [index for index, _ in attempt.refused] == [0, 1]
    assert "set mixpanel.service_account.* or mixpanel.api_secret" in str(attempt)


def test_events_that_track_would_silently_drop_are_refused_here(
    make_sender: MakeSender, mixpanel: Mixpanel
) -> None:
    """Those over five days old; the others go, and none is mistaken for another."""
    mixpanel.body = b'{"status": 1}'
    batch = [
        event("old", NOW - 5 * DAY - 1),
        event("young", NOW - 5 * DAY + 1),
        event("old too", 5.0),
        event("undated", 0),
    ]

    attempt = make_sender().post(batch)

    sent = [message["event"] for message in mixpanel.seen[0]["messages"]]
    assert sent == ["young", "undated"]
    assert attempt.outcome is Outcome.ACCEPTED
    assert [index for index, _ in attempt.refused] == [0, 2]
    assert "over 5 days old" in attempt.refused[0][1]


def test_old_events_alone_are_refused_without_a_post(
    make_sender: MakeSender, mixpanel: Mixpanel
) -> None:
    """There is nothing to post."""
    attempt = make_sender().post([event("old", 5.0)])

    assert mixpanel.seen == []
    assert [index for index, _ in attempt.refused] == [0]


def test_old_events_are_not_refused_while_the_others_fail(
    make_sender: MakeSender, mixpanel: Mixpanel
) -> None:
    """The batch is tried again as a whole."""
    mixpanel.status, mixpanel.body = 503, b""

    attempt = make_sender().post([event("old", 5.0), event()])

    assert (attempt.outcome, attempt.refused) == (Outcome.AMBIGUOUS, ())


def test_with_an_account_old_events_are_imported(
    make_sender: MakeSender, mixpanel: Mixpanel
) -> None:
    """At any age."""
    attempt = make_sender(service_account=ACCOUNT).post([event("old", 5.0)])

    assert attempt == Attempt(Outcome.ACCEPTED)
    assert [message["event"] for message in mixpanel.seen[0]["messages"]] == ["old"]


def test_some_of_an_import_may_be_refused(
    make_sender: MakeSender, mixpanel: Mixpanel
) -> None:
    """The answer says which."""
    mixpanel.status = 400
    mixpanel.body = b'{"code": 400, "failed_records": [{"index": 1, "message": "no"}]}'

    attempt = make_sender(service_account=ACCOUNT).post([event(), event(), event()])

    assert attempt == Attempt(Outcome.ACCEPTED, refused=((1, "no"),))


def test_nothing_secret_is_in_a_senders_repr(make_sender: MakeSender) -> None:
    """Nor in that of its destination."""
    sender = make_sender(service_account=ACCOUNT, api_secret="s3cret")

    for secret in ("hunter2", "s3cret", TOKEN):
        assert secret not in repr(sender.destination) + repr(sender)
