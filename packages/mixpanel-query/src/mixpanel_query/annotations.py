"""Annotations: notes in Mixpanel's charts, to read, make, change and delete.

Mixpanel documents them for service accounts only; changing them takes the role of an
analyst. They count against none of its rate limits that are documented.
https://developer.mixpanel.com/reference/list-all-annotations-for-project
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from mixpanel_query.annotation_entries import (
    Annotation,
    AnnotationTag,
    read_annotation,
    read_tag,
)
from mixpanel_query.answer_fields import AnswerFields
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.parameters import checked_number
from mixpanel_query.records import Records
from mixpanel_query.window import Window, read_date
from mixpanel_query.wire import Answer, Flow, Method, QueryRequest, is_storable

__all__ = [
    "create_annotation",
    "create_tag",
    "delete_annotation",
    "get_annotation",
    "list_annotations",
    "list_tags",
    "planned_document",
    "update_annotation",
]

TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?)?")
PATH = "/api/app/projects/{project_id}/annotations"


def list_annotations(
    from_date: date | str | None, to_date: date | str | None
) -> Flow[Records[Annotation]]:
    """List annotations in order of time.

    https://developer.mixpanel.com/reference/list-all-annotations-for-project
    """
    params = {}
    if from_date is not None and to_date is not None:
        Window.of(from_date, to_date)
    if from_date is not None:
        params["fromDate"] = read_date("from_date", from_date).isoformat()
    if to_date is not None:
        params["toDate"] = read_date("to_date", to_date).isoformat()
    answer = yield QueryRequest(PATH, params, family="app", limits=())
    documents = AnswerFields(answer, "the answer", answer.body).several("results")
    found = [read_annotation(answer, document) for document in documents]
    return Records(sorted(found, key=lambda each: each.date.replace(tzinfo=None)))


def get_annotation(annotation_id: int) -> Flow[Annotation]:
    """Read one annotation.

    https://developer.mixpanel.com/reference/get-annotation
    """
    answer = yield QueryRequest(path_of(annotation_id), family="app", limits=())
    return read_annotation(answer, results(answer))


def create_annotation(
    date: datetime | date | str,
    description: str,
    tags: Iterable[AnnotationTag | int],
) -> Flow[Annotation]:
    """Make an annotation.

    https://developer.mixpanel.com/reference/create-annotation
    """
    document = planned_document(date, description, tags)
    answer = yield change("POST", PATH, document)
    return read_annotation(answer, results(answer))


def planned_document(
    date: datetime | date | str,
    description: str,
    tags: Iterable[AnnotationTag | int],
) -> dict[str, object]:
    """Return what is sent to make an annotation.

    Raises:
        InvalidQueryError: If it cannot be right.

    >>> planned_document(date(2022, 2, 15), "Released", [3])["date"]
    '2022-02-15 00:00:00'
    """
    return {
        "date": time_text(date),
        "description": checked_text("description", description),
        "tags": tag_ids(tags),
    }


def update_annotation(
    annotation_id: int,
    description: str | None,
    tags: Iterable[AnnotationTag | int] | None,
) -> Flow[Annotation]:
    """Change the text or the tags of an annotation.

    https://developer.mixpanel.com/reference/patch-annotation
    """
    document: dict[str, object] = {}
    if description is not None:
        document["description"] = checked_text("description", description)
    if tags is not None:
        document["tags"] = tag_ids(tags)
    if not document:
        problem = f"nothing of annotation {annotation_id} would change"
        raise InvalidQueryError(f"{problem}; give a description or tags")
    answer = yield change("PATCH", path_of(annotation_id), document)
    return read_annotation(answer, results(answer))


def delete_annotation(annotation_id: int) -> Flow[int]:
    """Delete an annotation, and return its number.

    https://developer.mixpanel.com/reference/delete-annotation
    """
    answer = yield change("DELETE", path_of(annotation_id), None)
    return AnswerFields(answer, "what was deleted", results(answer)).whole("id")


def list_tags() -> Flow[Records[AnnotationTag]]:
    """List the tags that annotations have.

    https://developer.mixpanel.com/reference/get-annotation-tags
    """
    answer = yield QueryRequest(f"{PATH}/tags", family="app", limits=())
    if not isinstance(answer.body, list):
        raise answer.unreadable("not a list of tags")
    return Records(read_tag(answer, document) for document in answer.body)


def create_tag(name: str) -> Flow[AnnotationTag]:
    """Make a tag.

    https://developer.mixpanel.com/reference/create-annotation-tag
    """
    document = {"name": checked_text("name", name)}
    answer = yield change("POST", f"{PATH}/tags", document)
    return read_tag(answer, answer.body)


def change(method: Method, path: str, document: object) -> QueryRequest:
    """Make a request that changes something, which must not be sent twice."""
    return QueryRequest(
        path,
        family="app",
        method=method,
        document=document,
        limits=(),
        repeatable=False,
    )


def path_of(annotation_id: int) -> str:
    """Return the path of one annotation.

    >>> path_of(5)
    '/api/app/projects/{project_id}/annotations/5'
    """
    return f"{PATH}/{checked_number('annotation_id', annotation_id)}"


def results(answer: Answer) -> object:
    """Return what an answer is about."""
    return AnswerFields(answer, "the answer", answer.body).document.get("results")


def time_text(given: datetime | date | str) -> str:
    """Return a time as an annotation has it, without a timezone; a day is its midnight.

    Raises:
        InvalidQueryError: If it is no time, or has a timezone.

    >>> time_text(date(2022, 2, 15)), time_text("2022-02-15 12:30")
    ('2022-02-15 00:00:00', '2022-02-15 12:30:00')
    """
    if isinstance(given, str) and TIME.fullmatch(given):
        try:
            given = datetime.fromisoformat(given)
        except ValueError as error:
            problem = f"date {given} is not in the calendar ({error})"
            raise InvalidQueryError(f"{problem}; give a time that exists") from error
    elif isinstance(given, date) and not isinstance(given, datetime):
        given = datetime(given.year, given.month, given.day)
    if not isinstance(given, datetime):
        allowed = "write it as YYYY-MM-DD HH:MM:SS or YYYY-MM-DD, without a timezone"
        raise InvalidQueryError(f"date {given!r} is no time; {allowed}")
    if given.tzinfo is not None:
        problem = f"date {given.isoformat()} has a timezone, and annotations have none"
        raise InvalidQueryError(f"{problem}; give what the project's clock shows")
    return given.isoformat(sep=" ", timespec="seconds")


def checked_text(name: str, given: str) -> str:
    """Return a text that Mixpanel can show.

    Raises:
        InvalidQueryError: If it is no text, is empty, or holds half a character.
    """
    if not isinstance(given, str) or not given.strip():
        raise InvalidQueryError(f"{name} {given!r} is no text; say what is to be shown")
    if not is_storable(given):
        problem = f"{name} {given!r} holds half a character"
        raise InvalidQueryError(f"{problem}; write it in UTF-8")
    return given


def tag_ids(tags: Iterable[AnnotationTag | int]) -> list[int]:
    """Return the numbers of tags, each once, in their order.

    Raises:
        InvalidQueryError: If one is neither a tag nor a number.

    >>> tag_ids([AnnotationTag(3, "release"), 4, 3])
    [3, 4]
    """
    numbers = []
    for tag in tags:
        number = tag.id if isinstance(tag, AnnotationTag) else tag
        if isinstance(number, bool) or not isinstance(number, int):
            problem = f"tag {tag!r} is no number"
            raise InvalidQueryError(f"{problem}; take it from annotation_tags()")
        numbers.append(number)
    return list(dict.fromkeys(numbers))
