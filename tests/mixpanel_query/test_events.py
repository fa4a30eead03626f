"""Tests of mixpanel_query.events, without a network."""

from __future__ import annotations

import pytest

from mixpanel_query import TimeSeries
from mixpanel_query.events import count_events, list_event_names
from mixpanel_query.exceptions import InvalidQueryError, UnreadableAnswerError
from mixpanel_query.parameters import CountType, Unit
from mixpanel_query.spans import Span
from mixpanel_query.wire import Answer, Flow, QueryRequest
from mixpanel_schema import Event

WEEK = Span.of("2026-11-09", "2026-11-15", None)


def count(*, type: CountType = "general", unit: Unit = "day") -> Flow[TimeSeries]:
    """Ask how often two events happened in a week."""
    events = [Event("Sign Up"), "Purchase"]
    return count_events(events, WEEK, type=type, unit=unit, timezone=None)


def finish(flow: Flow[object], body: object) -> object:
    """Send the answer to a question's one request and return its result."""
    request = next(flow)
    with pytest.raises(StopIteration) as done:
        flow.send(Answer(request, "mixpanel.com", body))
    return done.value.value


def test_request() -> None:
    """Several events are one request, their names one JSON parameter."""
    assert next(count()) == QueryRequest(
        "/api/query/events",
        {
            "event": '["Sign Up", "Purchase"]',
            "type": "general",
            "unit": "day",
            "from_date": "2026-11-09",
            "to_date": "2026-11-15",
        },
    )


def test_result() -> None:
    """The result knows its unit, its type and what was asked."""
    body = {
        "data": {"series": ["2026-11-09"], "values": {"Sign Up": {"2026-11-09": 3}}}
    }

    series = finish(count(type="unique", unit="week"), body)

    assert isinstance(series, TimeSeries)
    assert (series.type, series.unit) == ("unique", "week")
    assert series.asked == ("Sign Up", "Purchase")


def test_no_unique_users_by_the_hour() -> None:
    """What Mixpanel does not count is refused here."""
    with pytest.raises(InvalidQueryError, match="no unique users by the hour"):
        next(count(type="unique", unit="hour"))


@pytest.mark.parametrize(
    ("options", "problem"),
    [({"type": "all"}, "type 'all'"), ({"unit": "year"}, "unit 'year'")],
)
def test_unknown_words(options: dict[str, str], problem: str) -> None:
    """A type or unit that Mixpanel does not know is refused here."""
    with pytest.raises(InvalidQueryError, match=problem):
        next(count(**options))  # type: ignore[arg-type]


def test_names_request() -> None:
    """Names are asked for by type and limit."""
    request = next(list_event_names(type="unique", limit=10, window=None))

    assert request == QueryRequest(
        "/api/query/events/names", {"type": "unique", "limit": "10"}
    )


def test_names_result() -> None:
    """Names come as Mixpanel orders them."""
    flow = list_event_names(type="general", limit=255, window=None)

    assert finish(flow, ["battle", "Alpha"]) == ["battle", "Alpha"]


@pytest.mark.parametrize("limit", [0, 5001])
def test_names_limit(limit: int) -> None:
    """A limit that the server would change is refused."""
    with pytest.raises(InvalidQueryError, match="use 1 to 5000"):
        next(list_event_names(type="general", limit=limit, window=None))


@pytest.mark.parametrize("body", [{}, "a", None])
def test_names_of_another_shape(body: object) -> None:
    """What is not a list of names is unreadable."""
    flow = list_event_names(type="general", limit=255, window=None)
    request = next(flow)

    with pytest.raises(UnreadableAnswerError, match="not a list of names"):
        flow.send(Answer(request, "mixpanel.com", body))


def names_from(body: object) -> list[str]:
    """Return the names that are read from an answer."""
    flow = list_event_names(type="general", limit=10, window=None)
    request = next(flow)
    with pytest.raises(StopIteration) as done:
        flow.send(Answer(request, "mixpanel.com", body))
    names: list[str] = done.value.value
    return names


def test_names_that_nobody_could_ask_about_are_left_out() -> None:
    """One event without a name does not spoil the others."""
    assert names_from(["Sign Up", "", None, "Purchase"]) == ["Sign Up", "Purchase"]


def test_no_name_at_all() -> None:
    """A list of other things is no list of names."""
    with pytest.raises(UnreadableAnswerError, match="without a single name"):
        names_from([{"event": "Sign Up"}])
