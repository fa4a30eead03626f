"""``/local/…``: what other languages do over HTTP, and web pages cannot."""

from __future__ import annotations

import httpx
import pytest

from mixpanel_query.local import LocalProject

JSON = {"Content-Type": "application/json"}
NAMES = "/api/query/events/names?type=general"
EVENT = {"event": "A", "properties": {"token": "t", "distinct_id": "u"}}


def test_a_fault_is_added_listed_and_cleared(http: httpx.Client) -> None:
    """What is added is what ``project.faults.add`` takes."""
    added = http.post("/local/faults", json={"path": "/track", "status": 503})
    expected: dict[str, object] = {
        "path": "/track",
        "method": None,
        "status": 503,
        "after": 0,
        "times": None,
        "cut_after_rows": None,
        "delay": 0.0,
        "body": None,
        "headers": {},
        "id": 1,
        "seen": 0,
        "hits": 0,
    }
    assert (added.status_code, added.json()) == (201, expected)
    assert http.post("/track", json=EVENT).status_code == 503
    assert http.get("/local/faults").json() == {
        "faults": [{**expected, "seen": 1, "hits": 1}]
    }
    assert http.delete("/local/faults", headers=JSON).json() == {"faults": []}

    assert http.post("/track", json=EVENT).text == "1"


def test_one_fault_is_cleared(http: httpx.Client) -> None:
    """By its number; one that is not there is 404."""
    for status in (500, 503):
        http.post("/local/faults", json={"status": status})
    left = http.delete("/local/faults/1", headers=JSON).json()["faults"]
    missing = http.delete("/local/faults/1", headers=JSON)

    assert [fault["status"] for fault in left] == [503]
    assert missing.status_code == 404
    assert missing.json()["error"].startswith("there is no fault 1")


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"status": 99}, "status is '99'; give a number from 200 to 599"),
        ({"path": "/track"}, "nothing is wrong with this fault"),
        ({"path": "/track", "stat": 503}, "'stat' is not known; give path, method"),
        ({"id": 7, "status": 503}, "'id' is not known"),
        ([], "the body is no JSON object"),
    ],
)
def test_a_wrong_fault_is_400(
    http: httpx.Client, document: object, problem: str
) -> None:
    """With one line that says what is allowed."""
    answer = http.post("/local/faults", json=document)

    assert answer.status_code == 400
    assert problem in answer.json()["error"]
    assert http.get("/local/faults").json() == {"faults": []}


def test_the_log_is_read_and_cleared(http: httpx.Client) -> None:
    """Requests to ``/local/`` are not in it."""
    http.post("/track?token=t0k3n", json=EVENT)
    http.get("/local/faults")
    logged = http.get("/local/requests").json()["requests"]
    assert logged == [
        {
            "number": 1,
            "time": "2026-11-22T12:00:00+00:00",
            "method": "POST",
            "path": "/track",
            "query": {"token": "***"},
            "status": 200,
            "fault": None,
        }
    ]

    assert http.delete("/local/requests", headers=JSON).json() == {"requests": []}


def test_the_clock_is_set_and_freed(project: LocalProject, http: httpx.Client) -> None:
    """Freed, it is this machine's."""
    assert http.get("/local/clock").json() == {
        "now": "2026-11-22T12:00:00+00:00",
        "is_set": True,
    }
    answer = http.post("/local/clock", json={"now": "2026-11-19T00:30:00Z"})
    assert answer.json()["now"] == "2026-11-19T00:30:00+00:00"
    assert project.clock().isoformat() == "2026-11-19T00:30:00+00:00"

    assert http.delete("/local/clock", headers=JSON).json()["is_set"] is False


@pytest.mark.parametrize("now", [None, "noon", "2026-11-19T00:30:00"])
def test_a_wrong_time_is_400(http: httpx.Client, now: str | None) -> None:
    """The clock stays."""
    answer = http.post("/local/clock", json={"now": now})

    assert answer.status_code == 400
    assert http.get("/local/clock").json()["now"] == "2026-11-22T12:00:00+00:00"


def test_limits_are_switched_on_and_off(http: httpx.Client) -> None:
    """What is not given is the documented limit."""
    answer = http.post("/local/limits", json={"per_hour": 1})
    assert answer.json() == {
        "per_hour": 1,
        "concurrent": 5,
        "exports_per_second": 3,
        "exports_at_once": 100,
        "lexicon_per_minute": 5,
    }
    assert [http.get(NAMES).status_code for _ in range(2)] == [200, 429]
    off = http.delete("/local/limits", headers=JSON).json()

    assert set(off.values()) == {None}
    assert http.get(NAMES).status_code == 200


def test_a_reset_makes_the_project_as_it_was_made(
    project: LocalProject, http: httpx.Client
) -> None:
    """Data, faults, log, limits and clock."""
    http.post("/track", json=EVENT)
    project.limits(per_hour=1)
    project.clock = None
    project.faults.add(path="/api/app/*", status=500)

    assert http.post("/local/reset", headers=JSON).json() == {"status": "ok"}
    assert (len(project.faults), len(project.requests)) == (0, 0)
    assert project.clock().isoformat() == "2026-11-22T12:00:00+00:00"
    assert [http.get(NAMES).json() for _ in range(2)] == [[], []]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8600",
        "localhost.evil.example",
        "10.0.0.1",
        "",
        "[",
    ],
)
def test_another_host_is_403(
    project: LocalProject, http: httpx.Client, host: str
) -> None:
    """A page whose name was made to point here cannot read the log, or reset."""
    project.requests.clear()
    answers = [
        http.get("/local/requests", headers={"Host": host}),
        http.post("/local/reset", headers={**JSON, "Host": host}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]


@pytest.mark.parametrize("host", ["localhost:8600", "127.0.0.1", "[::1]:8600"])
def test_this_machine_has_several_names(http: httpx.Client, host: str) -> None:
    """With or without a port."""
    assert http.get("/local/faults", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/local/reset"),
        ("POST", "/local/faults"),
        ("DELETE", "/local/faults"),
        ("DELETE", "/local/requests"),
        ("POST", "/local/clock"),
        ("POST", "/local/limits"),
    ],
)
def test_a_change_that_a_page_can_send_is_415(
    project: LocalProject, http: httpx.Client, method: str, path: str, kind: str
) -> None:
    """A browser sends these without asking first; nothing changes."""
    project.faults.add(path="/x", status=500)
    answer = http.request(
        method, path, content='{"status": 500}', headers={"Content-Type": kind}
    )

    assert answer.status_code == 415
    assert len(project.faults) == 1


def test_a_browser_that_asks_first_is_not_let_in(http: httpx.Client) -> None:
    """No header allows another origin anything."""
    asking = {
        "Origin": "http://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    answer = http.options("/local/reset", headers=asking)

    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_what_is_not_there_is_404(http: httpx.Client) -> None:
    """In JSON; and no fault can be had below ``/local/``."""
    http.post("/local/faults", json={"path": "*", "status": 503})
    answer = http.get("/local/nothing")

    assert (answer.status_code, answer.json()["status"]) == (404, "error")


def test_a_content_type_may_have_a_charset(http: httpx.Client) -> None:
    """As many libraries send it."""
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}

    assert http.post("/local/reset", headers=headers).status_code == 200
