"""Each rule that is not documented is seen in the header of an answer that used it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from mixpanel_query.local import LocalProject
from mixpanel_query.local.rules.basis import HEADER
from mixpanel_query.local.rules.table import RULES

# Sunday, 2026-11-22, 12:00 UTC.
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
DAYS = {"from_date": "2026-11-19", "to_date": "2026-11-22"}
WEEKS = {"from_date": "2026-11-09", "to_date": "2026-11-22"}
HEAD = 'Events({from_date: "2026-11-19", to_date: "2026-11-22"})'
KEYS = "/api/query/events/properties"

# Days before NOW, name, user and properties; "" is nobody.
HAPPENED: tuple[tuple[float, str, str, dict[str, Any]], ...] = (
    (3, "Begin", "u1", {"n": 1, "t": "x", "half": 2.5, "list": ["a"]}),
    (2, "Begin", "u1", {"n": 2, "t": "y", "half": 1}),
    (1, "End", "u1", {"n": 3, "t": "x"}),
    (2, "Middle", "u2", {"n": 5}),
    (2, "Follow", "u2", {"n": 5}),
    (1, "Twin", "u3", {"t": "b"}),
    (1, "Twin", "u3", {"t": "a"}),
    (0.1, "Today", "u4", {"plan": "pro"}),
    (20, "Twice", "u5", {}),
    (2, "Twice", "u5", {}),
    (50, "Old", "u6", {"k": "v"}),
    (1, "Alone", "u7", {"n": 1, "t": "x"}),
    (0.5, "Alone", "u8", {"n": 2, "t": "y"}),
    (0.4, "Alone", "u8", {"n": 2, "t": "y"}),
)


def events() -> list[dict[str, Any]]:
    """Return the events as /import takes them."""
    return [
        {
            "event": name,
            "properties": {
                "time": int((NOW - timedelta(days=days)).timestamp()),
                "distinct_id": user,
                "$insert_id": f"i{number}",
                **properties,
            },
        }
        for number, (days, name, user, properties) in enumerate(HAPPENED)
    ]


def fill(project: LocalProject, http: httpx.Client) -> None:
    """Send what happened, profiles, and save what is asked about."""
    assert http.post("/import", json=events()).status_code == 200
    profiles = [
        {"$token": "t", "$distinct_id": f"p{number}", "$set": {"n": number}}
        for number in range(3)
    ]
    assert http.post("/engage", json=profiles).text == "1"
    project.save_funnel(1, steps=["Begin", "End"])
    project.save_funnel(2, steps=["Middle", "Follow"])
    project.save_funnel(3, steps=["Alone", "Nothing", "No more"])
    project.save_funnel(4, steps=["Alone", "Nothing"])
    project.save_funnel(5, steps=["Twin", "Twin"])
    project.save_funnel(6, steps=["Alone", "Alone"], length=8640, length_unit="second")
    project.save_cohort(1, name="Alone", event="Alone")
    project.save_report(1, events=["Alone"], **DAYS)
    project.save_report(2, events=["Alone"], **DAYS, unit=None)


@pytest.fixture(scope="module")
def filled_http() -> Iterator[httpx.Client]:
    """Give a client of a project in which something of everything happened."""
    with (
        LocalProject(clock=lambda: NOW) as project,
        httpx.Client(base_url=project.base_url, trust_env=False) as http,
    ):
        fill(project, http)
        yield http


@pytest.fixture(scope="module")
def strict_http() -> Iterator[httpx.Client]:
    """Give a client of such a project that must not assume anything."""
    with (
        LocalProject(clock=lambda: NOW, assume=False) as project,
        httpx.Client(base_url=project.base_url, trust_env=False) as http,
    ):
        fill(project, http)
        yield http


def script(source: str) -> tuple[str, str, dict[str, str]]:
    """Return the question that a script asks whose main returns this."""
    form = {"script": f"function main() {{ return {source}; }}"}
    return ("POST", "/api/query/jql", form)


def segmentation(**given: str) -> tuple[str, str, dict[str, str]]:
    """Return a question for segmentation, of four days of Alone unless told other."""
    return ("GET", "/api/query/segmentation", {"event": "Alone", **DAYS, **given})


def retention(**given: str) -> tuple[str, str, dict[str, str]]:
    """Return a question for retention after Begin unless told other."""
    asked = {"born_event": "Begin", "event": "End", **DAYS, **given}
    return ("GET", "/api/query/retention", asked)


def funnel(number: int, **given: str) -> tuple[str, str, dict[str, str]]:
    """Return a question for a saved funnel."""
    return ("GET", "/api/query/funnels", {"funnel_id": str(number), **DAYS, **given})


TOP = ("GET", "/api/query/events/top", {"type": "general"})
NAMES = ("GET", "/api/query/events/names", {"type": "general"})
NUMERIC = {"event": "Alone", "on": 'properties["n"]', **DAYS}
FREQUENCY = {"unit": "day", "addiction_unit": "hour", "event": "Alone", **DAYS}

# What is asked, and the rules that the answer rests on.
ASKED: list[tuple[tuple[str, str, dict[str, str]], set[str]]] = [
    (("GET", "/api/query/insights", {"bookmark_id": "9"}), {"error-texts"}),
    (segmentation(workspace_id="5"), {"workspace-ids"}),
    (segmentation(unit="hour"), {"hour-labels"}),
    (segmentation(format="csv"), {"csv-columns"}),
    (segmentation(on='properties["none"]'), {"names-of-segments"}),
    (segmentation(where='properties["t"] > "a"'), {"order-of-texts"}),
    (
        segmentation(event="Begin", where='"a" in properties["list"]'),
        {"lists-in-expressions"},
    ),
    (
        segmentation(event="Begin", where='defined(string(properties["list"]))'),
        {"lists-in-expressions"},
    ),
    (
        segmentation(event="Begin", where='round(properties["half"]) == 3'),
        {"rounding-halves"},
    ),
    (
        segmentation(where='event["$time"] > datetime("2026-11-20T00:00:00")'),
        {"datetimes"},
    ),
    (
        segmentation(event="Twin", on='properties["t"]', limit="1"),
        {"order-of-ties"},
    ),
    (("GET", "/api/query/segmentation/numeric", NUMERIC), {"numeric-bucket-labels"}),
    (
        (
            "GET",
            "/api/query/events",
            {
                "event": '["Alone"]',
                "type": "general",
                "unit": "week",
                "from_date": "2026-11-11",
                "to_date": "2026-11-22",
            },
        ),
        {"cut-periods"},
    ),
    (TOP, {"percent-change"}),
    (NAMES, {"order-of-ties"}),
    (
        (*NAMES[:2], {**NAMES[2], "from_date": "2026-10-01", "to_date": "2026-10-10"}),
        {"names-of-dates"},
    ),
    (("GET", f"{KEYS}/top", {"event": "Old"}), {"days-of-properties"}),
    (
        ("GET", f"{KEYS}/values", {"event": "Old", "name": "k"}),
        {"days-of-properties"},
    ),
    (
        ("GET", f"{KEYS}/values", {"event": "Twin", "name": "t"}),
        {"order-of-ties"},
    ),
    (funnel(1), {"funnel-reentry"}),
    (funnel(2), {"events-of-one-moment"}),
    (funnel(5), {"events-of-one-moment"}),
    (funnel(6), {"funnel-reentry", "funnel-last-moment"}),
    (funnel(6, length="8641"), {"funnel-reentry"}),
    (funnel(3, from_date="2026-11-21", to_date="2026-11-21"), {"worst-of-ties"}),
    (funnel(4, on='properties["t"]', to_date="2026-11-21"), {"funnel-breakdown"}),
    (retention(), {"retention-anchors"}),
    (
        retention(born_event="Middle", event="Follow"),
        {"retention-anchors", "events-of-one-moment"},
    ),
    (retention(born_event="Twice"), {"retention-anchors", "retention-births"}),
    (
        retention(unit="month", from_date="2026-11-01"),
        {"retention-anchors", "retention-months"},
    ),
    (
        retention(on='properties["t"]'),
        {"retention-anchors", "retention-breakdown"},
    ),
    (
        (
            "GET",
            "/api/query/retention/addiction",
            {**FREQUENCY, "on": 'properties["t"]', "limit": "1"},
        ),
        {"frequency-breakdown", "order-of-ties"},
    ),
    (("GET", "/api/query/insights", {"bookmark_id": "2"}), {"insights-totals"}),
    (("POST", "/api/query/engage", {"selector": "true"}), {"profile-selectors"}),
    (
        (
            "POST",
            "/api/query/engage",
            {"filter_by_cohort": '{"id": 1}', "where": "true"},
        ),
        {"members-without-profile"},
    ),
    (script("nonsense"), {"jql-error-status"}),
    (
        script(
            f'{HEAD}.groupBy([mixpanel.numeric_bucket("properties.n", [3, 9])],'
            " mixpanel.reducer.count())"
        ),
        {"jql-below-buckets"},
    ),
    (
        script(f"{HEAD}.map(e => e.properties.n || 'none').sortAsc(x => x)"),
        {"jql-mixed-sorts"},
    ),
    (
        script(f'{HEAD}.reduce(mixpanel.reducer.avg("none"))'),
        {"jql-nothing-to-reduce"},
    ),
    (script(f'join({HEAD}, People(), {{type: "left"}})'), {"jql-join-sides"}),
    (
        script(
            HEAD.replace("})", ', event_selectors: [{event: "Alone", label: "L"}]})')
        ),
        {"jql-selector-labels"},
    ),
    (("GET", "/api/2.0/funnels/list", {}), {"earlier-paths"}),
    (("GET", "/api/app/me", {}), {"account"}),
]


def ask(http: httpx.Client, asked: tuple[str, str, dict[str, str]]) -> httpx.Response:
    """Ask a question: parameters are in the URL, or in the form of a POST."""
    method, path, given = asked
    if method == "GET":
        return http.get(path, params=given)
    return http.post(path, data=given)


def rules_of(answer: httpx.Response) -> set[str]:
    """Return the rules that the header names, each with its grade."""
    named = answer.headers.get(HEADER, "")
    pairs = [each.split("; rule=") for each in named.split(", ") if each]
    assert all(RULES[rule_id].grade == grade for grade, rule_id in pairs)
    return {rule_id for _, rule_id in pairs}


@pytest.mark.parametrize(("asked", "expected"), ASKED)
def test_header_names_the_rules_that_were_used(
    filled_http: httpx.Client,
    asked: tuple[str, str, dict[str, str]],
    expected: set[str],
) -> None:
    """These, and no others."""
    assert rules_of(ask(filled_http, asked)) == expected


@pytest.mark.parametrize(("asked", "expected"), ASKED)
def test_without_assumptions_it_is_501(
    strict_http: httpx.Client,
    asked: tuple[str, str, dict[str, str]],
    expected: set[str],
) -> None:
    """The body names one of the rules; what rests on none is answered."""
    answer = ask(strict_http, asked)

    assert answer.status_code == (501 if expected else 200)
    assert HEADER not in answer.headers
    if expected:
        assert any(repr(rule_id) in answer.json()["error"] for rule_id in expected)
