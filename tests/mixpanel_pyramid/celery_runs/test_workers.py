"""Real workers deliver what a Pyramid app enqueued, also when one of them is killed."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Events, ProfileProperties, delivery_stats, flush

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.celery_runs.conftest import MakeShop
    from tests.mixpanel_pyramid.conftest import MakeApp, Sink, Until


def many(request: Request) -> Response:
    """Track 450 events, set a property, count, and set a group's property."""
    request.mixpanel.distinct_id = "user-1"
    for _ in range(450):
        request.mixpanel.track(Events.page_viewed)
    request.mixpanel.profile_set({ProfileProperties.dollar_name: "Ann"})
    request.mixpanel.api.people_increment("user-1", {"Logins": 1})
    request.mixpanel.api.group_set("company", "acme", {"$name": "Acme"})
    return Response("done")


def event(request: Request) -> Response:
    """Track an event."""
    request.mixpanel.distinct_id = "user-1"
    request.mixpanel.track(Events.page_viewed)
    return Response("done")


def counter(request: Request) -> Response:
    """Count."""
    request.mixpanel.api.people_increment("user-1", {"Logins": 1})
    return Response("done")


def two(request: Request) -> Response:
    """Do both."""
    event(request)
    return counter(request)


def operation(update: dict[str, Any]) -> str:
    """Give what an update of a profile or group does."""
    return next(name for name in update if name in {"$set", "$add"})


def dead_letters(path: Path) -> list[tuple[str, str, str]]:
    """Give endpoint, state and reason of the dead letters of an outbox."""
    with closing(sqlite3.connect(path)) as connection:
        statement = "SELECT endpoint, state, reason FROM dead_letters ORDER BY id"
        return [tuple(row) for row in connection.execute(statement)]


def test_everything_that_was_enqueued_arrives(
    make_shop: MakeShop, make_app: MakeApp, redis_url: str, sink: Sink, until: Until
) -> None:
    """In tasks of at most 200 messages, updates in their order, with the token."""
    shop = make_shop(sink.base_url, redis_url)
    app = make_app({"many": many}, shop.settings)
    app.web.get("/many")
    assert flush(app.registry, 10)
    shop.work()
    until(lambda: len(sink.accepted("/groups")) == 1)
    until(lambda: len(sink.accepted("/track")) == 450)

    events = sink.accepted("/track")
    assert len({event["properties"]["$insert_id"] for event in events}) == 450
    assert {event["properties"]["token"] for event in events} == {"the-token"}
    assert [len(p.messages) for p in sink.posts if p.path == "/track"] == [200, 200, 50]
    updates = [p for p in sink.posts if p.path != "/track"]
    assert [(p.path, operation(p.messages[0])) for p in updates] == [
        ("/engage", "$set"),
        ("/engage", "$add"),
        ("/groups", "$set"),
    ]
    assert delivery_stats(app.registry).sent == 453


def test_no_credentials_wait_with_the_broker(
    make_shop: MakeShop, make_app: MakeApp, redis_url: str, sink: Sink
) -> None:
    """Who reads the broker learns what was tracked, not how to reach the project."""
    shop = make_shop(sink.base_url, redis_url, api_secret="the-secret")
    app = make_app({"many": many}, shop.settings)
    app.web.get("/many")
    assert flush(app.registry, 10)
    tasks = "".join(shop.tasks())

    assert tasks.count('"task": "mixpanel_pyramid.deliver"') == 5
    assert tasks.count('"task": "mixpanel_pyramid.deliver_once"') == 1
    assert "the-token" not in tasks
    assert "the-secret" not in tasks


def test_a_killed_worker_loses_nothing_and_repeats_no_counter(
    make_shop: MakeShop,
    make_app: MakeApp,
    redis_url: str,
    sink: Sink,
    until: Until,
) -> None:
    """Events are delivered again; a counter that was under way is kept as unknown."""
    shop = make_shop(sink.base_url, redis_url, 2, outbox="outbox.sqlite")
    outbox = shop.folder / "outbox.sqlite"
    app = make_app({"event": event, "counter": counter}, shop.settings)
    held = threading.Event()
    sink.otherwise = replace(sink.otherwise, hold=held)
    for number, path in enumerate(["/counter", "/event"], 1):
        app.web.get(path)
        assert flush(app.registry, 10)
        worker = shop.work()
        sink.wait_for(number)
        worker.stop(signal.SIGKILL)
    sink.otherwise = replace(sink.otherwise, hold=None)
    held.set()
    shop.work()
    until(lambda: len(sink.posts) == 3)

    assert [post.path for post in sink.posts] == ["/engage", "/track", "/track"]
    first, again = (post for post in sink.posts if post.path == "/track")
    assert first.messages == again.messages
    (letter,) = dead_letters(outbox)
    assert letter[:2] == ("people", "unknown")
    assert "the worker that took it ended before an answer came" in letter[2]


