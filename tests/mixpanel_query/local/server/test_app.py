"""The HTTP side, over a real socket."""

from __future__ import annotations

import gzip
import json
import socket
import threading
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from mixpanel_query.local import LocalProject

# 2026-11-22 12:00 UTC, the clock of the projects here.
NOW = 1795348800
DAY = {"from_date": "2026-11-22", "to_date": "2026-11-22"}
COUNT = {**DAY, "event": '["A"]', "type": "general", "unit": "day"}


def event(**properties: object) -> dict[str, Any]:
    """Return an event that every rule lets pass, but for what is given."""
    complete = {"token": "t", "time": NOW, "distinct_id": "u1", "$insert_id": "i-1"}
    return {"event": "A", "properties": {**complete, **properties}}


def exported(http: httpx.Client) -> list[dict[str, Any]]:
    """Return what the export gives for the day."""
    answer = http.get("/api/2.0/export", params=DAY)
    return [json.loads(line) for line in answer.text.split("\n") if line]


def test_tracked_event_is_exported(http: httpx.Client) -> None:
    """What /track takes comes back through the export at once."""
    assert http.post("/track", json=[event(plan="pro")]).text == "1"

    assert exported(http) == [
        {
            "event": "A",
            "properties": {
                "time": 1795348800,
                "distinct_id": "u1",
                "$insert_id": "i-1",
                "$user_id": "u1",
                "plan": "pro",
                "mp_processing_time_ms": 1795348800000,
            },
        }
    ]


@pytest.mark.parametrize(
    ("records", "text", "error"),
    [
        ([event()], "1", None),
        ([event(), {}], "1", None),
        ([{}], "0", "'event' must be a text that is not empty"),
        ([], "0", "the request has no records"),
    ],
    ids=["valid", "one of two", "invalid", "none"],
)
def test_track_says_whether_one_event_was_valid(
    http: httpx.Client, records: list[object], text: str, error: str | None
) -> None:
    """1 for at least one, else 0; with verbose=1 the first problem is named."""
    verbose = http.post("/track?verbose=1", json=records)

    assert http.post("/track", json=records).text == text
    assert verbose.json() == {"status": int(text), "error": error}


def test_event_without_a_user_gets_a_hash_of_the_address(http: httpx.Client) -> None:
    """The id stands for the address, and does not show it."""
    bare = {"event": "A", "properties": {"token": "t"}}
    http.post("/track", json=[bare, bare])
    ids = [row["properties"]["distinct_id"] for row in exported(http)]

    assert len(ids[0]) == 32
    assert ids[0] == ids[1]


def test_import_takes_a_whole_batch(http: httpx.Client) -> None:
    """JSON and NDJSON, plain and gzipped, are counted in the answer."""
    good = {"code": 200, "num_records_imported": 2, "status": "OK"}
    lines = "\n".join(json.dumps(event()) for _ in range(2)).encode()
    packed = {"Content-Encoding": "gzip", "Content-Type": "application/x-ndjson"}

    plain = http.post("/import?strict=1", json=[event(), event()])
    ndjson = http.post("/import", content=gzip.compress(lines), headers=packed)

    assert (plain.status_code, plain.json()) == (200, good)
    assert (ndjson.status_code, ndjson.json()) == (200, good)
    assert exported(http)[0]["properties"]["$import"] is True


def test_strict_import_lists_what_it_refuses(http: httpx.Client) -> None:
    """Valid records are kept beside those that are named by their index."""
    answer = http.post("/import?strict=1", json=[event(), event(time="x"), event()])

    assert answer.status_code == 400
    assert answer.json() == {
        "code": 400,
        "error": "some data points in the request failed validation",
        "status": "Bad Request",
        "num_records_imported": 2,
        "failed_records": [
            {
                "index": 1,
                "$insert_id": "i-1",
                "field": "properties.time",
                "message": "'properties.time' must be epoch seconds or milliseconds",
            }
        ],
    }
    assert len(exported(http)) == 2


def test_lenient_import_drops_what_it_refuses(http: httpx.Client) -> None:
    """With strict=0 missing ids are filled in and wrong events are left out."""
    bare = {"event": "A", "properties": {"time": NOW}}
    answer = http.post("/import?strict=0", json=[bare, event(time="x")])

    assert answer.json() == {"code": 200, "num_records_imported": 1, "status": "OK"}


