"""What the tests of transactions share: an app with pyramid_tm, and a store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response

from mixpanel_pyramid import Event, Events, flush

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import App, Sink


View = Callable[[Request], Any]
Configure = Callable[[Configurator], None]

EXPLICIT = {"tm.manager_hook": "pyramid_tm.explicit_manager"}


def tracked(request: Request, event: Event = Events.page_viewed) -> None:
    """Track an event."""
    request.mixpanel.distinct_id = "joe"
    request.mixpanel.track(event)


@dataclass
class Store:
    """A data manager that notes what is asked of it, and fails where it is told to."""

    fails_at: str = ""
    error: Exception = field(default_factory=lambda: ValueError("disk full"))
    asked: list[str] = field(default_factory=list)

    def sortKey(self) -> str:  # noqa: N802, RUF100
        """Sort as zope.sqlalchemy does."""
        return "~sqlalchemy:1"

    def __getattr__(self, name: str) -> Callable[[object], None]:
        if name not in {"abort", "commit"} and not name.startswith("tpc_"):
            raise AttributeError(name)

        def ask(transaction: object) -> None:
            self.asked.append(name)
            if name == self.fails_at:
                raise self.error

        return ask


@dataclass
class Shop:
    """An app with transactions, and where its messages come out.

    Attributes:
        app: The app.
        sink: Where they are sent; None while they are recorded.
    """

    app: App
    sink: Sink | None

    def get(self, status: int = 200, **extra: object) -> None:
        """Ask for the first view."""
        self.app.web.get("/home", status=status, **extra)

    def released(self) -> list[str]:
        """Give the names of the events that were released, in order."""
        if self.sink is None:
            messages = self.app.requests[-1].mixpanel.mocked_messages
            return [message["msg"]["event"] for message in messages]
        assert flush(self.app.registry)
        return self.sink.event_names()


MakeShop = Callable[..., Shop]


def add_error_page(config: Configurator) -> None:
    """Give an app an exception view that tracks, and answers 200."""

    def error_page(request: Request) -> Response:
        tracked(request, Events.user_disabled)
        return Response("sorry")

    config.add_view(error_page, context=Exception)


def failing(fails_at: str, error: Exception | None = None) -> View:
    """Make a view whose commit fails."""

    def view(request: Request) -> Response:
        tracked(request)
        request.tm.get().join(Store(fails_at, error or ValueError("disk full")))
        return Response("ok")

    return view
