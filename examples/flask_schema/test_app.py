"""The shop under Flask's test client, with a consumer that records."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("flask", reason="needs examples/requirements.txt")

from mixpanel_query import Client, ServiceAccount  # after the skip
from mixpanel_query.local import LocalProject  # after the skip
from mixpanel_schema import Event, UndeclaredNameError  # after the skip

sys.path.insert(0, str(Path(__file__).parents[1]))

from flask_schema import app  # after the path


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
    client = app.create_app(recorder).test_client()

    answer = client.get(
        "/search", query_string={"user": "u1", "q": "shoe"}, buffered=True
    )

    assert answer.get_json() == ["shoe"]
    [(endpoint, message)] = recorder.sent
    assert (endpoint, message["event"]) == ("events", "Products Searched")
    assert message["properties"]["distinct_id"] == "u1"
    assert message["properties"]["Result Count"] == 1


def test_an_order_is_tracked_and_noted_in_the_profile() -> None:
    """A typed event, without the coupon that was not used; then the profile."""
    recorder = Recorder()
    client = app.create_app(recorder).test_client()

    answer = client.post(
        "/orders",
        data={"user": "u1", "order_id": "o7", "amount": "19.5"},
        buffered=True,  # to its end, when what was tracked is sent
    )

    assert answer.status_code == 201
    (_, event), (endpoint, profile) = recorder.sent
    assert event["event"] == "Order Completed"
    assert event["properties"]["Amount"] == 19.5
    assert "Coupon" not in event["properties"]
    assert (endpoint, profile["$set"]) == ("people", {"Last Order": "o7"})


@pytest.mark.parametrize("amount", ["", "much", "nan", "-1", "inf"])
def test_an_order_without_an_amount_is_refused(amount: str) -> None:
    """And nothing is tracked."""
    recorder = Recorder()
    client = app.create_app(recorder).test_client()

    order = {"user": "u1", "order_id": "o7", "amount": amount}
    answer = client.post("/orders", data=order, buffered=True)

    assert answer.status_code == 400
    assert recorder.sent == []


def test_a_view_that_raises_sends_nothing() -> None:
    """What it tracked before is forgotten, also by the next request."""
    recorder = Recorder()
    shop = app.create_app(recorder)

    @shop.get("/broken")
    def broken() -> str:
        shop.extensions["tracker"].track("u1", app.ShopEvents.products_searched)
        raise RuntimeError("no shelf left")

    client = shop.test_client()
    answer = client.get("/broken", buffered=True)
    client.get("/nowhere", buffered=True)

    assert answer.status_code == 500
    assert recorder.sent == []


def test_a_view_that_answers_5xx_sends_nothing() -> None:
    """It did not succeed."""
    recorder = Recorder()
    shop = app.create_app(recorder)

    @shop.get("/later")
    def later() -> tuple[str, int]:
        shop.extensions["tracker"].track("u1", app.ShopEvents.products_searched)
        return "later", 503

    shop.test_client().get("/later", buffered=True)

    assert recorder.sent == []


def test_nobody_waits_for_mixpanel() -> None:
    """What was tracked is sent when the visitor has got the answer."""
    recorder = Recorder()
    client = app.create_app(recorder).test_client()

    answer = client.get("/search", query_string={"user": "u1", "q": "shoe"})
    before = list(recorder.sent)
    answer.close()

    assert before == []
    assert len(recorder.sent) == 1


def test_what_the_plan_does_not_hold_is_never_sent() -> None:
    """A wrong name fails where it is tracked, which is in the tests."""
    recorder = Recorder()
    tracker = app.Tracker("token", recorder)

    with pytest.raises(UndeclaredNameError):
        tracker.track("u1", Event("Order Complete"))
    assert recorder.sent == []


def test_the_shop_goes_on_while_mixpanel_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The visitor gets an answer, the log a line."""
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        base_url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        monkeypatch.setenv("MIXPANEL_BASE_URL", base_url)
        client = app.create_app().test_client()
        answer = client.get(
            "/search", query_string={"user": "u1", "q": "shoe"}, buffered=True
        )

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
        client = app.create_app().test_client()
        client.get("/search", query_string={"user": "u1", "q": "shoe"}, buffered=True)
        with Client(account, base_url=project.base_url) as questions:
            assert questions.event_names() == ["Products Searched"]
