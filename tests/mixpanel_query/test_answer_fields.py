"""Tests of mixpanel_query.answer_fields: kinds of JSON, and how they are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mixpanel_query.answer_fields import AnswerFields
from mixpanel_query.exceptions import UnreadableAnswerError
from mixpanel_query.wire import Answer, QueryRequest

ANSWER = Answer(QueryRequest("/api/query/cohorts/list"), "here", None)


def fields(value: object) -> AnswerFields:
    """A thing with one field."""
    return AnswerFields(ANSWER, "a thing", {"it": value})


@pytest.mark.parametrize(
    ("read", "value", "found"),
    [
        (AnswerFields.text, "", ""),
        (AnswerFields.text_or_none, None, None),
        (AnswerFields.text_or_none, "a", "a"),
        (AnswerFields.texts, ["a", ""], ("a", "")),
        (AnswerFields.whole, 0, 0),
        (AnswerFields.whole, 7.0, 7),
        (AnswerFields.wholes, [0, 7], (0, 7)),
        (AnswerFields.whole_or_none, None, None),
        (AnswerFields.whole_or_none, 7, 7),
        (AnswerFields.number, 1.5, 1.5),
        (AnswerFields.number, 0, 0),
        (AnswerFields.number_or_none, None, None),
        (AnswerFields.number_or_none, 1.5, 1.5),
        (AnswerFields.flag, 1, True),
        (AnswerFields.flag, False, False),
        (AnswerFields.several, [], []),
    ],
)
def test_what_is_as_documented(
    read: Callable[[AnswerFields, str], Any], value: object, found: object
) -> None:
    """A field of the right kind is returned."""
    result = read(fields(value), "it")

    assert result == found
    assert type(result) is type(found)


@pytest.mark.parametrize(
    ("read", "value", "problem"),
    [
        (AnswerFields.text, 7, "7, no text"),
        (AnswerFields.text, None, "null, no text"),
        (AnswerFields.text_or_none, [], "a list, no text"),
        (AnswerFields.texts, ["a", 7], "a list, no list of texts"),
        (AnswerFields.texts, "ab", "text, no list"),
        (AnswerFields.whole, "7", "text, no whole number"),
        (AnswerFields.whole, 7.5, "7.5, no whole number"),
        (AnswerFields.whole, True, "true, no whole number"),
        (AnswerFields.whole_or_none, {}, "an object, no whole number"),
        (AnswerFields.wholes, [7.5], "a list, no list of whole numbers"),
        (AnswerFields.wholes, [True], "a list, no list of whole numbers"),
        (AnswerFields.number, False, "false, no number"),
        (AnswerFields.number, None, "null, no number"),
        (AnswerFields.number, float("inf"), "inf, no finite number"),
        (AnswerFields.number_or_none, "1", "text, no number"),
        (AnswerFields.flag, 2, "2, no true, false, 1 or 0"),
        (AnswerFields.flag, None, "null, no true, false, 1 or 0"),
        (AnswerFields.several, {}, "an object, no list"),
    ],
)
def test_what_is_not_as_documented(
    read: Callable[[AnswerFields, str], Any], value: object, problem: str
) -> None:
    """A field of another kind is told with its kind, not with a long value."""
    with pytest.raises(UnreadableAnswerError) as caught:
        read(fields(value), "it")

    assert f"the 'it' of a thing is {problem};" in str(caught.value)


def test_missing() -> None:
    """A field that is not there is missing, which is not null."""
    with pytest.raises(UnreadableAnswerError, match="the 'that' of a thing is missing"):
        fields(1).text("that")


@pytest.mark.parametrize("document", [None, [], "a", 7])
def test_no_object(document: object) -> None:
    """What has no fields is no thing."""
    with pytest.raises(UnreadableAnswerError, match=r"a thing is .*, no object"):
        AnswerFields(ANSWER, "a thing", document)
