"""Reports over HTTP: a local Mixpanel project, and a Slack that stands in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from mixpanel_slack_report.slack.stand_in import ScriptedAnswer

from .conftest import Start
from .servers import KEY


@pytest.mark.parametrize(
    ("path", "title", "days"),
    [
        ("/api/CustomReport?period=daily", "Daily Report", ("2026-11-17",) * 2),
        (
            "/api/CustomReport?period=weekly",
            "Weekly Report",
            ("2026-11-09", "2026-11-15"),
        ),
        (
            "/api/CustomReport?from_date=2025-12-01&to_date=2025-12-28",
            "Custom Report",
            ("2025-12-01", "2025-12-28"),
        ),
        (
            f"/api/customreport?code={KEY}&period=weekly",
            "Weekly Report",
            ("2026-11-09", "2026-11-15"),
        ),
    ],
)
def test_the_documented_requests_post_a_report(
    start_server: Start, path: str, title: str, days: tuple[str, str]
) -> None:
    """And answer with its document, for which the path needs no certain case."""
    server = start_server()

    status, document = server.ask(path, x_functions_key=KEY)

    assert (status, document["slack_sent"]) == (200, True)
    assert (document["from_date"], document["to_date"]) == days
    assert [text.split(",")[0] for text in server.reports()] == [title]


def test_a_report_can_be_had_without_posting(start_server: Start) -> None:
    """Then no webhook is needed either; the numbers are those that were loaded."""
    server = start_server(SLACK_WEBHOOK_URL="")

    status, document = server.ask(
        "/api/CustomReport?period=weekly&send_slack=false", x_functions_key=KEY
    )

    assert (status, document["slack_sent"]) == (200, False)
    assert server.reports() == []
    metrics = document["metrics"]
    assert isinstance(metrics, list)
    signups = next(one for one in metrics if one["name"] == "New Signups")
    assert (signups["value"], signups["status"]) == (3, "ok")


def test_a_biweekly_report_is_the_latest_that_was_due(start_server: Start) -> None:
    """Who asks on another day wants it all the same."""
    server = start_server()

    status, document = server.ask(
        "/api/CustomReport?period=biweekly", x_functions_key=KEY
    )

    assert (status, document["slack_sent"]) == (200, True)
    # Two weeks before 2026-11-09, which is 22 times 14 days after 2026-01-05.
    assert (document["from_date"], document["to_date"]) == ("2026-10-26", "2026-11-08")


def test_events_are_counted_in_place_of_the_metrics(start_server: Start) -> None:
    """Named in a JSON body, and the period in the address."""
    server = start_server()

    _, document = server.ask(
        "/api/CustomReport?period=weekly&send_slack=false",
        b'{"events": "Sign Up"}',
        x_functions_key=KEY,
    )

    metrics = document["metrics"]
    assert isinstance(metrics, list)
    assert [(one["name"], one["value"]) for one in metrics] == [("Sign Up", 3)]


def test_every_request_posts_anew(start_server: Start) -> None:
    """Somebody asked for it."""
    server = start_server()

    for _ in range(2):
        server.ask("/api/CustomReport?period=weekly", x_functions_key=KEY)

    assert len(server.reports()) == 2


def test_a_repeat_with_its_key_posts_once_and_is_answered_again(
    start_server: Start,
) -> None:
    """Twenty at once, each of which is answered with the document."""
    server = start_server()

    def ask(_: int) -> tuple[int, object, object]:
        status, document = server.ask(
            "/api/CustomReport?period=weekly",
            x_functions_key=KEY,
            Idempotency_Key="8e03978e-40d5-43dd-bc93-6894a57f9324",
        )
        return status, document["slack_sent"], document["to_date"]

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(ask, range(20)))

    assert answers == [(200, True, "2026-11-15")] * 20
    assert len(server.reports()) == 1


def test_twenty_requests_at_once_are_answered(start_server: Start) -> None:
    """Each with its own post."""
    server = start_server()

    def ask(_: int) -> int:
        return server.ask("/api/CustomReport?period=weekly", x_functions_key=KEY)[0]

    with ThreadPoolExecutor(20) as threads:
        statuses = list(threads.map(ask, range(20)))

    assert (statuses, len(server.reports())) == ([200] * 20, 20)


def test_without_the_key_nothing_is_made(start_server: Start) -> None:
    """Nor is it told whether there is anything."""
    server = start_server()

    status, document = server.ask("/api/CustomReport?period=weekly")

    assert (status, server.reports()) == (401, [])
    assert "x-functions-key" in str(document["error"])


@pytest.mark.parametrize(
    ("scripted", "status", "sent"),
    [
        (ScriptedAnswer(404, "no_service"), 502, False),
        (ScriptedAnswer(500, "oops"), 502, None),
        (ScriptedAnswer(reset="after", posted=True), 502, None),
    ],
    ids=["refused", "5xx", "reset"],
)
def test_a_report_that_slack_did_not_take_is_answered_with_why(
    start_server: Start, scripted: ScriptedAnswer, status: int, sent: bool | None
) -> None:
    """The document is there; whether it was posted is null where nobody knows."""
    server = start_server()
    server.slack.answers.append(scripted)

    answered, document = server.ask(
        "/api/CustomReport?period=weekly", x_functions_key=KEY
    )

    assert (answered, document["slack_sent"]) == (status, sent)
    assert document["to_date"] == "2026-11-15"
    assert "T00000000" not in str(document["error"])


def test_a_repeat_of_what_nobody_knows_posts_nothing(start_server: Start) -> None:
    """With the same key it is a conflict, and no word of a command line."""
    server = start_server()
    server.slack.answers.append(ScriptedAnswer(reset="after", posted=True))
    asked = {"x_functions_key": KEY, "Idempotency_Key": "abc"}
    server.ask("/api/CustomReport?period=weekly", **asked)

    status, document = server.ask("/api/CustomReport?period=weekly", **asked)

    assert (status, document["slack_sent"]) == (409, None)
    assert "--force" not in str(document["error"])
    assert len(server.slack.posts) == 1


def test_mixpanel_that_is_down_is_a_502(
    start_server: Start, serve_answers: Start
) -> None:
    """In one line; nothing is posted that looks like a report."""
    server = start_server(MIXPANEL_BASE_URL=serve_answers((503, {}, "down")).url)

    status, document = server.ask(
        "/api/CustomReport?period=weekly", x_functions_key=KEY
    )

    assert (status, document["slack_sent"]) == (502, False)
    assert "\n" not in str(document["error"])


def test_a_missing_webhook_is_told(start_server: Start) -> None:
    """By the name of its setting."""
    server = start_server(SLACK_WEBHOOK_URL="")

    status, document = server.ask("/api/CustomReport", x_functions_key=KEY)

    assert status == 500
    assert str(document["error"]).startswith("SLACK_WEBHOOK_URL is not set")


def test_days_that_are_not_over_are_refused(start_server: Start) -> None:
    """It is 2026-11-18 in the tests."""
    status, document = start_server().ask(
        "/api/CustomReport?from_date=2026-11-18&to_date=2026-11-19",
        x_functions_key=KEY,
    )

    assert status == 400
    assert "not over" in str(document["error"])


@pytest.mark.parametrize("key", ["two words", "x" * 201])
def test_a_repeat_key_that_is_none_is_refused(start_server: Start, key: str) -> None:
    """It is kept in the ledger, so it is a word and not a text."""
    server = start_server()

    status, document = server.ask(
        "/api/CustomReport", x_functions_key=KEY, Idempotency_Key=key
    )

    assert (status, server.reports()) == (400, [])
    assert "Idempotency-Key" in str(document["error"])