def test_a_task_that_the_broker_hands_out_twice_counts_once(
    make_shop: MakeShop, make_app: MakeApp, redis_url: str, sink: Sink, until: Until
) -> None:
    """Redis does so after its visibility timeout, though nobody died."""
    shop = make_shop(sink.base_url, redis_url)
    app = make_app({"event": event, "counter": counter}, shop.settings)
    app.web.get("/counter")
    assert flush(app.registry, 10)
    (task,) = shop.tasks()
    shop.push(task, task)
    app.web.get("/event")
    assert flush(app.registry, 10)
    worker = shop.work()
    until(lambda: len(sink.accepted("/track")) == 1)
    until(lambda: worker.log.read_text().count("deliver_once[") == 6)

    assert len(sink.accepted("/engage")) == 1


def test_a_child_process_that_is_killed_loses_nothing(
    make_shop: MakeShop, make_app: MakeApp, redis_url: str, sink: Sink
) -> None:
    """Its parent gives the task back, long before the visibility timeout."""
    shop = make_shop(sink.base_url, redis_url)
    app = make_app({"event": event}, shop.settings)
    held = threading.Event()
    sink.script.append(replace(sink.otherwise, hold=held))
    app.web.get("/event")
    assert flush(app.registry, 10)
    worker = shop.work()
    sink.wait_for(1)
    os.kill(worker.child(), signal.SIGKILL)
    held.set()
    with sink.read:  # billiard takes up to 10 s to be sure that it is dead
        assert sink.read.wait_for(lambda: len(sink.posts) == 2, 60)

    first, again = sink.posts
    assert first.messages == again.messages


def test_what_mixpanel_does_not_take_now_is_enqueued_again(
    make_shop: MakeShop,
    make_app: MakeApp,
    redis_url: str,
    sink: Sink,
    until: Until,
) -> None:
    """429 for both: each arrives once, after the pause that was asked for."""
    shop = make_shop(sink.base_url, redis_url)
    app = make_app({"two": two}, shop.settings)
    sink.script.extend(
        [replace(sink.otherwise, status=429, headers={"Retry-After": "1"})] * 2
    )
    app.web.get("/two")
    assert flush(app.registry, 10)
    shop.work()
    until(lambda: len(sink.posts) == 4)

    assert len(sink.accepted("/track")) == 1
    assert len(sink.accepted("/engage")) == 1


def test_a_worker_of_another_project_gives_the_task_back(
    make_shop: MakeShop, make_app: MakeApp, redis_url: str, sink: Sink, until: Until
) -> None:
    """It says so once, and sends nothing of it to its own project."""
    shop = make_shop(sink.base_url, redis_url)
    app = make_app({"two": two}, {**shop.settings, "mixpanel.token": "another-token"})
    app.web.get("/two")
    assert flush(app.registry, 10)
    worker = shop.work()
    until(lambda: worker.log.read_text().count("] received") >= 4)

    assert sink.posts == []
    text = "a task is for the project mixpanel-"
    assert worker.log.read_text().count(text) == 1


def test_a_tracker_in_a_task_of_the_app_delivers_before_the_task_ends(
    make_shop: MakeShop, redis_url: str, sink: Sink, until: Until
) -> None:
    """Here by way of the broker, as the settings are those of the app."""
    shop = make_shop(sink.base_url, redis_url)
    worker = shop.work()
    shop.celery.send_task(f"{shop.name}.charge", ignore_result=True)
    until(lambda: sink.event_names() == ["User Charged"])
    until(lambda: worker.log.read_text().count("succeeded in") == 2)
    worker.stop()

    assert worker.process.returncode == 0


def test_rabbitmq_delivers_too(
    make_shop: MakeShop, make_app: MakeApp, rabbitmq_url: str, sink: Sink, until: Until
) -> None:
    """The same, with publisher confirms."""
    shop = make_shop(sink.base_url, rabbitmq_url)
    app = make_app({"two": two}, shop.settings)
    app.web.get("/two")
    assert flush(app.registry, 10)
    shop.work()
    until(lambda: len(sink.posts) == 2)

    assert len(sink.accepted("/track")) == 1
    assert len(sink.accepted("/engage")) == 1
