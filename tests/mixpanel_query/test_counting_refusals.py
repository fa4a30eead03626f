"""What the counting endpoints refuse: answers and questions that are not right."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mixpanel_query.exceptions import (
    InvalidQueryError,
    MixpanelQueryError,
    UnreadableAnswerError,
)

Make = Callable[..., Any]
Question = Callable[[Any], object]
WEEK = ("2026-11-09", "2026-11-15")


@pytest.fixture
def misread(scripted: Make, reply: Make, refused: Make) -> Make:
    """Ask a question, have it answered with a JSON body, and return the error."""

    def put(question: Question, body: object) -> MixpanelQueryError:
        server = scripted(reply(json.dumps(body).encode()))
        error: MixpanelQueryError = refused(question, base_url=server.base_url)
        return error

    return put


@pytest.mark.parametrize(
    ("question", "body", "problem"),
    [
        (lambda c: c.top_events(), [], "no 'events'"),
        (lambda c: c.top_events(), {"events": {}}, "no 'events'"),
        (
            lambda c: c.top_events(),
            {"events": [], "type": "unique"},
            "'unique' counts, and 'general' were asked for",
        ),
        (lambda c: c.top_events(), {"events": [{"event": "a"}]}, "count None"),
        (lambda c: c.top_events(), {"events": [5]}, "top event"),
        (
            lambda c: c.top_events(),
            {"events": [{"event": "a", "amount": 1, "percent_change": "1"}]},
            "the change of a",
        ),
        (lambda c: c.property_names("a"), [], "no object of properties"),
        (lambda c: c.property_names("a"), {"b": 5}, "property 'b'"),
        (lambda c: c.property_names("a"), {"b": {"count": "5"}}, "count"),
        (lambda c: c.property_values("a", "b"), {}, "not a list of values"),
        (lambda c: c.property_values("a", "b"), ["x", 5], "a value is 5, no text"),
        (lambda c: c.segmentation_sum("a", *WEEK, "1"), [], "no 'results' by date"),
        (
            lambda c: c.segmentation_sum("a", *WEEK, "1"),
            {"status": "failed", "results": {}},
            "the status 'failed'",
        ),
        (
            lambda c: c.segmentation_sum("a", *WEEK, "1"),
            {"results": {"2026-11-09": None}},
            "no number",
        ),
        (
            lambda c: c.segmentation_average("a", *WEEK, "1"),
            {"results": {"2026-11-09": 1, "2026-11-09T00:00": 1}},
            "two counts for one day",
        ),
        (
            lambda c: c.segmentation_average("a", *WEEK, "1"),
            {"results": {"monday": 1}},
            "monday",
        ),
        (
            lambda c: c.segmentation_average("a", *WEEK, "1"),
            {"results": {}, "computed_at": "today"},
            "'computed_at' is 'today', no time",
        ),
        (
            lambda c: c.segmentation_average("a", *WEEK, "1"),
            {"results": {}, "computed_at": "2026-11-09 12:00:00"},
            "without an offset",
        ),
    ],
)
def test_answers_of_another_shape(
    misread: Make, question: Question, body: object, problem: str
) -> None:
    """What is not as documented is an error, never a guess and never 0."""
    error = misread(question, body)

    assert isinstance(error, UnreadableAnswerError)
    assert problem in str(error)


@pytest.mark.parametrize(
    ("question", "problem"),
    [
        (lambda c: c.events("a"), "neither dates nor an interval; give both dates"),
        (
            lambda c: c.events("a", WEEK[0]),
            "to_date None; give both dates, or an interval",
        ),
        (lambda c: c.events("a", *WEEK, interval=5), "give the dates, or the interval"),
        (lambda c: c.events("a", interval=0), "interval 0 is out of range"),
        (lambda c: c.events("a", interval=True), "interval True is no whole number"),
        (lambda c: c.events("a", interval=1.5), "interval 1.5 is no whole number"),
        (lambda c: c.event_names(from_date=WEEK[0]), "give both dates, or neither"),
        (lambda c: c.top_events(type="all"), "type 'all' is unknown"),
        (lambda c: c.top_events(limit=0), "limit 0 is out of range"),
        (
            lambda c: c.event_properties("a", "b", *WEEK, type="unique", unit="hour"),
            "no unique users by the hour",
        ),
        (lambda c: c.event_properties("a", "b", *WEEK, values="c"), "values 'c'"),
        (lambda c: c.event_properties("a", "b", *WEEK, values=[]), "values []"),
        (lambda c: c.event_properties("a", "b", *WEEK, values=[5]), "values 5"),
        (lambda c: c.event_properties("a", "b"), "neither dates nor"),
        (lambda c: c.property_names("a", limit=-1), "limit -1 is out of range"),
        (lambda c: c.property_values("a", ""), "a name is empty"),
        (lambda c: c.segmentation_sum("a", *WEEK, "amount"), "is a bare name"),
        (lambda c: c.segmentation_sum("a", *WEEK, "1", unit="week"), "unit 'week'"),
        (lambda c: c.segmentation_average("a", *WEEK, ""), "on '' is no expression"),
        (
            lambda c: c.segmentation_numeric("a", *WEEK, "1", type="sum"),
            "type 'sum' is unknown",
        ),
        (lambda c: c.events("\ud800", *WEEK), "holds half a character"),
        (lambda c: c.property_names("\ud800"), "holds half a character"),
    ],
)
def test_questions_that_cannot_be_right(
    refused: Make, question: Question, problem: str
) -> None:
    """Nothing is sent: there is no server."""
    error = refused(question, base_url="http://127.0.0.1:1")

    assert isinstance(error, InvalidQueryError)
    assert problem in str(error)
    assert "\n" not in str(error)
