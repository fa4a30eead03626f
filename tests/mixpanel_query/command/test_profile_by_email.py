"""Tests of the command profile-by-email, against a real server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mixpanel_query.command.program import run

Make = Callable[..., Any]
Captured = pytest.CaptureFixture[str]


def page(*distinct_ids: str) -> dict[str, object]:
    """A page of profiles that all have Joe's address."""
    profiles = [
        {"$distinct_id": each, "$properties": {"$email": "joe@example.com"}}
        for each in distinct_ids
    ]
    return {
        "page": 0,
        "page_size": 1000,
        "session_id": "1",
        "status": "ok",
        "total": len(profiles),
        "results": profiles,
    }


def test_profile(command_server: Make, capsys: Captured) -> None:
    """Whoever has the address is printed."""
    command_server(page("user-1"))

    assert run(["profile-by-email", "joe@example.com", "--format", "csv"]) == 0
    assert capsys.readouterr().out == "distinct_id,email\nuser-1,joe@example.com\n"


def test_nobody(command_server: Make, capsys: Captured) -> None:
    """Where nobody has it, that is a failure in one line."""
    command_server(page())

    assert run(["profile-by-email", "joe@example.com"]) == 1
    assert capsys.readouterr().err == (
        "Error: no profile has the e-mail address 'joe@example.com'; "
        "check how it is spelt, and the project\n"
    )


def test_several(command_server: Make, capsys: Captured) -> None:
    """Where several have it, all are named."""
    command_server(page("user-1", "user-2"))

    assert run(["profile-by-email", "joe@example.com"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Error: Multiple Mixpanel profiles found for email: joe@")
    assert "user-1" in said
    assert "user-2" in said
