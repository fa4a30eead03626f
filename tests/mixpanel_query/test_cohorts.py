"""Tests of mixpanel_query.cohorts, through both clients and a real socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from mixpanel_query import Cohort
from mixpanel_query.exceptions import UnreadableAnswerError

Make = Callable[..., Any]
# The example of Mixpanel's own contract.
COHORTS: list[dict[str, Any]] = [
    {
        "count": 150,
        "is_visible": 1,
        "description": "This cohort is visible.",
        "created": "2019-03-19 23:49:51",
        "project_id": 1,
        "id": 1000,
        "name": "Cohort One",
    },
    {
        "count": 25,
        "is_visible": 0,
        "description": None,
        "created": "2019-04-02 23:22:01",
        "project_id": 1,
        "id": 2000,
        "name": "Cohort Two",
    },
]


def test_cohorts(ask: Make, scripted: Make, reply: Make) -> None:
    """Cohorts are asked for with a POST and come in their order."""
    server = scripted(reply(json.dumps(COHORTS).encode()))

    cohorts = ask(lambda client: client.cohorts(), base_url=server.base_url)

    assert server.requests[0].startswith(
        "POST /api/query/cohorts/list?project_id=12345 HTTP/1.1"
    )
    assert cohorts == (
        Cohort(
            id=1000,
            name="Cohort One",
            description="This cohort is visible.",
            count=150,
            created=datetime(2019, 3, 19, 23, 49, 51),
            is_visible=True,
            project_id=1,
        ),
        Cohort(
            id=2000,
            name="Cohort Two",
            description="",
            count=25,
            created=datetime(2019, 4, 2, 23, 22, 1),
            is_visible=False,
            project_id=1,
        ),
    )


def test_rows(ask: Make, scripted: Make, reply: Make) -> None:
    """As a table, a cohort is a row."""
    server = scripted(reply(json.dumps(COHORTS).encode()))

    rows = ask(lambda client: client.cohorts(), base_url=server.base_url).to_dicts()

    assert [row["name"] for row in rows] == ["Cohort One", "Cohort Two"]
    assert [row["is_visible"] for row in rows] == [True, False]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"error": "no"}, "it tells of an error: no"),
        ({"cohorts": []}, "not a list of cohorts"),
        ([7], "a cohort is 7, no object"),
        ([{**COHORTS[0], "created": "lately"}], "'created' of a cohort is text"),
        ([{**COHORTS[0], "count": None}], "'count' of a cohort is null"),
        ([{**COHORTS[0], "is_visible": 2}], "'is_visible' of a cohort is 2"),
        ([{"id": 1}], "'created' of a cohort is missing"),
    ],
)
def test_other_shapes_are_no_answer(
    refused: Make, scripted: Make, reply: Make, body: object, problem: str
) -> None:
    """What is not documented is an error, not an empty list."""
    server = scripted(reply(json.dumps(body).encode()))

    error = refused(lambda client: client.cohorts(), base_url=server.base_url)

    assert isinstance(error, UnreadableAnswerError)
    assert problem in str(error)
