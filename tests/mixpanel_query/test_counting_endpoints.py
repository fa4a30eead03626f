"""Each counting endpoint over a real socket, through both clients."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from mixpanel_query import (
    AverageSeries,
    SumSeries,
    TimeSeries,
    TopEvent,
    TopProperty,
    event_property,
)
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_schema import Event, Property

Make = Callable[..., Any]
WEEK = ("2026-11-09", "2026-11-15")
DATES = {"from_date": "2026-11-09", "to_date": "2026-11-15"}
COUNTS = {
    "data": {
        "series": ["2010-05-31", "2010-05-29", "2010-05-30"],
        "values": {"splash features": {"2010-05-29": 6, "2010-05-30": 4}},
    },
    "legend_size": 2,
}
HOSTILE = {
    "quotes": """"'`\\"] == "" or properties["a""",
    "backslashes": "\\\\\\",
    "lines": "a\r\nHost: evil\n\n",
    "comment": "*/ --",
    "markup": "</script><b>&amp;&a=b#c?d",
    "nul": "a\0b",
    "signs": "🦊 č %00 %2e + ;",
    "long": "x" * 10_000,
}


def sent(server: Any) -> tuple[str, dict[str, str]]:  # noqa: ANN401 - conftest's own
    """Return method and path of the one request, and its parameters but the project."""
    (request,) = server.requests
    method, target, _ = request.split("\r\n")[0].split(" ")
    address = urlsplit(target)
    pairs = parse_qsl(address.query, keep_blank_values=True, strict_parsing=True)
    params = dict(pairs)
    assert len(params) == len(pairs)
    assert params.pop("project_id") == "12345"
    return f"{method} {address.path}", params


@pytest.fixture
def answered(scripted: Make, reply: Make, ask: Make) -> Make:
    """Ask a question that is answered with a JSON body; return result and request."""

    def put(question: Callable[[Any], object], body: object) -> Any:  # noqa: ANN401
        server = scripted(reply(json.dumps(body).encode()))
        result = ask(question, base_url=server.base_url)
        return result, *sent(server)

    return put


def test_events_of_an_interval(answered: Make) -> None:
    """An interval is sent without dates."""
    _, target, params = answered(
        lambda client: client.events("Sign Up", interval=3, unit="week"), COUNTS
    )

    assert target == "GET /api/query/events"
    assert params == {
        "event": '["Sign Up"]',
        "type": "general",
        "unit": "week",
        "interval": "3",
    }


def test_top_events(answered: Make) -> None:
    """Today's events come in Mixpanel's order, with their change."""
    body = {
        "events": [
            {"amount": 2, "event": "funnel", "percent_change": -0.35635745999582824},
            {"amount": 75, "event": "pages", "percent_change": -0.20209602478821687},
            {"amount": 2, "event": "projects", "percent_change": 1},
        ],
        "type": "unique",
    }

    events, target, params = answered(
        lambda client: client.top_events(type="unique", limit=3), body
    )

    assert target == "GET /api/query/events/top"
    assert params == {"type": "unique", "limit": "3"}
    assert events == (
        TopEvent("funnel", 2, -0.35635745999582824),
        TopEvent("pages", 75, -0.20209602478821687),
        TopEvent("projects", 2, 1),
    )


def test_event_names_of_a_window(answered: Make) -> None:
    """Both days are sent, if they are given."""
    names, target, params = answered(
        lambda client: client.event_names(from_date=WEEK[0], to_date=WEEK[1]),
        ["battle", "click signup button"],
    )

    assert target == "GET /api/query/events/names"
    assert params == {"type": "general", "limit": "255", **DATES}
    assert names == ["battle", "click signup button"]


def test_event_properties(answered: Make) -> None:
    """A property's values are counted over time; one left out is 0."""
    series, target, params = answered(
        lambda client: client.event_properties(
            Event("Splash"),
            Property("kind"),
            *WEEK,
            values=["splash features", "none", "none"],
            type="average",
            limit=2,
        ),
        COUNTS,
    )

    assert target == "GET /api/query/events/properties"
    assert params == {
        "event": "Splash",
        "name": "kind",
        "values": '["splash features", "none"]',
        "type": "average",
        "unit": "day",
        "limit": "2",
        **DATES,
    }
    assert isinstance(series, TimeSeries)
    assert series.dates == (date(2010, 5, 29), date(2010, 5, 30), date(2010, 5, 31))
    assert series.value("splash features", date(2010, 5, 29)) == 6
    assert series.value("none", date(2010, 5, 29)) == 0


