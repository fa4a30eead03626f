"""What a local project refuses, through Prism, which must know the refusals, too.

Bodies that are too large are not here: Prism refuses them itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mixpanel_query.local import LocalProject

ACCOUNT, STRANGER = ("reports.1a2b3c", "hunter2-hunter2"), ("reports.1a2b3c", "else")
PROJECT = {"project_id": "12345"}
DAYS = {"from_date": "2026-11-09", "to_date": "2026-11-10", **PROJECT}
OF_CHECKOUTS = {"event": "checkout", **DAYS}
QUERY, APP = "/api/query", "/api/app/projects/12345"
EVENT = {
    "event": "A",
    "properties": {"time": 5, "distinct_id": "u", "$insert_id": "i"},
}
PATHS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "segmentation": ("GET", f"{QUERY}/segmentation", {"params": OF_CHECKOUTS}),
    "export": ("GET", "/api/2.0/export", {"params": DAYS}),
    "jql": (
        "POST",
        f"{QUERY}/jql",
        {"params": PROJECT, "data": {"script": "function main() { return People() }"}},
    ),
    "engage": ("POST", f"{QUERY}/engage", {"params": PROJECT, "data": {"where": ""}}),
    "lexicon": ("GET", f"{APP}/schemas", {}),
    "annotations": ("GET", f"{APP}/annotations", {}),
}


@pytest.fixture
def http(project: LocalProject, through_prism: str) -> Iterator[httpx.Client]:
    """Give an HTTP client of Prism; nothing is limited, and the log is empty."""
    project.requests.clear()
    headers = {"Accept-Encoding": "gzip"}
    given: dict[str, Any] = {
        "base_url": through_prism,
        "auth": ACCOUNT,
        "headers": headers,
    }
    with httpx.Client(**given, trust_env=False) as client:
        yield client
    project.limits.off()


def check_refused(
    project: LocalProject, answer: httpx.Response, *, status: int
) -> None:
    """Check that the project gave an answer, and that Prism let it through."""
    assert [each.status for each in project.requests] == [status], answer.text
    assert answer.status_code == status, answer.text
    assert "application/problem+json" not in answer.headers["content-type"]
    assert answer.json()["error"]


@pytest.mark.parametrize("name", PATHS)
def test_other_credentials(
    project: LocalProject, http: httpx.Client, name: str
) -> None:
    """Whoever has other credentials gets an error that is allowed."""
    method, path, given = PATHS[name]
    answer = http.request(method, path, **given, auth=STRANGER)
    check_refused(project, answer, status=401)


@pytest.mark.parametrize("name", ["segmentation", "export", "jql", "engage"])
def test_too_many_questions(
    project: LocalProject, http: httpx.Client, name: str
) -> None:
    """The error for the question that is one too many is allowed."""
    project.limits(per_hour=1)
    method, path, given = PATHS[name]
    first = http.request(method, path, **given)
    project.requests.clear()
    second = http.request(method, path, **given)

    assert first.status_code == 200, first.text
    check_refused(project, second, status=429)


WRONG = {"where": "(", **OF_CHECKOUTS}
LIMIT = {"type": "unique", "limit": "0", **PROJECT}
IMPORT = f"/import?strict=1&project_id={PROJECT['project_id']}"
FAILING = {"script": "function main() { throw 1 }"}
REFUSED: list[tuple[int, str, str, dict[str, Any]]] = [
    (400, "GET", f"{QUERY}/segmentation", {"params": WRONG}),
    (400, "GET", f"{QUERY}/events/names", {"params": LIMIT}),
    (400, "GET", "/api/2.0/export", {"params": {**DAYS, "from_date": "x"}}),
    (404, "GET", f"{QUERY}/insights", {"params": {"bookmark_id": "5", **PROJECT}}),
    (404, "GET", f"{QUERY}/funnels", {"params": {"funnel_id": "5", **DAYS}}),
    (412, "POST", f"{QUERY}/jql", {"params": PROJECT, "data": FAILING}),
    (404, "GET", f"{APP}/schemas/event/Nothing", {}),
    (404, "DELETE", f"{APP}/annotations/99", {}),
    (400, "POST", f"{APP}/annotations", {"json": {"date": "x"}}),
    (400, "POST", IMPORT, {"json": [EVENT]}),
    (400, "POST", "/track", {"data": {"data": "no JSON"}, "auth": None}),
]


@pytest.mark.parametrize("refused", REFUSED, ids=lambda each: f"{each[0]} {each[2]}")
def test_requests_that_cannot_be_answered(
    project: LocalProject,
    http: httpx.Client,
    refused: tuple[int, str, str, dict[str, Any]],
) -> None:
    """Wrong parameters, and what is not there, get errors that are allowed."""
    status, method, path, given = refused
    answer = http.request(method, path, **given)
    check_refused(project, answer, status=status)
