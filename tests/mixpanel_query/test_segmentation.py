"""Tests of mixpanel_query.segmentation, without a network."""

from __future__ import annotations

from typing import Any

import pytest

from mixpanel_query import TimeSeries, Window
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.segmentation import segment_event
from mixpanel_query.wire import Answer, Flow
from mixpanel_schema import Event, Property

WEEK = Window.of("2026-11-09", "2026-11-15")


def segment(**options: object) -> Flow[TimeSeries]:
    """Ask for Sign Up in a week."""
    usual: dict[str, Any] = dict.fromkeys(["on", "where", "interval", "limit"])
    usual |= {"unit": "day", "type": "general", "timezone": None}
    return segment_event(Event("Sign Up"), WEEK, **{**usual, **options})


def test_request() -> None:
    """The plainest question sends nothing that was not asked."""
    request = next(segment())

    assert request.path == "/api/query/segmentation"
    assert request.params == {
        "event": "Sign Up",
        "from_date": "2026-11-09",
        "to_date": "2026-11-15",
        "type": "general",
        "unit": "day",
    }


def test_expressions_are_sent_as_they_are() -> None:
    """Text of on and where is not touched."""
    params = next(segment(on='user["a"]', where='properties["b"] == "č"')).params

    assert (params["on"], params["where"]) == ('user["a"]', 'properties["b"] == "č"')


def test_property_is_written_as_an_expression() -> None:
    """A declared property needs no expression."""
    assert next(segment(on=Property("plan"))).params["on"] == 'properties["plan"]'


def test_interval_stands_in_for_unit() -> None:
    """Mixpanel takes one of the two."""
    params = next(segment(type="unique", interval=7)).params

    assert params["interval"] == "7"
    assert "unit" not in params


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"interval": 7}, "interval 7 with type general and unit day"),
        ({"interval": 7, "type": "unique", "unit": "hour"}, "unit hour"),
        ({"interval": 0, "type": "unique"}, "interval 0 is out of range"),
        ({"limit": 10}, "limit 10 counts segments"),
        ({"limit": 10_001, "on": Property("x")}, "use 1 to 10000"),
        ({"unit": "week"}, "unit 'week' is unknown"),
        ({"type": "all"}, "type 'all' is unknown"),
    ],
)
def test_what_mixpanel_would_ignore_or_refuse(
    options: dict[str, Any], problem: str
) -> None:
    """No parameter is sent that means nothing."""
    with pytest.raises(InvalidQueryError, match=problem):
        next(segment(**options))


def test_limit() -> None:
    """With segments, a limit is sent."""
    assert next(segment(on=Property("plan"), limit=10_000)).params["limit"] == "10000"


@pytest.mark.parametrize(
    ("on", "asked"), [(None, ("Sign Up",)), (Property("plan"), ())]
)
def test_result_knows_whether_it_has_segments(
    on: Property | None, asked: tuple[str, ...]
) -> None:
    """Only without segments is a missing name the event, and 0."""
    flow = segment(on=on)
    request = next(flow)

    with pytest.raises(StopIteration) as done:
        flow.send(Answer(request, "here", {"data": {"series": [], "values": {}}}))

    assert done.value.value.asked == asked
