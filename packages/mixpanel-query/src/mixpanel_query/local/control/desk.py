"""``/local/…``: how a local project is set, asked and reset over HTTP.

A web page that somebody visits could send requests here. It cannot read or change
anything: it names another host, or cannot say ``Content-Type: application/json``
without asking first, and nothing here answers such a question.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mixpanel_query.local.app_api.requests import read_document
from mixpanel_query.local.control.project_clock import read_instant
from mixpanel_query.local.control.watched_app import Controls, watched
from mixpanel_query.local.exceptions import LocalProjectError, RequestRefusedError
from mixpanel_query.local.faults.scripted import Fault
from mixpanel_query.local.page.page import Endpoint, Page
from mixpanel_query.local.rate_limits import Limits
from mixpanel_query.local.rules.table import TABLE
from mixpanel_query.local.server.path_texts import NUMBER
from mixpanel_query.local.server.refusing import application, refuse
from mixpanel_query.local.server.request_bodies import read_body
from mixpanel_query.regions import is_loopback

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["controlled"]

COUNTED = ("id", "seen", "hits")
FAULT_WORDS = tuple(each.name for each in fields(Fault) if each.name not in COUNTED)
LIMIT_WORDS = tuple(each.name for each in fields(Limits))


def controlled(
    app: ASGIApp,
    controls: Controls,
    *,
    reset: Callable[[], None],
    customers: Callable[[], dict[str, object]],
    project_id: int | None,
    page: Page,
) -> ASGIApp:
    """Return an application that can be controlled at ``/local/…``, and has a page.

    Args:
        app: What answers everything else.
        controls: What can be turned.
        reset: Makes the project empty.
        customers: Lists the people of Customer.io's workspace, and their events.
        project_id: The number of the project; None if any will do.
        page: What is at ``/``.
    """
    outside = watched(app, controls, project_id)
    inside = control_app(ControlDesk(controls, reset, customers), page)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        is_inside = scope["type"] == "http" and is_local(scope)
        await (inside if is_inside else outside)(scope, receive, send)

    return answer


class ControlDesk:
    """The endpoints; they run in the event loop of the server."""

    def __init__(
        self,
        controls: Controls,
        reset: Callable[[], None],
        customers: Callable[[], dict[str, object]],
    ) -> None:
        self.controls = controls
        self.empty = reset
        self.list_customers = customers

    async def faults(self, _: Request) -> Response:
        """List the faults."""
        listed = [fault.as_json() for fault in self.controls.faults]
        return JSONResponse({"faults": listed})

    async def add_fault(self, request: Request) -> Response:
        """Add a fault, and answer with it."""
        words = await read_words(request, FAULT_WORDS)
        return JSONResponse(self.controls.faults.add(**words).as_json(), 201)

    async def clear_faults(self, request: Request) -> Response:
        """Forget all faults, or one."""
        number = request.path_params.get("number")
        try:
            self.controls.faults.clear(number)
        except LocalProjectError as error:
            raise RequestRefusedError(404, str(error)) from error
        return await self.faults(request)

    async def requests(self, _: Request) -> Response:
        """List the latest requests."""
        listed = [logged.as_json() for logged in self.controls.requests]
        return JSONResponse({"requests": listed})

    async def clear_verdicts(self, _: Request) -> Response:
        """Forget the verdicts."""
        self.controls.verdicts.clear()
        return JSONResponse({"verdicts": []})

    async def assumptions(self, _: Request) -> Response:
        """List the rules that are not documented and that answers rested on."""
        listed = [asdict(rule) for rule in self.controls.assumptions.listed()]
        return JSONResponse({"assumptions": listed})

    async def rules(self, _: Request) -> Response:
        """List all rules of the table."""
        return JSONResponse({"rules": [asdict(rule) for rule in TABLE]})

    async def clear_requests(self, request: Request) -> Response:
        """Forget the requests."""
        self.controls.requests.clear()
        return await self.requests(request)

    async def customers(self, _: Request) -> Response:
        """List the people of Customer.io's workspace, and their events."""
        return JSONResponse(await run_in_threadpool(self.list_customers))

    async def clock(self, _: Request) -> Response:
        """Answer what time it is, and whether it is another time than the machine's."""
        clock = self.controls.clock
        return JSONResponse({"now": clock().isoformat(), "is_set": clock.is_set})

    async def set_clock(self, request: Request) -> Response:
        """Let the clock stand still at a time."""
        words = await read_words(request, ("now",))
        self.controls.clock.set(read_instant(words.get("now")))
        return await self.clock(request)

    async def free_clock(self, request: Request) -> Response:
        """Let the clock be the machine's."""
        self.controls.clock.set(None)
        return await self.clock(request)

    async def limits(self, _: Request) -> Response:
        """Answer which limits are on."""
        return JSONResponse(asdict(self.controls.limits.now))

    async def set_limits(self, request: Request) -> Response:
        """Switch limits on."""
        self.controls.limits(**await read_words(request, LIMIT_WORDS))
        return await self.limits(request)

    async def lift_limits(self, request: Request) -> Response:
        """Switch limits off."""
        self.controls.limits.off()
        return await self.limits(request)

    async def reset(self, _: Request) -> Response:
        """Let the project be as it was made."""
        await run_in_threadpool(self.empty)
        return JSONResponse({"status": "ok"})


