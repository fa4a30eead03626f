"""Views whose transactions end in every way, for ``lifecycle_app``."""

from __future__ import annotations

from collections.abc import Callable

from lifecycle_views import (
    Shown,
    View,
    asking,
    fail,
    raising,
    returning,
    track,
)
from pyramid.registry import Registry
from pyramid.request import Request
from pyramid.response import Response
from pyramid_retry import RetryableException
from transaction.interfaces import TransientError

__all__ = ["RETRIES", "TRANSACTIONS", "is_transactional", "tracking_tween"]


class Store:
    """A data manager that fails where it is told to."""

    def __init__(self, fails_at: str, error: Exception) -> None:
        self.fails_at, self.error = fails_at, error

    def sortKey(self) -> str:  # noqa: N802, RUF100
        """Sort as zope.sqlalchemy does."""
        return "~sqlalchemy:1"

    def __getattr__(self, name: str) -> Callable[[object], None]:
        if name not in {"abort", "commit"} and not name.startswith("tpc_"):
            raise AttributeError(name)

        def ask(transaction: object) -> None:
            if name == self.fails_at:
                raise self.error

        return ask


def failing(fails_at: str, error: Callable[[], Exception] = ValueError) -> View:
    """Make a view whose commit fails."""

    def view(request: Request) -> Response:
        request.tm.get().join(Store(fails_at, error()))
        return returning(200)(request)

    return view


def commits_then_fails(request: Request) -> Response:
    """Fail when the transaction is committed."""
    request.add_response_callback(fail)
    return returning(200)(request)


def dooms(request: Request) -> Response:
    """Doom the transaction, and answer 200."""
    request.tm.doom()
    return returning(200)(request)


def aborts(request: Request) -> Response:
    """Abort a transaction by hand, and begin another one."""
    track(request, "aborted")
    request.tm.abort()
    request.tm.begin()
    return returning(200)(request)


def broken_hook(*arguments: object) -> None:
    """Prevent a commit."""
    raise ValueError("a hook")


def hook_prevents(request: Request) -> Response:
    """Have a hook that prevents the commit."""
    request.tm.get().addBeforeCommitHook(broken_hook)
    return returning(200)(request)


def hook_after(request: Request) -> Response:
    """Track when the transaction is committed."""

    def hook(is_committed: bool) -> None:
        track(request, f"hook {is_committed}")

    request.tm.get().addAfterCommitHook(hook)
    return returning(200)(request)


def saving(*, rolls_back: bool) -> View:
    """Make a view with a savepoint."""

    def view(request: Request) -> Response:
        track(request, "before")
        savepoint = request.tm.savepoint()
        track(request, "after")
        if rolls_back:
            savepoint.rollback()
        return returning(200)(request)

    return view


def tracks_now_and_raises(request: Request) -> Response:
    """Track what stands, and what does not."""
    track(request, "now", now=True)
    return raising(ValueError)(request)


def shares_and_dooms(request: Request) -> Response:
    """Let a subrequest track in the transaction, which is doomed."""
    return asking(dooms)(request)


TRANSACTIONS: dict[str, View] = {
    "aborts": aborts,
    "commits-then-fails": commits_then_fails,
    "dooms": dooms,
    "fails-at-commit": failing("commit"),
    "fails-at-vote": failing("tpc_vote"),
    "fails-at-vote-for-a-view-of-200": failing("tpc_vote", Shown),
    "hook-after": hook_after,
    "hook-prevents": hook_prevents,
    "keeps-a-savepoint": saving(rolls_back=False),
    "rolls-back-to-a-savepoint": saving(rolls_back=True),
    "shares-and-dooms": shares_and_dooms,
    "tracks-now-and-raises": tracks_now_and_raises,
    "around-a-commit": returning(200),
    "around-an-abort": dooms,
    "around-an-error": raising(ValueError),
    "inactive-returns-200": returning(200),
    "inactive-returns-500": returning(500),
    "inactive-raises": raising(ValueError),
}


def is_transactional(request: Request) -> bool:
    """Tell pyramid_tm which requests have a transaction."""
    return not request.path_info.startswith("/inactive")


def tracking_tween(handler: View, registry: Registry) -> View:
    """Track around the transaction, where the row asks for it."""

    def tween(request: Request) -> Response:
        is_around = request.path_info.startswith("/around")
        if is_around:
            track(request, "earlier")
        response = handler(request)
        if is_around:
            track(request, "later")
        return response

    return tween


def attempting(error: Callable[[], Exception], succeeds_at: int) -> View:
    """Make a view that fails until so many attempts are made."""

    def view(request: Request) -> Response:
        attempt = request.environ["retry.attempt"] + 1
        track(request, f"attempt {attempt}")
        if attempt < succeeds_at:
            raise error()
        return Response()

    return view


def conflicts_at_vote(request: Request) -> Response:
    """Meet a conflict at the commit of the first attempt."""
    if request.environ["retry.attempt"] == 0:
        request.tm.get().join(Store("tpc_vote", TransientError()))
    return attempting(ValueError, 1)(request)


RETRIES: dict[str, View] = {
    "conflicts-at-vote": conflicts_at_vote,
    "succeeds-at-last": attempting(RetryableException, 3),
    "never-succeeds": attempting(RetryableException, 4),
    "transient-at-first": attempting(TransientError, 2),
}
