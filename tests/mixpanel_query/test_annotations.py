"""Tests of mixpanel_query.annotations, through both clients and a real socket."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from mixpanel_query import (
    Annotation,
    AnnotationTag,
    AnnotationUser,
    RetryPolicy,
)
from mixpanel_query.exceptions import (
    MixpanelDownError,
)

Make = Callable[..., Any]
NOON = datetime(2022, 2, 15, 12)
# The shape and examples of Mixpanel's own contract.
ENTRY: dict[str, Any] = {
    "id": 5,
    "date": "2022-02-15 12:00:00",
    "description": "Something interesting happened!",
    "user": {"id": 7, "first_name": "John", "last_name": "Smith"},
    "tags": [{"id": 3, "name": "release"}],
}
ANNOTATION = Annotation(
    5,
    NOON,
    "Something interesting happened!",
    AnnotationUser(7, "John", "Smith"),
    (AnnotationTag(3, "release"),),
)
TAG = {"id": 3, "name": "release", "project_id": 12345, "has_annotations": True}
ROOT = "/api/app/projects/12345/annotations"


@pytest.fixture
def asking(ask: Make, scripted: Make, reply: Make) -> Make:
    """Ask a question, which a document answers; return the result and the server."""

    def ask_with(
        question: Make, document: object, status: str = "200 OK"
    ) -> tuple[Any, Any]:
        server = scripted(reply(json.dumps(document).encode(), status=status))
        return ask(question, base_url=server.base_url), server

    return ask_with


def ok(results: object) -> dict[str, object]:
    """An answer about something."""
    return {"status": "ok", "results": results}


def test_annotations(asking: Make, sent: Make) -> None:
    """Annotations come in order of time; the project stands in the path only."""
    earlier = {"id": 4, "date": "2022-02-14 00:00:00", "description": "Before"}

    found, server = asking(
        lambda client: client.annotations("2022-02-01", date(2022, 2, 28)),
        ok([ENTRY, earlier]),
    )

    assert sent(server) == (
        f"GET {ROOT}",
        {"fromDate": "2022-02-01", "toDate": "2022-02-28"},
        None,
    )
    assert found == (
        Annotation(4, datetime(2022, 2, 14), "Before", None, ()),
        ANNOTATION,
    )


@pytest.mark.parametrize(
    ("dates", "params"),
    [
        ({}, {}),
        ({"from_date": "2022-02-01"}, {"fromDate": "2022-02-01"}),
        ({"to_date": "2022-02-01"}, {"toDate": "2022-02-01"}),
    ],
)
def test_annotations_of_all_time(
    asking: Make, sent: Make, dates: dict[str, str], params: dict[str, str]
) -> None:
    """Neither date is needed."""
    found, server = asking(lambda client: client.annotations(**dates), ok([]))

    assert sent(server)[1] == params
    assert found == ()


def test_annotation(asking: Make, sent: Make) -> None:
    """One annotation is read by its number."""
    found, server = asking(lambda client: client.annotation(5), ok(ENTRY))

    assert sent(server) == (f"GET {ROOT}/5", {}, None)
    assert found == ANNOTATION


def test_rows(asking: Make) -> None:
    """As a table, an annotation is a row with names."""
    found, _ = asking(lambda client: client.annotations(), ok([ENTRY]))

    assert found.to_dicts() == [
        {
            "id": 5,
            "date": NOON,
            "description": "Something interesting happened!",
            "user": "John Smith",
            "tags": ["release"],
        }
    ]


def test_create(asking: Make, sent: Make) -> None:
    """An annotation is made with a POST of JSON, which is answered with 201."""
    made, server = asking(
        lambda client: client.create_annotation(
            NOON, "Released", tags=[AnnotationTag(3, "release"), 4]
        ),
        ok(ENTRY),
        status="201 Created",
    )

    assert sent(server) == (
        f"POST {ROOT}",
        {},
        {"date": "2022-02-15 12:00:00", "description": "Released", "tags": [3, 4]},
    )
    assert made == ANNOTATION


@pytest.mark.parametrize(
    ("given", "time"),
    [
        (date(2022, 2, 15), "2022-02-15 00:00:00"),
        ("2022-02-15", "2022-02-15 00:00:00"),
        ("2022-02-15 12:30", "2022-02-15 12:30:00"),
        ("2022-02-15T12:30:59", "2022-02-15 12:30:59"),
        (datetime(2022, 2, 15, 1, 2, 3, 999), "2022-02-15 01:02:03"),
    ],
)
def test_time(asking: Make, sent: Make, given: object, time: str) -> None:
    """A time may be a day, text, or what a clock shows."""
    _, server = asking(lambda client: client.create_annotation(given, "A"), ok(ENTRY))

    assert sent(server)[2]["date"] == time


@pytest.mark.parametrize(
    ("changes", "document"),
    [
        ({"description": "New"}, {"description": "New"}),
        ({"tags": []}, {"tags": []}),
        ({"description": "New", "tags": [3]}, {"description": "New", "tags": [3]}),
    ],
)
def test_update(
    asking: Make, sent: Make, changes: dict[str, Any], document: dict[str, Any]
) -> None:
    """Only what changes is sent; no tags are a change too."""
    found, server = asking(
        lambda client: client.update_annotation(5, **changes), ok(ENTRY)
    )

    assert sent(server) == (f"PATCH {ROOT}/5", {}, document)
    assert found == ANNOTATION


def test_delete(asking: Make, sent: Make) -> None:
    """Deleting answers the number of what is gone."""
    number, server = asking(lambda client: client.delete_annotation(5), ok({"id": 5}))

    assert sent(server) == (f"DELETE {ROOT}/5", {}, None)
    assert number == 5


def test_tags(asking: Make, sent: Make) -> None:
    """Tags are a bare list."""
    found, server = asking(lambda client: client.annotation_tags(), [TAG])

    assert sent(server) == (f"GET {ROOT}/tags", {}, None)
    assert found == (AnnotationTag(3, "release", 12345, True),)
    assert found.to_dicts() == [TAG]


def test_create_tag(asking: Make, sent: Make) -> None:
    """A tag is made of a name, and answered bare."""
    made, server = asking(lambda client: client.create_annotation_tag("release"), TAG)

    assert sent(server) == (f"POST {ROOT}/tags", {}, {"name": "release"})
    assert made == AnnotationTag(3, "release", 12345, True)


@pytest.mark.parametrize(
    "text", ["'\"\\&x=1\n\0*/</script>\u2028💥%20+#", "x" * 10_000]
)
def test_hostile_texts_arrive_as_data(asking: Make, sent: Make, text: str) -> None:
    """Quotes, line ends, NUL and other scripts reach the server as they are."""
    _, made = asking(lambda client: client.create_annotation(NOON, text), ok(ENTRY))
    _, changed = asking(
        lambda client: client.update_annotation(5, description=text), ok(ENTRY)
    )
    _, tagged = asking(lambda client: client.create_annotation_tag(text), TAG)

    assert sent(made)[2]["description"] == text
    assert sent(changed)[2] == {"description": text}
    assert sent(tagged)[2] == {"name": text}


@pytest.mark.parametrize(
    "question",
    [
        lambda client: client.create_annotation(NOON, "A"),
        lambda client: client.update_annotation(5, description="A"),
        lambda client: client.delete_annotation(5),
        lambda client: client.create_annotation_tag("A"),
    ],
    ids=["create", "update", "delete", "create tag"],
)
def test_changes_are_not_sent_twice(
    refused: Make, scripted: Make, reply: Make, question: Make
) -> None:
    """When nobody knows what became of a change, it is not repeated."""
    down = reply(b"oops", status="503 Service Unavailable")
    server = scripted(down, down)

    error = refused(
        question,
        base_url=server.base_url,
        retry=RetryPolicy(attempts=2, first_pause=0.0),
    )

    assert isinstance(error, MixpanelDownError)
    assert len(server.requests) == 1