def test_event_properties_of_an_interval(answered: Make) -> None:
    """Without values and dates, neither is sent."""
    _, _, params = answered(
        lambda client: client.event_properties("A", "b", interval=7, unit="month"),
        COUNTS,
    )

    assert params == {
        "event": "A",
        "name": "b",
        "type": "general",
        "unit": "month",
        "interval": "7",
        "limit": "255",
    }


def test_property_names(answered: Make) -> None:
    """Properties come commonest first, whatever the order of the answer."""
    properties, target, params = answered(
        lambda client: client.property_names("Sign Up"),
        {"user type": {"count": 91}, "ad version": {"count": 295}},
    )

    assert target == "GET /api/query/events/properties/top"
    assert params == {"event": "Sign Up", "limit": "10"}
    assert properties == (TopProperty("ad version", 295), TopProperty("user type", 91))


def test_property_values(answered: Make) -> None:
    """Values come as Mixpanel orders them."""
    values, target, params = answered(
        lambda client: client.property_values("Sign Up", Property("pet"), limit=4),
        ["cat", "dog", "rabbit", ""],
    )

    assert target == "GET /api/query/events/properties/values"
    assert params == {"event": "Sign Up", "name": "pet", "limit": "4"}
    assert values == ["cat", "dog", "rabbit", ""]


def test_segmentation(answered: Make) -> None:
    """Segments are broken down by an expression, and keep their own dates."""
    body = {
        "data": {
            "series": ["2011-08-08", "2011-08-06"],
            "values": {"Signed up": {"2011-08-06": 147, "2011-08-08": 776}},
        },
        "legend_size": 1,
    }

    series, target, params = answered(
        lambda client: client.segmentation(
            "Signed up",
            *WEEK,
            on=event_property("plan"),
            where=event_property("age") > 30,
            limit=5,
            unit="month",
        ),
        body,
    )

    assert target == "GET /api/query/segmentation"
    assert params == {
        "event": "Signed up",
        "on": 'properties["plan"]',
        "where": 'properties["age"] > 30',
        "limit": "5",
        "type": "general",
        "unit": "month",
        **DATES,
    }
    assert series.total("Signed up") == 923


def test_segmentation_numeric(answered: Make) -> None:
    """Ranges keep the names that Mixpanel gave them."""
    body = {
        "data": {
            "series": ["2011-08-08", "2011-08-06"],
            "values": {
                "2,000 - 2,100": {"2011-08-06": 1, "2011-08-08": 4},
                "2,100 - 2,200": {"2011-08-08": 7},
            },
        },
        "legend_size": 5,
    }

    series, target, params = answered(
        lambda client: client.segmentation_numeric(
            "Purchase", *WEEK, Property("amount"), where="true", type="unique"
        ),
        body,
    )

    assert target == "GET /api/query/segmentation/numeric"
    assert params == {
        "event": "Purchase",
        "on": 'properties["amount"]',
        "where": "true",
        "type": "unique",
        "unit": "day",
        **DATES,
    }
    assert series.value("2,100 - 2,200", date(2011, 8, 6)) == 0
    with pytest.raises(InvalidQueryError, match="unique counts of days"):
        series.total("2,000 - 2,100")


def test_segmentation_sum(answered: Make) -> None:
    """Sums are in order of date, and may be added up."""
    sums, target, params = answered(
        lambda client: client.segmentation_sum(
            "Purchase", *WEEK, on=event_property("amount") * 2
        ),
        {
            "status": "ok",
            "computed_at": "2019-10-07T23:02:11.666218+00:00",
            "results": {"2019-10-07": 4, "2019-10-06": 7.5},
        },
    )

    assert target == "GET /api/query/segmentation/sum"
    assert params == {
        "event": "Purchase",
        "on": 'properties["amount"] * 2',
        "unit": "day",
        **DATES,
    }
    assert isinstance(sums, SumSeries)
    assert sums.dates == (date(2019, 10, 6), date(2019, 10, 7))
    assert (sums.total(), sums.value(date(2019, 10, 8))) == (11.5, 0)
    assert sums.computed_at is not None
    assert sums.computed_at.isoformat() == "2019-10-07T23:02:11.666218+00:00"


