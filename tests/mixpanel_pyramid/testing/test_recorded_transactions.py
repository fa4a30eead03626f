"""What counts as tracked in the transaction of a test."""

from __future__ import annotations

import pytest
import transaction
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.router import Router
from webtest import TestApp

from mixpanel_pyramid import Events
from mixpanel_pyramid.testing import Recorder, TrackedEvent

from .visits import OURS, TM, VISIT, broken, make, unavailable, visit


def test_only_committed_messages_are_there(seen: Recorder) -> None:
    """Under pyramid_tm, with an exception view that answers 200 and with savepoints."""

    def commits(request: Request) -> Response:
        visit(request)
        savepoint = request.tm.savepoint()
        request.mixpanel.track(Events.user_logged_in)
        savepoint.rollback()
        return Response("done", status=500)

    app = make(commits, broken, before=(TM, OURS, sorry))  # type: ignore[arg-type]
    TestApp(app).get("/commits", status=500)
    TestApp(app).get("/broken")

    assert seen.events == [TrackedEvent("Page Viewed", "joe", {"Path": "/commits"})]


def sorry(config: Configurator) -> None:
    """Answer 200 where a view failed."""
    config.add_exception_view(lambda error, request: Response("sorry"))


def under_the_tests_transaction(app: Router, path: str, manager: object) -> None:
    """Ask as the tests of Pyramid's cookiecutter do, which abort in the end."""
    environ = {"tm.active": True, "tm.manager": manager}
    TestApp(app, extra_environ=environ).get(path, expect_errors=True)


def test_a_transaction_of_the_test_counts_as_committed(seen: Recorder) -> None:
    """Nothing ever is committed there; once it is aborted, nothing was tracked."""
    app = make(visit, unavailable, broken, before=(TM, OURS, sorry))  # type: ignore[arg-type]
    manager = transaction.TransactionManager(explicit=True)
    manager.begin()
    for path in ("/visit", "/unavailable", "/broken"):
        under_the_tests_transaction(app, path, manager)
    seen_before_the_abort = seen.events
    manager.abort()

    assert seen_before_the_abort == [VISIT]
    assert seen.events == []
    with pytest.raises(AssertionError, match="as its transaction was rolled back"):
        seen.assert_tracked(Events.page_viewed)


def test_a_doomed_transaction_of_the_test_does_not_count(seen: Recorder) -> None:
    """The request has said so itself."""

    def dooms(request: Request) -> Response:
        visit(request)
        request.tm.doom()
        return Response("done")

    app = make(dooms, before=(TM, OURS))
    manager = transaction.TransactionManager(explicit=True)
    manager.begin()
    under_the_tests_transaction(app, "/dooms", manager)

    seen.assert_not_tracked(Events.page_viewed)
    manager.abort()


def test_a_test_may_commit_its_transaction(seen: Recorder) -> None:
    """Then it is tracked for good."""
    app = make(visit, before=(TM, OURS))
    manager = transaction.TransactionManager(explicit=True)
    manager.begin()
    under_the_tests_transaction(app, "/visit", manager)
    manager.commit()

    assert seen.events == [VISIT]