def test_profile_comes_back(http: httpx.Client) -> None:
    """What /engage sets is found by the engage question."""
    update = {"$token": "t", "$distinct_id": "u1", "$set": {"plan": "pro"}}
    said = http.post("/engage", data={"data": json.dumps(update), "verbose": "1"})
    found = http.post("/api/query/engage", data={"distinct_id": "u1"}).json()

    assert said.json() == {"status": 1, "error": None}
    assert found["results"] == [
        {
            "$distinct_id": "u1",
            "$properties": {"plan": "pro", "$last_seen": "2026-11-22T12:00:00"},
        }
    ]


def test_engage_says_whether_one_update_was_valid(http: httpx.Client) -> None:
    """1 for at least one, else 0 and with verbose=1 the first problem."""
    good = {"$token": "t", "$distinct_id": "u1", "$set": {}}
    bad = {"$token": "t", "$distinct_id": "u1", "$add": {"n": "1"}}

    assert http.post("/engage", json=[bad, good]).text == "1"
    assert http.post("/engage", json=[bad]).text == "0"
    assert http.post("/engage?verbose=1", json=[bad]).json() == {
        "status": 0,
        "error": "'$add' must be an object of numbers",
    }


def test_engage_takes_no_gzip(shared_http: httpx.Client) -> None:
    """Mixpanel does not unpack profile updates."""
    answer = shared_http.post(
        "/engage", content=gzip.compress(b"[]"), headers={"Content-Encoding": "gzip"}
    )

    assert answer.status_code == 400


def test_questions_are_answered(http: httpx.Client) -> None:
    """Events, segmentation and names know what was tracked."""
    http.post("/track", json=[event(), event(distinct_id="u2")])
    one = {"series": ["2026-11-22"], "values": {"A": {"2026-11-22": 2}}}

    assert http.get("/api/query/events", params=COUNT).json() == {
        "data": one,
        "legend_size": 1,
    }
    assert http.get("/api/query/segmentation", params={**DAY, "event": "A"}).json() == {
        "data": one,
        "legend_size": 1,
    }
    assert http.get("/api/query/events/names?type=general").json() == ["A"]


def test_wrong_question_repeats_the_request(shared_http: httpx.Client) -> None:
    """The error of a question has the request and what is wrong with it."""
    answer = shared_http.get("/api/query/segmentation?event=A&from_date=x")

    assert answer.status_code == 400
    assert answer.json() == {
        "request": "/api/query/segmentation?event=A&from_date=x",
        "error": "invalid date: from_date 'x' is not a day; write YYYY-MM-DD",
    }


def test_profiles_are_asked_for_as_other_clients_do(http: httpx.Client) -> None:
    """By GET, or with a JSON object, they are those that a form has."""
    names = ("ann", "bob", "cid")
    people = [{"$token": "t", "$distinct_id": u, "$set": {"u": u}} for u in names]
    http.post("/engage", json=people).raise_for_status()
    given = {"where": 'properties["u"] != "ann"', "output_properties": '["u"]'}
    url = "/api/query/engage"

    by_form = http.post(url, data={**given, "page": "0"})
    answers = [
        by_form,
        http.post(url, json={**given, "page": 0, "project_id": "1"}),
        http.get(url, params=given),
    ]

    for answer in answers:
        found = [each["$properties"] for each in answer.json()["results"]]
        assert found == [{"u": "bob"}, {"u": "cid"}]
    basis = [answer.headers.get("Local-Project-Basis", "") for answer in answers]
    assert ["profile-requests" in each for each in basis] == [False, True, True]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"[1]", "the body is neither a form nor a JSON object"),
        (b'{"page": ', "the body is not JSON"),
        (
            b'{"page": null}',
            "page is no text; send lists and objects as JSON in a text",
        ),
        (b'{"output_properties": ["a"]}', "output_properties is no text"),
        (b'{"where": "\\ud800"}', "where should be valid utf8"),
        (b'{"page": "-1"}', "page"),
    ],
)
def test_profiles_asked_for_with_odd_json(
    shared_http: httpx.Client, body: bytes, said: str
) -> None:
    """What is no parameter is refused, with its name."""
    answer = shared_http.post("/api/query/engage", content=body)

    assert answer.status_code == 400
    assert said in answer.json()["error"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/2.0/cohorts/list", 501),
        ("POST", "/api/query/jql", 400),
        ("GET", "/api/2.0/nessie", 501),
        ("GET", "/api/app/organizations", 501),
        ("GET", "/lookup-tables", 501),
        ("PUT", "/lookup-tables/x", 501),
        ("PUT", "/lookup-tables/a%0Ab", 501),
        ("OPTIONS", "/lookup-tables/x", 405),
        ("GET", "/api/app/a%0Ab", 501),
        ("GET", "/api/query/nonsense", 501),
        ("GET", "/nonsense", 404),
        ("GET", "/%2e%2e/%2e%2e/etc/passwd", 404),
        ("GET", "/track", 400),
        ("PUT", "/track", 405),
    ],
)
def test_everything_else_is_an_error_in_json(
    shared_http: httpx.Client, method: str, path: str, status: int
) -> None:
    """What is not built says so, and what does not exist is not found."""
    answer = shared_http.request(
        method, path, content=b"[]" if method == "POST" else None
    )

    assert answer.status_code == status
    assert answer.json()["error"]