def test_segmentation_average(answered: Make) -> None:
    """Averages are not added up, and one that is missing is not 0."""
    averages, target, params = answered(
        lambda client: client.segmentation_average(
            "Purchase", *WEEK, Property("amount"), where="true", unit="day"
        ),
        {"results": {"2011-08-07": 4.640625, "2011-08-06": 8}, "status": "ok"},
    )

    assert target == "GET /api/query/segmentation/average"
    assert params == {
        "event": "Purchase",
        "on": 'properties["amount"]',
        "where": "true",
        "unit": "day",
        **DATES,
    }
    assert isinstance(averages, AverageSeries)
    assert averages.to_dicts() == [
        {"date": date(2011, 8, 6), "value": 8},
        {"date": date(2011, 8, 7), "value": 4.640625},
    ]
    assert averages.value(date(2011, 8, 8)) is None
    with pytest.raises(InvalidQueryError, match="averages of days cannot be summed"):
        averages.total()


def test_hours_of_sums(answered: Make) -> None:
    """Hours are moments with the offset that Mixpanel gave."""
    sums, _, params = answered(
        lambda client: client.segmentation_sum("A", *WEEK, "1", unit="hour"),
        {"results": {"2011-08-06T01:00:00+02:00": 1}},
    )

    assert params["unit"] == "hour"
    assert [when.isoformat() for when in sums.dates] == ["2011-08-06T01:00:00+02:00"]


SUMS = {"results": {}}
QUESTIONS: dict[str, tuple[object, Callable[[Any, str], object], dict[str, str]]] = {
    "events": (
        COUNTS,
        lambda client, text: client.events([text, "b"], *WEEK),
        {"event": "LIST"},
    ),
    "event_properties": (
        COUNTS,
        lambda client, text: client.event_properties(text, text, *WEEK, values=[text]),
        {"event": "TEXT", "name": "TEXT", "values": "LIST"},
    ),
    "property_names": (
        {},
        lambda client, text: client.property_names(text),
        {"event": "TEXT"},
    ),
    "property_values": (
        [],
        lambda client, text: client.property_values(text, text),
        {"event": "TEXT", "name": "TEXT"},
    ),
    "segmentation": (
        COUNTS,
        lambda client, text: client.segmentation(
            text, *WEEK, on=event_property(text), where=event_property(text) == text
        ),
        {"event": "TEXT", "on": "PROPERTY", "where": "EXPRESSION"},
    ),
    "segmentation_numeric": (
        COUNTS,
        lambda client, text: client.segmentation_numeric(
            text, *WEEK, event_property(text), where=event_property(text) == text
        ),
        {"event": "TEXT", "on": "PROPERTY", "where": "EXPRESSION"},
    ),
    "segmentation_sum": (
        SUMS,
        lambda client, text: client.segmentation_sum(
            text, *WEEK, event_property(text), where=event_property(text) == text
        ),
        {"event": "TEXT", "on": "PROPERTY", "where": "EXPRESSION"},
    ),
    "segmentation_average": (
        SUMS,
        lambda client, text: client.segmentation_average(
            text, *WEEK, event_property(text), where=event_property(text) == text
        ),
        {"event": "TEXT", "on": "PROPERTY", "where": "EXPRESSION"},
    ),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("name", QUESTIONS)
def test_hostile_text_arrives_as_data(answered: Make, name: str, text: str) -> None:
    """Names and values reach the server as they are, or escaped inside quotes."""
    body, question, expected = QUESTIONS[name]
    literal = '"' + "".join("\\" + c if c in '"\\' else c for c in text) + '"'
    written = {
        "TEXT": text,
        "PROPERTY": f"properties[{literal}]",
        "EXPRESSION": f"properties[{literal}] == {literal}",
    }

    _, _, params = answered(lambda client: question(client, text), body)

    for parameter, kind in expected.items():
        if kind == "LIST":
            assert json.loads(params[parameter])[0] == text
        else:
            assert params[parameter] == written[kind]
