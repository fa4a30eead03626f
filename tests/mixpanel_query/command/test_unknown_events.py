"""Tests of mixpanel_query.command.unknown_events, through the commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mixpanel_query.command.program import run

Make = Callable[..., Any]
DAY = ["--from", "2026-11-15", "--to", "2026-11-15"]
NOTHING = b'{"data":{"series":["2026-11-15"],"values":{"sign up":{"2026-11-15":0}}}}'
NAMES = json.dumps(["Sign Up", "Purchase"]).encode()


@pytest.fixture
def answering(
    scripted: Make, reply: Make, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """Start a server that answers with bodies in turn, for the environment."""

    def start(*bodies: bytes, status: str = "200 OK") -> Any:  # noqa: ANN401
        first, *rest = bodies
        server = scripted(reply(first), *(reply(body, status=status) for body in rest))
        monkeypatch.setenv("MIXPANEL_BASE_URL", server.base_url)
        monkeypatch.setenv("MIXPANEL_USERNAME", "u")
        monkeypatch.setenv("MIXPANEL_SECRET", "s")
        monkeypatch.setenv("MIXPANEL_PROJECT_ID", "1")
        return server

    return start


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        (["events", "sign up", *DAY], NOTHING),
        (["segmentation", "sign up", *DAY], NOTHING),
        (["export", "--event", "sign up", *DAY], b""),
    ],
    ids=["events", "segmentation", "export"],
)
def test_nearest_name(
    typed: list[str],
    answer: bytes,
    answering: Make,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Counting nothing of an event that nobody did lately names the one meant."""
    server = answering(answer, NAMES)

    assert run(typed) == 0
    assert capsys.readouterr().err.splitlines()[-1] == (
        "Warning: no event 'sign up' in the last 31 days; nearest is 'Sign Up'"
    )
    assert len(server.requests) == 2


def test_nothing_near(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing is like it, the command that lists the names is said."""
    answering(NOTHING, b'["Purchase"]')

    assert run(["events", "sign up", *DAY]) == 0
    assert capsys.readouterr().err == (
        "Warning: no event 'sign up' in the last 31 days; "
        "see: mixpanel-query event-names\n"
    )


def test_event_that_is_known(
    answering: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """An event that did not happen on these days, but lately, is no mistake."""
    answering(NOTHING, b'["sign up"]')

    assert run(["events", "sign up", *DAY]) == 0
    assert capsys.readouterr().err == ""


def test_counted_events_cost_one_request(answering: Make) -> None:
    """Where everything was counted, nothing more is asked."""
    server = answering(NOTHING.replace(b":0", b":1"))

    assert run(["events", "sign up", *DAY]) == 0
    assert len(server.requests) == 1


def test_hint_that_fails(answering: Make, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer stands, whatever becomes of the hint."""
    answering(NOTHING, b"slow down", status="429 Too Many Requests")

    assert run(["events", "sign up", *DAY]) == 0
    assert capsys.readouterr().err == ""
