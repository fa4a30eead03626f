"""Which endpoint answers, and that junk is answered too."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_slack_report.http.exchange import HttpAnswer, HttpRequest, json_answer
from mixpanel_slack_report.http.order_parameters import read_parameters
from mixpanel_slack_report.http.routes import Route, answer_request, guarded
from mixpanel_slack_report.http.slack_command import SlackCommand
from mixpanel_slack_report.http.web_server import at_most
from mixpanel_slack_report.http.work import WorkItem

from .conftest import NOW, SECRET, signature


class NoInbox:
    """Takes nothing."""

    def put(self, item: WorkItem) -> None:
        """Fail, because no junk is work."""
        pytest.fail("junk was queued")


def parameters(request: HttpRequest) -> HttpAnswer:
    """Answer with what was asked for."""
    return json_answer(200, read_parameters(request).order.period)


def broken(request: HttpRequest) -> HttpAnswer:
    """Fail as nobody foresaw."""
    raise KeyError("s3cret")


COMMAND = SlackCommand(SECRET, NoInbox(), lambda: NOW)
ROUTES = (
    Route("/api/CustomReport", ("GET", "POST"), parameters, needs_key=True),
    Route("/api/SlackCommand", ("POST",), COMMAND.answer),
    Route("/api/broken", ("GET", "HEAD"), broken),
)


def answered(request: HttpRequest) -> tuple[int, dict[str, str], object]:
    """Return status, headers and document of an answer."""
    noted: list[Exception] = []
    answer = answer_request(request, ROUTES, report_key="k3y", note=noted.append)
    assert [type(error) for error in noted] == [KeyError] * (answer.status == 500)
    assert answer.headers["Content-Type"] == "application/json"
    return answer.status, dict(answer.headers), json.loads(answer.body)


@pytest.mark.parametrize(
    "path", ["/api/CustomReport", "/api/customreport", "/API/CUSTOMREPORT/"]
)
def test_the_case_of_a_path_does_not_count(path: str) -> None:
    """As with Azure Functions, whose addresses people copy."""
    status, _, document = answered(HttpRequest("GET", path, "code=k3y&period=weekly"))

    assert (status, document) == (200, "weekly")


@pytest.mark.parametrize("path", ["", "/", "/api", "/api/Custom", "//api/CustomReport"])
def test_another_path_is_not_found(path: str) -> None:
    """The answer names what there is."""
    status, _, document = answered(HttpRequest("GET", path))

    assert status == 404
    assert document == {
        "error": "nothing is here; there are /api/CustomReport, /api/SlackCommand, "
        "/api/broken"
    }


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_another_method_is_not_allowed(method: str) -> None:
    """HEAD neither: a report would be posted, and not shown."""
    status, headers, document = answered(HttpRequest(method, "/api/CustomReport"))

    assert (status, headers["Allow"]) == (405, "GET, POST")
    assert document == {"error": "/api/CustomReport takes GET, POST"}


@pytest.mark.parametrize("query", ["", "code=", "code=K3y", "code=k3y&code=k3y"])
def test_a_route_with_a_key_asks_for_it(query: str) -> None:
    """Before anything is read of what is asked for."""
    status, _, _ = answered(HttpRequest("GET", "/api/CustomReport", query))

    assert status == 401


def test_a_body_that_is_too_long_is_refused() -> None:
    """Whatever it holds."""
    request = HttpRequest("POST", "/api/SlackCommand", body=b"x" * 100_001)

    assert answered(request)[0] == 413


def test_what_nobody_foresaw_is_noted_and_not_shown() -> None:
    """The log has it; whoever asks has no use for it."""
    status, _, document = answered(HttpRequest("GET", "/api/broken"))

    assert status == 500
    assert document == {"error": "something went wrong here; see the log of the server"}


@given(
    method=st.sampled_from(["GET", "POST", "HEAD", "PUT"]),
    path=st.sampled_from(["/api/CustomReport", "/api/SlackCommand", "/"]),
    query=st.text(max_size=80).map(lambda text: f"{text}&code=k3y"),
    headers=st.dictionaries(
        st.sampled_from(["Content-Type", "X-Slack-Signature", "Idempotency-Key"]),
        st.text(max_size=40),
    ),
    body=st.binary(max_size=200),
)
def test_junk_is_answered_and_never_breaks(
    method: str, path: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    """Some status below 500 and a document, whatever comes."""
    status, _, _ = answered(HttpRequest(method, path, query, headers, body))

    assert status < 500


@given(
    fields=st.dictionaries(
        st.sampled_from(["text", "command", "ssl_check", "trigger_id"]),
        st.text(max_size=60),
    ),
    junk=st.binary(max_size=60),
)
def test_junk_that_slack_signed_is_answered(
    fields: dict[str, str], junk: bytes
) -> None:
    """A response_url is never in it, so nothing is queued either."""
    from urllib.parse import urlencode

    body = urlencode(fields, errors="replace").encode() + b"&" + junk
    seconds = int(NOW.timestamp())
    headers = {
        "X-Slack-Request-Timestamp": str(seconds),
        "X-Slack-Signature": signature(body, seconds, SECRET),
    }
    request = HttpRequest("POST", "/api/SlackCommand", "", headers, body)

    answer = answer_request(request, ROUTES, report_key=None, note=raised)

    assert answer.status in (200, 400)


@given(
    document=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["period", "events", "send_slack", "from_date", "x"]),
                inner,
            )
        ),
        max_leaves=8,
    )
)
def test_any_json_is_read_or_refused(document: object) -> None:
    """And nothing in between."""
    request = HttpRequest("POST", "/", body=json.dumps(document).encode())

    answer = guarded(parameters, request, note=raised)

    assert answer.status in (200, 400)


def raised(error: Exception) -> None:
    """Fail with what nobody foresaw."""
    raise error


def test_who_finds_all_places_taken_is_asked_to_come_again() -> None:
    """One report is being made while another is asked for; then there is room."""
    inner: list[HttpAnswer] = []

    def answer(request: HttpRequest) -> HttpAnswer:
        if request.path == "/first":
            inner.append(limited(HttpRequest("GET", "/second")))
        return json_answer(200, {})

    limited = at_most(answer, places=1)

    assert limited(HttpRequest("GET", "/first")).status == 200
    assert [(one.status, one.headers["Retry-After"]) for one in inner] == [(503, "60")]
    assert json.loads(inner[0].body) == {
        "error": "1 reports are being made; ask again in a minute",
        "slack_sent": False,
    }
    assert limited(HttpRequest("GET", "/third")).status == 200
