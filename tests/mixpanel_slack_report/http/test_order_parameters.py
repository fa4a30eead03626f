"""The parameters of /api/CustomReport."""

from __future__ import annotations

import json
from datetime import date

import pytest

from mixpanel_slack_report.exceptions import RequestRefusedError
from mixpanel_slack_report.http.exchange import HttpRequest
from mixpanel_slack_report.http.order_parameters import OrderAsked, read_parameters
from mixpanel_slack_report.http.orders import ReportOrder


def asked(query: str = "", body: str = "", kind: str = "") -> OrderAsked:
    """Read the parameters of a request."""
    headers = {"content-type": kind}
    return read_parameters(
        HttpRequest("POST", "/api/CustomReport", query, headers, body.encode())
    )


def refused(query: str = "", body: str = "", kind: str = "") -> str:
    """Return why a request is refused; its status is 400."""
    with pytest.raises(RequestRefusedError) as refusal:
        asked(query, body, kind)
    assert refusal.value.status == 400
    return str(refusal.value)


def test_nothing_asks_for_the_daily_report_in_slack() -> None:
    """The defaults of the documentation."""
    assert asked() == OrderAsked(ReportOrder("daily"), send_slack=True)


@pytest.mark.parametrize("period", ["daily", "weekly", "biweekly", "monthly"])
def test_a_period_is_taken(period: str) -> None:
    """Each of the four, however it is written."""
    assert asked(f"period={period.upper()}").order == ReportOrder(period)


@pytest.mark.parametrize("period", ["", "period=custom&", "period=daily&"])
def test_two_days_make_it_custom(period: str) -> None:
    """Whatever the period: the days are what somebody wrote out."""
    order = asked(f"{period}from_date=2025-12-01&to_date=2025-12-28").order

    assert order == ReportOrder("custom", date(2025, 12, 1), date(2025, 12, 28))


@pytest.mark.parametrize(
    ("text", "sent"),
    [("true", True), ("1", True), ("Yes", True), ("false", False), ("0", False)],
)
def test_send_slack_is_yes_or_no(text: str, sent: bool) -> None:
    """In the usual ways to write them."""
    assert asked(f"send_slack={text}").send_slack is sent


def test_events_have_commas_between_them() -> None:
    """Spaces around a name are none of it, and a name counts once."""
    order = asked("events=Sign+Up%2C%20Page+View,,Sign+Up").order

    assert order.events == ("Sign Up", "Page View")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"period": "weekly", "send_slack": false}', "application/json"),
        ('{"period": "weekly", "send_slack": false}', "application/json; charset=utf8"),
        (' {"period": "weekly", "send_slack": false}', ""),
        (
            '{"period": "weekly", "send_slack": "no", "events": null}',
            "application/x-www-form-urlencoded",
        ),
        ("period=weekly&send_slack=false", "application/x-www-form-urlencoded"),
    ],
)
def test_a_value_of_the_body_wins(body: str, kind: str) -> None:
    """JSON or a form; curl calls JSON a form."""
    found = asked("period=monthly&send_slack=true&events=Login", body, kind)

    assert found == OrderAsked(ReportOrder("weekly", events=("Login",)), False)


def test_events_may_be_a_list_in_json() -> None:
    """As anybody would write it there."""
    body = json.dumps({"events": ["Sign Up", "Größe"]})

    assert asked(body=body).order.events == ("Sign Up", "Größe")


def test_the_key_of_azure_is_no_parameter() -> None:
    """It stands in the address, and is checked elsewhere."""
    assert asked("code=abc&clientId=default&period=weekly").order.period == "weekly"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("perod=weekly", "period, send_slack, from_date, to_date, events"),
        ("period=yearly", "daily, weekly, biweekly, monthly"),
        ("period=custom", "from_date and to_date"),
        ("from_date=2025-12-01", "give both"),
        ("to_date=2025-12-01", "give both"),
        ("from_date=2025-12-1&to_date=2025-12-28", "write it as 2026-11-16"),
        ("from_date=2025-02-30&to_date=2025-12-28", "'2025-02-30' is no day"),
        ("send_slack=maybe", "true or false"),
        ("period=daily&period=weekly", "given twice"),
        ("&".join(f"a{number}=" for number in range(101)), "more than 100"),
    ],
)
def test_what_cannot_be_used_is_refused(query: str, said: str) -> None:
    """In one line that names what is allowed."""
    message = refused(query)

    assert said in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "no JSON"),
        ("[" * 90_000, "no JSON"),
        ("[1]", "no JSON object"),
        ('{"period": 7}', "neither text"),
        ('{"events": [1]}', "neither text"),
        ('{"events": ["\\ud800"]}', "neither text"),
        ('{"events": ["a,b"]}', "comma"),
        ('{"Period": "weekly"}', "'Period' is no parameter"),
    ],
)
def test_a_body_that_cannot_be_used_is_refused(body: str, said: str) -> None:
    """Whatever it is."""
    assert said in refused(body=body, kind="application/json")


def test_a_body_of_another_kind_is_refused() -> None:
    """It is not guessed at."""
    assert "JSON object nor a form" in refused(body="<a/>", kind="text/xml")


def test_a_body_that_is_no_text_is_refused() -> None:
    """UTF-8 is what JSON is written in."""
    request = HttpRequest("POST", "/api/CustomReport", body=b"\xff\xfe")

    with pytest.raises(RequestRefusedError, match="UTF-8"):
        read_parameters(request)


def test_what_was_given_is_told_on_one_line() -> None:
    """Lines and turns of the writing do not reach a terminal or a log."""
    assert refused("period=a%0Ab%E2%80%AEc").startswith("period 'a b c' is not known")
