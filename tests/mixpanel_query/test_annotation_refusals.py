"""Tests of mixpanel_query.annotations: what is refused, here or when it is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from mixpanel_query import ProjectSecret
from mixpanel_query.exceptions import InvalidQueryError, UnreadableAnswerError

Make = Callable[..., Any]
NOON = datetime(2022, 2, 15, 12)
ENTRY: dict[str, Any] = {
    "id": 5,
    "date": "2022-02-15 12:00:00",
    "description": "Something interesting happened!",
}
TAG = {"id": 3, "name": "release", "project_id": 12345, "has_annotations": True}


def ok(results: object) -> dict[str, object]:
    """An answer about something."""
    return {"status": "ok", "results": results}


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        (
            lambda client: client.annotations("2022-02-02", "2022-02-01"),
            "ends 2022-02-01 before it starts",
        ),
        (lambda client: client.annotations(NOON), "from_date 2022-02-15T12:00:00 is a"),
        (lambda client: client.annotation(0), "annotation_id 0 is out of range"),
        (
            lambda client: client.create_annotation(
                NOON.replace(tzinfo=timezone.utc), "A"
            ),
            "has a timezone, and annotations have none",
        ),
        (
            lambda client: client.create_annotation("noon", "A"),
            "date 'noon' is no time",
        ),
        (
            lambda client: client.create_annotation("2022-02-30", "A"),
            "date 2022-02-30 is not in the calendar",
        ),
        (lambda client: client.create_annotation(7, "A"), "date 7 is no time"),
        (lambda client: client.create_annotation(NOON, " "), "description ' ' is no"),
        (
            lambda client: client.create_annotation(NOON, "\udcff"),
            "description '\\udcff' holds half a character",
        ),
        (
            lambda client: client.create_annotation(NOON, "A", tags=["release"]),
            "tag 'release' is no number; take it from annotation_tags()",
        ),
        (
            lambda client: client.update_annotation(5),
            "nothing of annotation 5 would change",
        ),
        (lambda client: client.create_annotation_tag(""), "name '' is no text"),
    ],
)
def test_what_is_not_sent(refused: Make, question: Make, problem: str) -> None:
    """What cannot be right is refused here."""
    error = refused(question)

    assert isinstance(error, InvalidQueryError)
    assert problem in str(error)


def test_project_secret(refused: Make) -> None:
    """A project secret does not say which project's annotations are meant."""
    with pytest.warns(DeprecationWarning, match="2027-03-03"):
        secret = ProjectSecret("hunter2-hunter2")

    error = refused(lambda client: client.annotations(), credentials=secret)

    assert isinstance(error, InvalidQueryError)
    assert "use a service account" in str(error)


@pytest.mark.parametrize(
    ("question", "document", "problem"),
    [
        (lambda client: client.annotations(), [ENTRY], "the answer is a list"),
        (
            lambda client: client.annotations(),
            {"error": "no"},
            "it tells of an error: no",
        ),
        (
            lambda client: client.annotations(),
            ok([{**ENTRY, "date": "lately"}]),
            "the 'date' of an annotation is text, no time",
        ),
        (
            lambda client: client.annotations(),
            ok([{**ENTRY, "tags": [{"id": "3", "name": "a"}]}]),
            "the 'id' of a tag is text, no whole number",
        ),
        (
            lambda client: client.annotations(),
            ok([{**ENTRY, "user": 7}]),
            "a user is 7, no object",
        ),
        (lambda client: client.annotation(5), ok([]), "an annotation is a list"),
        (
            lambda client: client.delete_annotation(5),
            ok({}),
            "'id' of what was deleted",
        ),
        (lambda client: client.annotation_tags(), ok([]), "not a list of tags"),
        (
            lambda client: client.create_annotation_tag("a"),
            {**TAG, "has_annotations": "yes"},
            "the 'has_annotations' of a tag is text, no true",
        ),
    ],
)
def test_other_shapes_are_no_answer(
    *,
    refused: Make,
    scripted: Make,
    reply: Make,
    question: Make,
    document: object,
    problem: str,
) -> None:
    """What is not documented is an error."""
    server = scripted(reply(json.dumps(document).encode()))

    error = refused(question, base_url=server.base_url)

    assert isinstance(error, UnreadableAnswerError)
    assert problem in str(error)
