"""Who may ask for a report."""

from __future__ import annotations

import pytest

from mixpanel_slack_report.exceptions import RequestRefusedError
from mixpanel_slack_report.http.exchange import HttpRequest
from mixpanel_slack_report.http.report_key import check_key


def asked(query: str = "", **headers: str) -> HttpRequest:
    """Make a request with headers, whose names have ``_`` for ``-``."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpRequest("GET", "/api/CustomReport", query, named)


@pytest.mark.parametrize(
    "request_",
    [
        asked(x_functions_key="kéy 1"),
        asked(X_Functions_Key="kéy 1"),
        asked("code=k%C3%A9y+1&period=daily"),
        asked("code=wrong", x_functions_key="kéy 1"),
    ],
    ids=["header", "case", "address", "header wins"],
)
def test_the_key_opens(request_: HttpRequest) -> None:
    """In the header or in the address, of which the header wins."""
    check_key(request_, "kéy 1")


@pytest.mark.parametrize(
    "request_",
    [
        asked(),
        asked("code="),
        asked("code=key"),
        asked("Code=kéy 1"),
        asked(x_functions_key="kéy 1 "),
        asked("code=kéy 1", x_functions_key="wrong"),
        asked(x_functions_key="\ud800"),
    ],
)
def test_anything_else_does_not(request_: HttpRequest) -> None:
    """The error does not hold the key."""
    with pytest.raises(RequestRefusedError, match="x-functions-key") as refusal:
        check_key(request_, "kéy 1")

    assert refusal.value.status == 401
    assert "kéy 1" not in str(refusal.value)


@pytest.mark.parametrize(
    "host", ["localhost:7071", "127.0.0.1", "[::1]:7071", "LOCALHOST"]
)
def test_without_a_key_programs_of_this_machine_are_answered(host: str) -> None:
    """Curl and scripts, which name this machine."""
    check_key(asked(Host=host), None)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": "reports.example.org"},
        {"Host": "127.0.0.1.example.org"},
        {"Host": "[bad"},
        {"Host": "localhost", "Sec_Fetch_Site": "cross-site"},
        {"Host": "localhost", "Origin": "https://example.org"},
        {"Host": "localhost", "X_Forwarded_For": "203.0.113.7"},
        {"Host": "localhost", "Forwarded": "for=203.0.113.7"},
        {"Host": "localhost", "Via": "1.1 tunnel"},
    ],
)
def test_without_a_key_nobody_else_is(headers: dict[str, str]) -> None:
    """Neither through a tunnel, nor a web page that is open in a browser here."""
    with pytest.raises(RequestRefusedError, match="REPORT_KEY") as refusal:
        check_key(asked(**headers), None)

    assert refusal.value.status == 403
