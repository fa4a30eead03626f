"""The shop under FastAPI's test client, with a consumer that records."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="needs examples/requirements.txt")
pytest.importorskip("httpx2", reason="needs examples/requirements.txt")

from fastapi import BackgroundTasks, HTTPException  # after the skip
from fastapi.testclient import TestClient  # after the skip

from mixpanel_query import Client, ServiceAccount  # after the skip
from mixpanel_query.local import LocalProject  # after the skip
from mixpanel_schema import Event, UndeclaredNameError  # after the skip

sys.path.insert(0, str(Path(__file__).parents[1]))

from fastapi_schema import app  # after the path


class Recorder:
    """A consumer that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def send(self, endpoint: str, json_message: str) -> None:
        """Keep a message."""
        self.sent.append((endpoint, json.loads(json_message)))


def test_a_search_is_tracked_with_its_result_count() -> None:
    """The message is the official library's, with the plan's names."""
    recorder = Recorder()
    client = TestClient(app.create_app(recorder))

    answer = client.get("/search", params={"user": "u1", "q": "shoe"})

    assert answer.json() == ["shoe"]
    [(endpoint, message)] = recorder.sent
    assert (endpoint, message["event"]) == ("events", "Products Searched")
    assert message["properties"]["distinct_id"] == "u1"
    assert message["properties"]["Result Count"] == 1


def test_an_order_is_tracked_and_noted_in_the_profile() -> None:
    """A typed event, without the coupon that was not used; then the profile."""
    recorder = Recorder()
    client = TestClient(app.create_app(recorder))

    answer = client.post(
        "/orders", json={"user": "u1", "order_id": "o7", "amount": 19.5}
    )

    assert answer.status_code == 201
    (_, event), (endpoint, profile) = recorder.sent
    assert event["event"] == "Order Completed"
    assert event["properties"]["Amount"] == 19.5
    assert "Coupon" not in event["properties"]
    assert (endpoint, profile["$set"]) == ("people", {"Last Order": "o7"})


def test_an_order_without_an_amount_is_refused() -> None:
    """And nothing is tracked."""
    recorder = Recorder()
    client = TestClient(app.create_app(recorder))

    answer = client.post("/orders", json={"user": "u1", "order_id": "o7", "amount": -1})

    assert answer.status_code == 422
    assert recorder.sent == []


@pytest.mark.parametrize(
    ("error", "status"),
    [(RuntimeError("no shelf left"), 500), (HTTPException(409), 409)],
    ids=["failure", "refusal"],
)
def test_a_view_that_raises_sends_nothing(error: Exception, status: int) -> None:
    """What it tracked before is forgotten."""
    recorder = Recorder()
    shop = app.create_app(recorder)

    @shop.get("/broken")
    def broken(tasks: BackgroundTasks) -> None:
        shop.state.tracker.track(tasks, "u1", app.ShopEvents.products_searched)
        raise error

    client = TestClient(shop, raise_server_exceptions=False)
    answer = client.get("/broken")

    assert answer.status_code == status
    assert recorder.sent == []


def test_what_the_plan_does_not_hold_is_never_sent() -> None:
    """A wrong name fails where it is tracked, which is in the tests."""
    recorder = Recorder()
    tracker = app.Tracker("token", recorder)

    tasks = BackgroundTasks()

    with pytest.raises(UndeclaredNameError):
        tracker.track(tasks, "u1", Event("Order Complete"))
    assert tasks.tasks == []
    assert recorder.sent == []


def test_the_shop_goes_on_while_mixpanel_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The visitor gets an answer, the log a line."""
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        base_url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("MIXPANEL_BASE_URL", base_url)
        client = TestClient(app.create_app())
        answer = client.get("/search", params={"user": "u1", "q": "shoe"})

    assert answer.status_code == 200
    (line,) = [r.getMessage() for r in caplog.records if r.name == app.__name__]
    assert line.startswith("not tracked, because Mixpanel did not take it: ")


def test_what_is_tracked_arrives_in_a_local_project(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """MIXPANEL_BASE_URL says where it is."""
    account = ServiceAccount("any", "any", project_id=1)
    with LocalProject() as project:
        monkeypatch.setenv("MIXPANEL_BASE_URL", project.base_url)
        monkeypatch.setenv("MIXPANEL_TOKEN", "any")
        client = TestClient(app.create_app())
        client.get("/search", params={"user": "u1", "q": "shoe"})
        with Client(account, base_url=project.base_url) as questions:
            assert questions.event_names() == ["Products Searched"]
