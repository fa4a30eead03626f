"""What is kept, where it can be seen, and who may send it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from mixpanel_query.local import LocalProject, LocalProjectError

Identify = Callable[..., None]
Send = Callable[..., None]
SITE = ("site-1", "key-of-the-site")
URL = "/api/v1/customers/u1"


def test_restart_keeps_everything(tmp_path: Path) -> None:
    """People, devices, events, and who is suppressed; new ids go on."""
    path = tmp_path / "project.duckdb"
    with LocalProject(path) as project, httpx.Client(base_url=project.base_url) as http:
        http.put(URL, json={"plan": "pro", "_timestamp": 1700000000})
        http.put(f"{URL}/devices", json={"device": {"id": "d", "platform": "ios"}})
        http.post(f"{URL}/events", json={"name": "Paid", "data": {"a": [1, "č"]}})
        http.post("/api/v1/customers/u2/suppress")
        before = (project.customers, project.customer_devices, project.customer_events)
        project.snapshot(tmp_path / "copy.duckdb")
    for each in (path, tmp_path / "copy.duckdb"):
        with (
            LocalProject(each) as project,
            httpx.Client(base_url=project.base_url) as http,
        ):
            after = (
                project.customers,
                project.customer_devices,
                project.customer_events,
            )
            assert after == before
            http.put("/api/v1/customers/u2", json={})
            http.put(URL, json={"plan": "older", "_timestamp": 1600000000})
            http.put("/api/v1/customers/u3", json={})
            assert project.customers["u1"]["plan"] == "pro"
            assert [each["cio_id"] for each in project.customers.values()] == [
                "03000001",
                "03000003",
            ]


def test_reset_forgets_everything(
    project: LocalProject, identify: Identify, send: Send
) -> None:
    """Who is suppressed too."""
    identify("u1", plan="pro")
    send("customers/u1/events", name="Paid")
    send("customers/u2/suppress")
    project.reset()
    assert (project.customers, project.customer_events) == ({}, [])
    identify("u2")

    assert project.customers == {"u2": {"cio_id": "03000001", "id": "u2"}}


def test_workspace_is_listed_over_http(
    http: httpx.Client, identify: Identify, send: Send
) -> None:
    """For tests in other languages; pages of other hosts cannot read it."""
    identify("u1", plan="pro")
    send("customers/u1/events", name="Paid", data={"a": 1})

    assert http.get("/local/customers").json() == {
        "customers": [
            {
                "attributes": {"cio_id": "03000001", "id": "u1", "plan": "pro"},
                "devices": [],
                "relationships": [],
            }
        ],
        "events": [
            {
                "customer": "u1",
                "anonymous_id": "",
                "type": "event",
                "name": "Paid",
                "id": "",
                "time": "2026-11-22T12:00:00+00:00",
                "data": {"a": 1},
            }
        ],
    }
    refused = http.get("/local/customers", headers={"Host": "evil.example"})
    assert refused.status_code == 403


def test_verdicts_tell_of_each_operation(
    project: LocalProject, identify: Identify, send: Send
) -> None:
    """Where it arrived, whom it was about, and what was kept."""
    identify("u1", plan="pro")
    send("customers/u1/events", name="Paid", data={"a": 1})
    send("events", name="Seen", anonymous_id="a1")
    said = [
        (each.path, each.kind, each.name, each.distinct_id, each.properties)
        for each in project.verdicts
    ]

    assert said == [
        ("/api/v1/customers/*", "customer", "identify", "u1", '{"plan": "pro"}'),
        ("/api/v1/customers/*/events", "customer", "Paid", "u1", '{"a": 1}'),
        ("/api/v1/events", "customer", "Seen", "a1", "{}"),
    ]


def test_log_tells_of_each_request(
    http: httpx.Client, send: Send, caplog: pytest.LogCaptureFixture
) -> None:
    """Without the id of the path, which may hold signs that steer a terminal."""
    caplog.set_level(logging.INFO, logger="mixpanel_query.local")
    send("customers/u%1b1/events", name="Paid")
    http.post("/api/v1/events", json={})

    assert [each.getMessage() for each in caplog.records] == [
        "/api/v1/customers/*/events  1 customer update: Paid",
        "/api/v1  refused (400): event name must not be blank",
    ]


def test_two_threads_add_one_person(project: LocalProject, http: httpx.Client) -> None:
    """Whoever comes first adds somebody, and all others update them."""

    def identify(number: int) -> int:
        words = {"email": "ana@example.com", f"a{number}": number}
        return http.put(URL, json=words).status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(identify, range(40)))

    assert statuses == [200] * 40
    [person] = project.customers.values()
    assert {f"a{number}" for number in range(40)} <= person.keys()


def test_region_is_the_projects_own(project: LocalProject, http: httpx.Client) -> None:
    """So that a client which goes where it is told stays on this machine."""
    answer = http.get("/api/v1/accounts/region")

    assert answer.json() == {
        "url": project.base_url,
        "region": "us",
        "environment_id": 1,
    }
    assert "rule=customerio-region" in answer.headers["Local-Project-Basis"]


@pytest.mark.parametrize("host", ["[", "", "x/local/reset?"])
def test_strange_host_is_repeated_at_most(http: httpx.Client, host: str) -> None:
    """It does not make the project fail."""
    answer = http.get("/api/v1/accounts/region", headers={"Host": host})

    assert answer.status_code in (200, 400)


@pytest.mark.parametrize("path", ["v1/events", "v1/accounts/region", "v2/batch"])
@pytest.mark.parametrize("auth", [None, ("site-1", "other"), ("other", SITE[1])])
def test_others_are_not_let_in(path: str, auth: tuple[str, str] | None) -> None:
    """Where the project has a site id and a key, which are never repeated."""
    with LocalProject(customerio_credentials=SITE) as project:
        method = "GET" if path.endswith("region") else "POST"
        url = f"{project.base_url}/api/{path}"
        answer = httpx.request(method, url, auth=auth, trust_env=False)
        allowed = httpx.request(method, url, auth=SITE, trust_env=False)

    assert answer.status_code == 401
    assert "Unauthorized" in answer.text
    assert SITE[1] not in answer.text
    assert allowed.status_code in (200, 400)
    assert SITE[1] not in repr(project._settings)


def test_half_of_the_credentials_is_refused() -> None:
    """Before anything is opened."""
    with pytest.raises(LocalProjectError, match="give both a site id and a key"):
        LocalProject(customerio_credentials=("site-1", ""))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/api/v1/segments/7/add_customers", 501),
        ("POST", "/api/v1/forms/f/submit", 501),
        ("POST", "/api/v1/metrics", 501),
        ("GET", "/api/v1/customers/u1", 404),
        ("PUT", "/api/v1/customers/a/b", 404),
        ("PUT", "/api/v1/customers/", 400),
        ("POST", "/api/v1/", 404),
        ("GET", "/api/v2/batch", 405),
        ("POST", "/api/v2/other", 404),
        ("PUT", "/api/v1/customers/%ff", 400),
    ],
)
def test_other_paths_are_refused(
    project: LocalProject, http: httpx.Client, method: str, path: str, status: int
) -> None:
    """In the shape of their API, and nothing is kept."""
    answer = http.request(method, path)

    assert answer.status_code == status
    assert list(answer.json()) == ["errors" if "/v2/" in path else "meta"]
    assert project.customers == {}


def test_compressed_request_is_not_read(http: httpx.Client) -> None:
    """As none is documented."""
    answer = http.put(URL, content=b"{}", headers={"Content-Encoding": "gzip"})

    assert answer.status_code == 501


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/events", {"meta": {"errors": ["Service Unavailable"]}}),
        (
            "/api/v2/batch",
            {
                "errors": [
                    {
                        "reason": "invalid",
                        "field": "",
                        "message": "Service Unavailable",
                    }
                ]
            },
        ),
    ],
)
def test_faults_and_log_are_for_these_paths_too(
    project: LocalProject, http: httpx.Client, path: str, body: object
) -> None:
    """In the shape of the API; what they stop is not kept."""
    project.faults.add(path="/api/v*", status=503, times=1)
    words = {"name": "A", "batch": [{"type": "person"}]}
    first, second = (http.post(path, json=words) for _ in range(2))

    assert (first.status_code, first.json()) == (503, body)
    assert second.status_code in (200, 207)
    assert [(each.path, each.status) for each in project.requests] == [
        (path, 503),
        (path, second.status_code),
    ]
    assert len(project.verdicts) == 1


def test_answer_says_what_it_rests_on(http: httpx.Client) -> None:
    """Nothing where all is documented; a rule for each guess."""
    plain = http.put(URL, json={"plan": "pro", "email": "ana@example.com"})
    guessed = http.put(URL, json={"plan": None, "_timestamp": 1600000000})

    assert "Local-Project-Basis" not in plain.headers
    assert guessed.headers["Local-Project-Basis"] == (
        "assumed; rule=customerio-timestamp-order"
    )
    emptied = http.put(URL, json={"plan": None})
    assert emptied.headers["Local-Project-Basis"] == (
        "assumed; rule=customerio-empty-attribute"
    )


def test_project_that_assumes_nothing_does_nothing_of_it() -> None:
    """A whole request, where one part of it rests on a guess, is 501."""
    with (
        LocalProject(assume=False) as project,
        httpx.Client(base_url=project.base_url, trust_env=False) as http,
    ):
        kept = http.put(URL, json={"plan": "pro"})
        event = http.post(f"{URL}/events", json={"name": "A"})
        refused = http.post("/api/v1/customers/u2/events", json={"name": "A"})
        documented = http.post(f"{URL}/events", json={"name": ""})
        invented = http.put(f"{URL}/devices", json={"device": {}})
        about = {"type": "person", "identifiers": {"id": "u1"}}
        good = {**about, "action": "event", "name": "B"}
        batch = {"batch": [good, {**about, "action": "event"}]}
        mixed = http.post("/api/v2/batch", json=batch)

        assert list(project.customers) == ["u1"]
        assert [each.name for each in project.customer_events] == ["A"]
    assert (kept.status_code, event.status_code) == (200, 200)
    assert refused.status_code == 501
    assert "customerio-creates-person" in refused.json()["meta"]["errors"][0]
    assert documented.status_code == 400
    assert invented.status_code == 501
    assert "device id cannot be blank" in invented.json()["meta"]["errors"][0]
    assert mixed.status_code == 501


def test_hostile_requests_end_soon(project: LocalProject, http: httpx.Client) -> None:
    """Deep, large or broken ones are refused, and the project goes on."""
    begun = time.monotonic()
    bodies = [
        b"[" * 10_000,
        b'{"a":' * 10_000,
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 5_000 + b"}",
        b'{"a": "\\ud800"}',
        b'{"a": "' + b"x" * 9_000_000 + b'"}',
        b"x" * 11_000_000,
    ]
    statuses = [http.put(URL, content=body, timeout=30).status_code for body in bodies]

    assert statuses == [400, 400, 400, 400, 400, 400, 413]
    assert http.put(URL, json={}).status_code == 200
    assert time.monotonic() - begun < 30
    assert project.customers == {"u1": {"cio_id": "03000001", "id": "u1"}}
