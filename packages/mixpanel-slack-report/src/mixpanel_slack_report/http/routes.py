"""Which endpoint answers a request, and what is answered where none does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mixpanel_slack_report.exceptions import RequestRefusedError
from mixpanel_slack_report.http.exchange import HttpAnswer, HttpRequest, json_answer
from mixpanel_slack_report.http.report_key import check_key

__all__ = ["LARGEST_BODY", "Route", "answer_request", "guarded"]

LARGEST_BODY = 100_000


@dataclass(frozen=True, slots=True)
class Route:
    """An endpoint and where it is.

    Attributes:
        path: Its path; the case of letters does not count.
        methods: The methods it takes.
        answer: Answers a request, or raises ``RequestRefusedError``.
        needs_key: Whether only who shows the key is answered.
    """

    path: str
    methods: tuple[str, ...]
    answer: Callable[[HttpRequest], HttpAnswer]
    needs_key: bool = False


def answer_request(
    request: HttpRequest,
    routes: Sequence[Route],
    *,
    report_key: str | None,
    note: Callable[[Exception], None],
) -> HttpAnswer:
    """Answer any request at all; nothing is raised.

    Args:
        request: What is asked.
        routes: What there is.
        report_key: The key that the routes that need one ask for; None if only this
            machine can ask.
        note: Is told of an error that nobody foresaw.
    """
    path = request.path.rstrip("/").lower()
    route = next((route for route in routes if route.path.lower() == path), None)
    if route is None:
        known = ", ".join(route.path for route in routes)
        return refusal(404, f"nothing is here; there are {known}")
    if request.method not in route.methods:
        allowed = ", ".join(route.methods)
        message = f"{route.path} takes {allowed}"
        return refusal(405, message, {"Allow": allowed})

    def answer(request: HttpRequest) -> HttpAnswer:
        if route.needs_key:
            check_key(request, report_key)
        return route.answer(request)

    return guarded(answer, request, note=note)


def guarded(
    answer: Callable[[HttpRequest], HttpAnswer],
    request: HttpRequest,
    *,
    note: Callable[[Exception], None],
) -> HttpAnswer:
    """Answer a request with one endpoint; nothing is raised.

    Args:
        answer: Answers, or raises ``RequestRefusedError``.
        request: What is asked.
        note: Is told of an error that nobody foresaw.
    """
    if len(request.body) > LARGEST_BODY:
        return refusal(413, f"the body is longer than {LARGEST_BODY} bytes; send less")
    try:
        return answer(request)
    except RequestRefusedError as error:
        return refusal(error.status, str(error))
    except Exception as error:
        note(error)
        return refusal(500, "something went wrong here; see the log of the server")


def refusal(
    status: int, message: str, headers: Mapping[str, str] | None = None
) -> HttpAnswer:
    """Answer with an error."""
    return json_answer(status, {"error": message}, headers)
