"""The bookshop under Django's test client, and over sockets, into a local project."""

from __future__ import annotations

import socket
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from threading import Thread

import httpx
import pytest

pytest.importorskip("django", reason="needs examples/requirements.txt")

from bookshop import urls, views
from bookshop.models import Order
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client as Browser
from django.test import (
    SimpleTestCase,
    TestCase,
    TransactionTestCase,
    override_settings,
)
from django.urls import path
from waitress.server import create_server

from mixpanel_query import Client, ServiceAccount
from mixpanel_query.local import LocalProject

EMMA = {"user": "joe", "title": "Emma", "amount": "9.50"}


def answering_503(request: HttpRequest) -> HttpResponse:
    """Take an order, and say that it does not work now."""
    views.order(request)
    return HttpResponse("later", status=503)


def with_a_savepoint(request: HttpRequest) -> HttpResponse:
    """Take an order, and another whose savepoint is rolled back."""
    answer = views.order(request)
    with transaction.atomic():
        views.order(request)
        transaction.set_rollback(True)
    return answer


urlpatterns = [
    *urls.urlpatterns,
    path("answering-503", answering_503),
    path("with-a-savepoint", with_a_savepoint),
]


@pytest.fixture
def project() -> Iterator[LocalProject]:
    """A Mixpanel project."""
    with LocalProject() as running:
        yield running


@pytest.fixture(autouse=True)
def shop(tmp_path: Path) -> Iterator[None]:
    """The shop on an empty database, with the views above."""
    database = connections["default"]
    database.settings_dict["NAME"] = str(tmp_path / "bookshop.sqlite")
    with override_settings(ROOT_URLCONF=__name__, MIXPANEL_TOKEN="any"):  # noqa: S106
        call_command("migrate", run_syncdb=True, verbosity=0)
        yield
    database.close()


@pytest.fixture
def browser(project: LocalProject) -> Iterator[Browser]:
    """A visitor of a shop that sends into the project."""
    with override_settings(
        MIXPANEL_BASE_URL=project.base_url, ALLOWED_HOSTS=["testserver"]
    ):
        yield Browser(raise_request_exception=False)


def arrived(project: LocalProject) -> list[tuple[str, str, object]]:
    """Ask the project for its events: name, person and order."""
    today = datetime.now(timezone.utc).date()
    yesterday = today - timedelta(days=1)  # in case this is midnight
    account = ServiceAccount("any", "any", project_id=1)
    with Client(account, base_url=project.base_url) as client:
        return [
            (event.event, event.distinct_id, event.properties["Order ID"])
            for event in client.export(yesterday, today)
        ]


def test_an_order_arrives_once(browser: Browser, project: LocalProject) -> None:
    """Under the customer's name, with the number of the row."""
    answer = browser.post("/orders", EMMA)

    assert answer.status_code == 201
    assert arrived(project) == [("Order Completed", "joe", 1)]


def test_what_is_invalid_is_not_tracked(
    browser: Browser, project: LocalProject
) -> None:
    """It answers 400."""
    answer = browser.post("/orders", {"user": "joe"})

    assert answer.status_code == 400
    assert arrived(project) == []


def test_what_fails_leaves_nothing(browser: Browser, project: LocalProject) -> None:
    """The view tracked an order and raised: its transaction is rolled back."""
    answer = browser.post("/broken", EMMA)

    assert answer.status_code == 500
    assert Order.objects.count() == 0
    assert arrived(project) == []


def test_what_answers_5xx_sends_nothing(
    browser: Browser, project: LocalProject
) -> None:
    """Whatever became of its transaction."""
    answer = browser.post("/answering-503", EMMA)

    assert answer.status_code == 503
    assert arrived(project) == []


def test_a_savepoint_takes_back_what_was_tracked_since(
    browser: Browser, project: LocalProject
) -> None:
    """What was tracked before it stays."""
    browser.post("/with-a-savepoint", EMMA)

    assert arrived(project) == [("Order Completed", "joe", 1)]


def test_a_request_sends_only_its_own(browser: Browser, project: LocalProject) -> None:
    """What failed before is not sent by what succeeds next."""
    browser.post("/broken", EMMA)
    browser.post("/answering-503", EMMA)
    browser.post("/orders", EMMA)

    assert len(arrived(project)) == 1


def test_the_shop_goes_on_while_mixpanel_is_away(
    caplog: pytest.LogCaptureFixture, browser: Browser
) -> None:
    """The visitor gets an answer, the log a line."""
    with socket.socket() as taken:  # bound, but nobody listens
        taken.bind(("127.0.0.1", 0))
        away = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with override_settings(MIXPANEL_BASE_URL=away):
            answer = browser.post("/orders", EMMA)

    assert answer.status_code == 201
    (line,) = [r.getMessage() for r in caplog.records if r.name == "bookshop.tracking"]
    assert line.startswith("not tracked, because Mixpanel did not take it: ")


@pytest.mark.parametrize(
    ("kind", "sent"),
    [(TestCase, []), (TransactionTestCase, [("Order Completed", "joe", 1)])],
)
@pytest.mark.usefixtures("browser")  # whose settings hold for all browsers
def test_only_a_transaction_test_case_sends(
    project: LocalProject, kind: type[SimpleTestCase], sent: list[object]
) -> None:
    """As Django's other TestCase rolls everything back."""

    class Orders(kind):
        def test_order(self) -> None:
            assert self.client.post("/orders", EMMA).status_code == 201

    result = unittest.TestResult()
    unittest.TestSuite([Orders("test_order")]).run(result)

    assert (result.testsRun, result.errors, result.failures) == (1, [], [])
    assert arrived(project) == sent


@contextmanager
def served() -> Iterator[str]:
    """Serve the shop with waitress, and give its address."""
    server = create_server(get_wsgi_application(), host="127.0.0.1", port=0)
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown()
        server.trigger.pull_trigger(server.close)
        thread.join()


def test_it_does_the_same_over_sockets(project: LocalProject) -> None:
    """Behind waitress: an order arrives once, one that failed never."""
    with (
        override_settings(MIXPANEL_BASE_URL=project.base_url),
        served() as address,
        httpx.Client(base_url=address, trust_env=False) as visitor,
    ):
        assert visitor.post("/broken", data=EMMA).status_code == 500
        assert visitor.post("/orders", data=EMMA).status_code == 201

    assert arrived(project) == [("Order Completed", "joe", 1)]
