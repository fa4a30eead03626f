"""Tests of mixpanel_query.projects, through both clients and a real socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mixpanel_query import Project
from mixpanel_query.exceptions import UnreadableAnswerError

Make = Callable[..., Any]


def account(projects: object) -> dict[str, object]:
    """Answer with projects."""
    return {"status": "ok", "results": {"projects": projects}}


def test_projects(ask: Make, scripted: Make, reply: Make) -> None:
    """Projects come in order of their numbers; what is not said is not guessed."""
    server = scripted(
        reply(
            json.dumps(
                account(
                    {
                        "20": {"name": "Shop", "timezone": "US/Pacific", "domain": "x"},
                        "3": {"name": "Blog", "timezone": None},
                    }
                )
            ).encode()
        )
    )

    found = ask(lambda client: client.projects(), base_url=server.base_url)

    assert server.requests[0].startswith("GET /api/app/me?project_id=12345 HTTP/1.1")
    assert found == (Project(3, "Blog", None), Project(20, "Shop", "US/Pacific"))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ([], "the answer is a list, no object"),
        ({"status": "ok"}, "its results is null, no object"),
        (account([]), "it has no projects by their numbers"),
        (account({"x": {}}), "project 'x' has no number for a name"),
        (account({"1": 7}), "project 1 is 7, no object"),
        (account({"1": {"timezone": 7}}), "the 'timezone' of project 1 is 7, no text"),
    ],
)
def test_answers_that_are_none(
    refused: Make, scripted: Make, reply: Make, body: object, problem: str
) -> None:
    """What is not as others found it is an error, never a guess."""
    server = scripted(reply(json.dumps(body).encode()))

    error = refused(lambda client: client.projects(), base_url=server.base_url)

    assert isinstance(error, UnreadableAnswerError)
    assert problem in str(error)
