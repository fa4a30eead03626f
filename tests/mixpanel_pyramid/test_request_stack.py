"""The requests that a thread is working on, and which of them counts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pyramid.registry import Registry
from pyramid.request import Request
from pyramid.testing import DummyRequest
from pyramid.threadlocal import manager

from mixpanel_pyramid.request_stack import (
    has_no_end,
    is_in_progress,
    outermost_request,
    parent_of,
)

Begin = Callable[..., None]
APP, OTHER_APP = Registry("app"), Registry("other")


def request_of(registry: Registry) -> Request:
    """Make a request of an application."""
    request = Request.blank("/")
    request.registry = registry
    return request


@pytest.fixture
def begin() -> Iterator[Begin]:
    """Puts a request on the stack of this thread, until the test is over."""
    depth = len(manager.stack)

    def push(request: object, registry: Registry = APP) -> None:
        manager.push({"request": request, "registry": registry})

    yield push
    while len(manager.stack) > depth:
        manager.pop()


def test_without_a_request_there_is_no_end() -> None:
    """Nor with one that a test made up; a real one has an end."""
    assert [has_no_end(one) for one in (None, DummyRequest(), request_of(APP))] == [
        True,
        True,
        False,
    ]


def test_the_outermost_request_is_the_first_that_ends(begin: Begin) -> None:
    """What a test's setUp puts around it is none."""
    assert outermost_request() is None
    begin(DummyRequest())
    assert outermost_request() is None
    outer, inner = request_of(APP), request_of(APP)
    begin(outer)
    begin(inner)

    assert outermost_request() is outer


def test_a_request_is_in_progress_while_others_are_inside_of_it(begin: Begin) -> None:
    """Those that this thread does not work on are not, nor is none."""
    outer, middle, inner = (request_of(APP) for _ in range(3))
    for request in (outer, middle, inner):
        begin(request)

    assert [
        is_in_progress(one) for one in (outer, middle, inner, request_of(APP), None)
    ] == [True, True, True, False, False]


def test_a_request_alone_is_in_progress(begin: Begin) -> None:
    """Nothing is around it, and nothing inside."""
    request = request_of(APP)
    begin(request)

    assert is_in_progress(request) is True


def test_no_request_is_in_progress_even_where_there_is_none(begin: Begin) -> None:
    """An application that is set up outside of a request has such an entry."""
    begin(None)

    assert is_in_progress(None) is False


def test_the_parent_is_the_nearest_request_of_the_same_app_around(begin: Begin) -> None:
    """Not one of another application, not a test's, and none that came later."""
    outer, middle, inner, latest = (request_of(APP) for _ in range(4))
    begin(outer)
    begin(middle)
    begin(request_of(OTHER_APP), OTHER_APP)
    begin(DummyRequest())
    begin(inner)
    begin(latest)

    assert parent_of(inner) is middle
    assert parent_of(outer) is None


def test_a_request_that_is_not_worked_on_has_no_parent(begin: Begin) -> None:
    """Nobody knows what it would be inside of."""
    begin(request_of(APP))

    assert parent_of(request_of(APP)) is None
