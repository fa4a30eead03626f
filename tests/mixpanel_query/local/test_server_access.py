"""Credentials, project ids and tokens, over a real socket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

import httpx
import pytest

from mixpanel_query.local import LocalProject

# 2026-11-22 12:00 UTC, the clock of the projects here.
NOW = 1795348800
DAY = {"from_date": "2026-11-22", "to_date": "2026-11-22"}


def event(**properties: object) -> dict[str, Any]:
    """Return an event that every rule lets pass, but for what is given."""
    complete = {"token": "t", "time": NOW, "distinct_id": "u1", "$insert_id": "i-1"}
    return {"event": "A", "properties": {**complete, **properties}}


@pytest.fixture(scope="module")
def guarded() -> Iterator[httpx.Client]:
    """Give an HTTP client of a project with credentials, number and token."""
    with (
        LocalProject(
            clock=lambda: datetime(2026, 11, 22, 12, tzinfo=timezone.utc),
            credentials=("reports", "s3cret-s3cret"),
            project_id=7,
            token="t",
        ) as project,
        httpx.Client(base_url=project.base_url, trust_env=False) as client,
    ):
        yield client


def test_event_with_another_token_is_ignored(guarded: httpx.Client) -> None:
    """The answer is 1 all the same, as documented, but nothing is kept."""
    foreign = {**event(token="other"), "event": "Foreign"}
    assert guarded.post("/track", json=foreign).text == "1"
    answer = guarded.get(
        "/api/2.0/export",
        params={**DAY, "project_id": "7", "event": '["Foreign"]'},
        auth=("reports", "s3cret-s3cret"),
    )

    assert answer.text == ""


def test_import_without_credentials_is_401(guarded: httpx.Client) -> None:
    """The body is the documented one."""
    answer = guarded.post("/import?strict=1&project_id=7", json=[event()])

    assert answer.status_code == 401
    assert answer.json() == {
        "code": 401,
        "error": "Invalid credentials",
        "status": "Unauthorized",
    }


@pytest.mark.parametrize(
    "auth", [("reports", "s3cret-s3cret"), ("t", "")], ids=["account", "token"]
)
def test_import_with_credentials_is_taken(
    guarded: httpx.Client, auth: tuple[str, str]
) -> None:
    """A service account with its project id, or the token, may import."""
    answer = guarded.post("/import?strict=1&project_id=7", json=[event()], auth=auth)

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/query/events"),
        ("GET", "/api/query/segmentation"),
        ("GET", "/api/query/events/names"),
        ("POST", "/api/query/engage"),
        ("GET", "/api/2.0/export"),
    ],
)
@pytest.mark.parametrize(
    ("auth", "query"),
    [
        (None, "?project_id=7"),
        (("reports", "wrong"), "?project_id=7"),
        (("reports", "s3cret-s3cret"), ""),
        (("reports", "s3cret-s3cret"), "?project_id=8"),
    ],
    ids=["no credentials", "wrong secret", "no project", "wrong project"],
)
def test_questions_want_the_right_credentials(
    guarded: httpx.Client,
    method: str,
    path: str,
    auth: tuple[str, str] | None,
    query: str,
) -> None:
    """Each of them answers 401 in the API's shape, and tells no secret."""
    answer = guarded.request(method, f"{path}{query}", auth=auth or ("", ""))

    assert answer.status_code == 401
    assert answer.json()["request"] == f"{path}{query}"
    assert "s3cret" not in answer.text
