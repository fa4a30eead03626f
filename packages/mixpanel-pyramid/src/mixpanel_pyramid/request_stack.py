"""The requests that a thread is working on, one inside the other."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pyramid.threadlocal import manager  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from pyramid.request import Request  # type: ignore[import-untyped]

__all__ = ["has_no_end", "is_in_progress", "outermost_request", "parent_of"]


def has_no_end(request: Request | None) -> bool:
    """Tell whether nobody will ever call what waits for a request's end.

    That is a ``DummyRequest`` of a test, which ``pyramid.testing.setUp`` puts around
    whatever the test does; or no request.
    """
    testing = sys.modules.get("pyramid.testing")
    is_dummy = testing is not None and isinstance(request, testing.DummyRequest)
    return request is None or is_dummy


def outermost_request() -> Request | None:
    """Give the request that this thread began with; None if it works on none."""
    for info in manager.stack:
        if not has_no_end(info["request"]):
            return info["request"]
    return None


def is_in_progress(request: Request | None) -> bool:
    """Tell whether this thread is working on a request, or on a subrequest of it."""
    if request is None:
        return False
    stack = manager.stack
    if stack and stack[-1]["request"] is request:
        return True
    return any(info["request"] is request for info in stack)


def parent_of(request: Request) -> Request | None:
    """Find the request of the same application that a request was made inside of."""
    around = None
    for info in manager.stack:
        other = info["request"]
        if other is request:
            return around
        if info["registry"] is request.registry and not has_no_end(other):
            around = other
    return None
