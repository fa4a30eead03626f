"""What web pages may ask, and what a browser is told, over a real socket."""

from __future__ import annotations

from datetime import datetime, timezone

import httpx
import pytest

from mixpanel_query.local import LocalProject

SHOP = "https://shop.example"
PAGE = {"Origin": SHOP}
EVENT = {"event": "A", "properties": {"token": "t", "time": 1795348800}}
ALLOWED = "access-control-allow-origin"


def preflight(http: httpx.Client, path: str, *wanted: str) -> httpx.Response:
    """Ask what a browser asks before a page may send some headers."""
    asked = {"Access-Control-Request-Method": "POST"}
    if wanted:
        asked["Access-Control-Request-Headers"] = ",".join(wanted)
    return http.options(path, headers={**PAGE, **asked})


@pytest.mark.parametrize("path", ["/track", "/track/", "/engage/", "/groups/"])
def test_a_page_reads_the_answer(http: httpx.Client, path: str) -> None:
    """Its own origin is named, as credentials forbid a star, and caches know it."""
    answer = http.post(path, json=[EVENT], headers=PAGE)

    assert answer.status_code == 200
    assert answer.headers[ALLOWED] == SHOP
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["vary"] == "Origin"


def test_nobody_else_is_told_anything(http: httpx.Client) -> None:
    """Without a page there is no word of pages."""
    assert ALLOWED not in http.post("/track", json=[EVENT]).headers


def test_a_slash_at_the_end_is_no_other_path(
    project: LocalProject, http: httpx.Client
) -> None:
    """Faults and the log know one name of an endpoint."""
    project.faults.add(path="/track", status=503, times=1)

    failed = http.post("/track/?ip=1&_=17", json=[EVENT], headers=PAGE)

    assert failed.status_code == 503
    assert failed.headers[ALLOWED] == SHOP
    assert http.post("/import/", json=[]).status_code == 200
    assert [each.path for each in project.requests] == ["/track", "/import"]


@pytest.mark.parametrize(
    "path",
    [
        "/import",
        "/import/",
        "/api/query/events/names",
        "/api/query/jql",
        "/api/2.0/export",
        "/api/app/projects/1/schemas",
        "/local/reset",
        "/local/requests",
        "/lookup-tables",
        "/",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_pages_may_ask_nothing_else(http: httpx.Client, path: str, method: str) -> None:
    """Neither what a browser asks nor an answer says that a page may see it."""
    asked = {**PAGE, "Access-Control-Request-Method": "POST"}
    answer = http.request(method, path, headers=asked)

    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_what_the_library_asks_first_is_answered(
    project: LocalProject, http: httpx.Client
) -> None:
    """Its two headers are allowed, for ten minutes, and nothing is logged."""
    answer = preflight(http, "/flags/", "authorization", "traceparent")

    assert answer.status_code == 204
    assert answer.headers["access-control-allow-headers"] == "authorization,traceparent"
    assert answer.headers["access-control-allow-methods"] == "GET, POST, OPTIONS"
    assert answer.headers["access-control-max-age"] == "600"
    assert "local-project-basis" not in answer.headers
    assert list(project.requests) == []


def test_other_headers_are_allowed_on_a_guess(
    project: LocalProject, http: httpx.Client
) -> None:
    """The answer and the project say so."""
    answer = preflight(http, "/track", "content-type")

    assert answer.headers["access-control-allow-headers"] == "content-type"
    assert answer.headers["local-project-basis"] == "assumed; rule=page-headers"
    assert [rule.rule_id for rule in project.assumptions] == ["page-headers"]


def test_a_project_that_must_not_guess_refuses_other_headers() -> None:
    """What needs no guess is still answered."""
    now = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
    with (
        LocalProject(assume=False, clock=now) as project,
        httpx.Client(base_url=project.base_url, trust_env=False) as http,
    ):
        refused = preflight(http, "/track", "content-type")
        assert refused.status_code == 501
        assert "page-headers" in refused.text
        assert preflight(http, "/track").status_code == 204
        assert http.post("/track/", json=[EVENT], headers=PAGE).text == "1"


def test_there_are_no_feature_flags(http: httpx.Client) -> None:
    """A page that has switched them on gets none, and knows that this is a guess."""
    answer = http.get("/flags/?context=%7B%7D&token=t", headers=PAGE)

    assert answer.json() == {"flags": {}}
    assert answer.headers["local-project-basis"] == "assumed; rule=no-feature-flags"


@pytest.mark.parametrize("path", ["/record/", "/settings/", "/decide/"])
def test_what_is_not_there_says_so(http: httpx.Client, path: str) -> None:
    """Session replays and settings from afar are 501, which a page can read."""
    answer = http.get(path, headers=PAGE)

    assert answer.status_code == 501
    assert answer.headers[ALLOWED] == SHOP
