"""The requests that a thread is working on, one inside the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyramid.threadlocal import manager  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from pyramid.request import Request  # type: ignore[import-untyped]

__all__ = ["is_in_progress", "outermost_request", "parent_of"]


def outermost_request() -> Request | None:
    """Give the request that this thread began with; None if it works on none."""
    for info in manager.stack:
        if info["request"] is not None:
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
        if other is not None and info["registry"] is request.registry:
            around = other
    return None