def is_local(scope: Scope) -> bool:
    """Tell whether a request is for the page or a control, and not for Mixpanel."""
    path = str(scope["path"])
    is_page = path == "/" and scope["method"] in ("GET", "HEAD")
    return is_page or path.startswith("/local/")


def control_app(desk: ControlDesk, page: Page) -> Starlette:
    """Return the web application of a desk and a page."""
    endpoints: list[tuple[str, str, Endpoint]] = [
        *page.paths(),
        ("GET", "/local/faults", desk.faults),
        ("POST", "/local/faults", desk.add_fault),
        ("DELETE", "/local/faults", desk.clear_faults),
        ("DELETE", f"/local/faults/{{number:{NUMBER}}}", desk.clear_faults),
        ("GET", "/local/requests", desk.requests),
        ("DELETE", "/local/requests", desk.clear_requests),
        ("DELETE", "/local/verdicts", desk.clear_verdicts),
        ("GET", "/local/rules", desk.rules),
        ("GET", "/local/assumptions", desk.assumptions),
        ("GET", "/local/customers", desk.customers),
        ("GET", "/local/clock", desk.clock),
        ("POST", "/local/clock", desk.set_clock),
        ("DELETE", "/local/clock", desk.free_clock),
        ("GET", "/local/limits", desk.limits),
        ("POST", "/local/limits", desk.set_limits),
        ("DELETE", "/local/limits", desk.lift_limits),
        ("POST", "/local/reset", desk.reset),
    ]
    routes = [
        Route(path, guarded(work), methods=[method]) for method, path, work in endpoints
    ]
    return application(routes, say_no)


def guarded(work: Endpoint) -> Endpoint:
    """Return an endpoint that no web page can use."""

    async def work_guarded(request: Request) -> Response:
        check_sender(
            request.method,
            request.headers.get("host", ""),
            request.headers.get("content-type", ""),
        )
        return await work(request)

    return work_guarded


def check_sender(method: str, host: str, content_type: str) -> None:
    """Refuse a request that a web page could have sent.

    Raises:
        RequestRefusedError: 403 for another host than this machine, 415 for a change
            that is not said to be JSON.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        name = ""
    if not is_loopback(name):
        raise RequestRefusedError(
            403, "this is asked at localhost, 127.0.0.1 or [::1] only"
        )
    kind = content_type.partition(";")[0].strip().lower()
    if method not in ("GET", "HEAD") and kind != "application/json":
        raise RequestRefusedError(
            415, "a change needs the header Content-Type: application/json"
        )


async def read_words(request: Request, allowed: tuple[str, ...]) -> dict[str, Any]:
    """Return the JSON object of a body, which has no other words than these.

    Raises:
        RequestRefusedError: If it is something else, or has others.
    """
    words = dict(read_document(await read_body(request)))
    for word in words:
        if word not in allowed:
            raise RequestRefusedError(
                400, f"{word[:40]!r} is not known; give {', '.join(allowed)}"
            )
    return words


def say_no(request: Request, error: Exception) -> Response:
    """Return the JSON error for a refused request."""
    if type(error) is LocalProjectError:
        error = RequestRefusedError(400, str(error))
    return refuse(request, error)