def test_export_is_gzipped_when_it_is_worth_it(http: httpx.Client) -> None:
    """Bodies above 1,400 bytes are packed if the client takes gzip."""
    path, plain = "/api/2.0/export", {"Accept-Encoding": "identity"}
    http.post("/track", json=[event()])
    small = http.get(path, params=DAY)
    http.post("/track", json=[event() for _ in range(50)])
    large = http.get(path, params=DAY)
    unpacked = http.get(path, params=DAY, headers=plain)

    assert "content-encoding" not in small.headers
    assert large.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in unpacked.headers
    assert large.text == unpacked.text
    assert large.text.count("\n") == 51
    assert large.headers["content-type"].startswith("text/plain")


def test_export_without_events_is_empty(shared_http: httpx.Client) -> None:
    """No events are an empty body, not an error."""
    answer = shared_http.get("/api/2.0/export", params=DAY)

    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("path", ["/track", "/local/reset", "/api/v1/events"])
def test_client_who_leaves_is_no_error_of_the_server(
    project: LocalProject, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    """A body that breaks off is logged as such, and no traceback is."""
    port = urlsplit(project.base_url).port or 0
    with socket.create_connection(("127.0.0.1", port)) as stream:
        stream.sendall(
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n"
            "Content-Type: application/json\r\n\r\n{".encode()
        )
    httpx.get(f"{project.base_url}/local/clock", trust_env=False)
    statuses = [request.status for request in project.requests]

    assert statuses == ([] if path.startswith("/local") else [499])
    assert caplog.records == []


@pytest.mark.parametrize(
    "path", ["/api/query/events/names/", "/local/clock/", "/track//", "/api/app/me/"]
)
def test_slash_too_many_leads_nowhere(http: httpx.Client, path: str) -> None:
    """Nobody is sent on, least of all to the host that the request names."""
    answer = http.get(path, headers={"Host": "evil.example"})

    assert answer.status_code in (403, 404, 501)
    assert "location" not in answer.headers


def test_error_of_ours_ends_the_connection_and_says_so(
    project: LocalProject, http: httpx.Client
) -> None:
    """A client that kept it would find its next request without an answer."""

    def broken_clock() -> datetime:
        # The log asks in the server's own thread, questions do in others.
        if threading.current_thread().name != "mixpanel-local-project":
            raise ZeroDivisionError
        return datetime.fromtimestamp(NOW, timezone.utc)

    project.clock = broken_clock
    path = "/api/query/events/names?type=general"
    first, second = http.get(path), http.get(path)

    assert [first.status_code, second.status_code] == [500, 500]
    assert first.headers["connection"] == "close"


@pytest.mark.parametrize(
    "path",
    [
        "/api/query/segmentation?event=A&on=properties[%22x%22]",
        "/api/query/stream/query?distinct_ids=[%22u%22]",
    ],
    ids=["segmentation", "activity"],
)
def test_values_too_deep_to_be_read_are_no_error_of_ours(
    project: LocalProject, http: httpx.Client, tmp_path: Path, path: str
) -> None:
    """A file may bring some; what this Python cannot read of them is refused."""
    values = f'"distinct_id":"u","time":{NOW},"x":' + "[" * 90_000 + "]" * 90_000
    file = tmp_path / "events.jsonl"
    file.write_text(
        json.dumps(event()) + "\n" + f'{{"event":"A","properties":{{{values}}}}}\n'
    )
    project.load(file)
    answer = http.get(f"{path}&from_date=2026-11-22&to_date=2026-11-22")

    assert answer.status_code == 400
    assert "nested too deeply" in answer.json()["error"]
