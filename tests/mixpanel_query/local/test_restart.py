"""A project in a file: what was answered is there after a kill, and old files open."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from mixpanel_query.local import LocalProject

SERVE = "from mixpanel_query.command import main; main()"
TODAY = "2026-11-22"
DAYS = {"from_date": "2026-11-20", "to_date": TODAY}
FUNNEL = {"funnel_id": 7, "name": "Buy", "steps": ["Seen", "Bought"]}
REPORT = {"bookmark_id": 8, "events": ["Seen"], "unit": "day", **DAYS}
COHORT = {"cohort_id": 9, "name": "Rich", "where": 'properties["rich"] == true'}
QUESTIONS = [
    ("GET", "/api/2.0/export", DAYS),
    ("GET", "/api/query/segmentation", {**DAYS, "event": "Seen", "type": "unique"}),
    ("GET", "/api/query/stream/query", {**DAYS, "distinct_ids": '["ann"]'}),
    ("GET", "/api/query/funnels/list", {}),
    ("GET", "/api/query/funnels", {**DAYS, "funnel_id": 7}),
    ("GET", "/api/query/insights", {"bookmark_id": 8}),
    ("POST", "/api/query/cohorts/list", {}),
    ("POST", "/api/query/engage", {}),
    ("POST", "/api/query/engage", {"data_group_id": "1"}),
    ("POST", "/api/query/engage", {"filter_by_cohort": '{"id":9}'}),
    ("GET", "/api/app/projects/1/annotations", DAYS),
    ("GET", "/api/app/projects/1/annotations/tags", {}),
    ("GET", "/api/app/projects/1/schemas", {}),
    ("GET", "/local/customers", {}),
]


@contextmanager
def served(
    database: Path, *more: str
) -> Iterator[tuple[subprocess.Popen[str], httpx.Client]]:
    """Serve a project file, and give the process and a client of it."""
    arguments = ["local", "serve", "--port", "0", "--db"]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, *arguments, str(database), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    found = re.search(r"http://[\d.]+:\d+", said)
    assert found
    try:
        with httpx.Client(base_url=found[0], trust_env=False, timeout=60) as http:
            # No midnight passes between what is kept and the questions for it.
            noon = {"now": f"{TODAY}T12:00:00+00:00"}
            assert http.post("/local/clock", json=noon).is_success
            yield process, http
    finally:
        process.kill()
        process.communicate()


def answers(http: httpx.Client) -> list[Any]:
    """Return what a project says of everything that it keeps."""
    found = []
    for method, path, asked in QUESTIONS:
        where = {"params": asked} if method == "GET" else {"data": asked}
        answer = http.request(method, path, **where)  # type: ignore[arg-type]
        assert answer.status_code == 200, (path, answer.text)
        if path.endswith("export"):
            found.append(sorted(answer.text.strip().split("\n")))
            continue
        document = answer.json()
        for changing in ("session_id", "computed_at"):
            document.pop(changing, None) if isinstance(document, dict) else None
        found.append(document)
    return found


def fill(http: httpx.Client) -> None:
    """Let everything that is kept have something, and each answer be a good one."""
    device = {"$device_id": "d-1", "token": "t"}
    sent = [
        ("/track", {"event": "Seen", "properties": {**device, "plan": "č😀"}}),
        ("/track", {"event": "Seen", "properties": {**device, "$user_id": "ann"}}),
        ("/track", {"event": "Bought", "properties": {"token": "t", "distinct_id": 1}}),
        ("/engage", {"$token": "t", "$distinct_id": "ann", "$set": {"rich": True}}),
        ("/engage", {"$token": "t", "$distinct_id": "bob", "$set": {"rich": False}}),
        (
            "/groups",
            {"$token": "t", "$group_key": "company", "$group_id": "acme"}
            | {"$set": {"name": "ACME"}},
        ),
    ]
    for path, record in sent:
        assert http.post(path, json=[record]).text == "1"
    app = "/api/app/projects/1"
    tag = http.post(f"{app}/annotations/tags", json={"name": "release"}).json()["id"]
    note = {"date": f"{TODAY} 00:00:00", "description": "Shipped", "tags": [tag]}
    schema = {"properties": {"plan": {"type": "string"}}}
    done = [
        http.post(f"{app}/annotations", json=note),
        http.post(f"{app}/schemas/event/Seen", json=schema),
        http.put("/api/v1/customers/c-1", json={"email": "c@shop.example"}),
        http.post("/api/v1/customers/c-1/events", json={"name": "paid"}),
    ]
    assert all(answer.is_success for answer in done), done


def test_everything_is_there_after_a_kill(tmp_path: Path) -> None:
    """Events, merges, profiles, groups, definitions, notes and customers stay."""
    options = []
    for name, definition in (
        ("funnel", FUNNEL),
        ("report", REPORT),
        ("cohort", COHORT),
    ):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(definition))
        options += [f"--{name}", str(path)]
    database = tmp_path / "shop.duckdb"
    with served(database, *options) as (process, http):
        fill(http)
        http.post("/local/faults", json={"path": "/nowhere", "status": 503})
        before = answers(http)
        process.send_signal(signal.SIGKILL if sys.platform != "win32" else 9)
        process.wait()
    with served(database) as (_, http):
        after = answers(http)
        faults = http.get("/local/faults").json()["faults"]

    assert after == before
    assert len(before[0]) == 3
    # The device's event from before it was merged is its user's.
    assert sum(before[1]["data"]["values"]["Seen"].values()) == 1
    assert "ann" in json.dumps(before[2])
    assert faults == []


def test_what_was_answered_is_there_after_a_kill_in_the_middle(tmp_path: Path) -> None:
    """Whatever a sender has an answer for is kept, however sudden the end is."""
    database = tmp_path / "shop.duckdb"
    taken: list[str] = []

    def send(http: httpx.Client, sender: int) -> None:
        for number in range(10_000):
            key = f"{sender}-{number}"
            own = {"token": "t", "distinct_id": key, "$insert_id": key}
            with suppress(httpx.TransportError):
                answer = http.post("/track", json=[{"event": "A", "properties": own}])
                if answer.text == "1":
                    taken.append(key)
                    continue
            return

    with served(database) as (process, http):
        senders = [threading.Thread(target=send, args=(http, n)) for n in range(3)]
        for sender in senders:
            sender.start()
        deadline = time.monotonic() + 60
        while len(taken) < 50 and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
        process.wait()
        for sender in senders:
            sender.join()
    with served(database) as (_, http):
        text = http.get("/api/2.0/export", params=DAYS).text
    kept = {json.loads(line)["properties"]["distinct_id"] for line in text.splitlines()}

    assert len(taken) >= 50
    assert set(taken) <= kept


# What a project made before it kept identities, groups and customers.
OLD = """
CREATE TABLE events (event VARCHAR NOT NULL, distinct_id VARCHAR NOT NULL,
    time_ms BIGINT NOT NULL, insert_id VARCHAR NOT NULL, properties VARCHAR NOT NULL);
CREATE TABLE profiles (distinct_id VARCHAR NOT NULL, properties VARCHAR NOT NULL);
CREATE TABLE reports (id BIGINT PRIMARY KEY, definition VARCHAR NOT NULL);
CREATE TABLE funnels (id BIGINT PRIMARY KEY, definition VARCHAR NOT NULL);
CREATE TABLE cohorts (id BIGINT PRIMARY KEY, definition VARCHAR NOT NULL);
CREATE TABLE lexicon (entity_type VARCHAR NOT NULL, name VARCHAR NOT NULL,
    schema VARCHAR NOT NULL);
CREATE SEQUENCE annotation_ids;
CREATE TABLE annotations (id BIGINT NOT NULL, date VARCHAR NOT NULL,
    description VARCHAR NOT NULL, tags VARCHAR NOT NULL);
CREATE TABLE annotation_tags (id BIGINT NOT NULL, name VARCHAR NOT NULL);
INSERT INTO events VALUES ('Old', '$device:d-1', 1795305600000, 'i1',
    '{"distinct_id":"$device:d-1","$insert_id":"i1"}');
INSERT INTO profiles VALUES ('ann', '{"rich": true}');
"""


@pytest.mark.parametrize("times", [1, 2])
def test_a_file_from_before_opens(tmp_path: Path, times: int) -> None:
    """What it had is there, what came since works, and so it does once more."""
    database = tmp_path / "old.duckdb"
    with duckdb.connect(str(database)) as old:
        old.execute(OLD)
    for _ in range(times):
        with (
            LocalProject(database) as project,
            httpx.Client(base_url=project.base_url, trust_env=False) as http,
        ):
            day = {"from_date": "2026-11-22", "to_date": "2026-11-22"}
            exported = http.get("/api/2.0/export", params=day).text.splitlines()
            profiles = http.post("/api/query/engage").json()["results"]
            event = {"event": "New", "properties": {"token": "t", "$device_id": "d-2"}}
            assert http.post("/track", json=[event]).text == "1"

    assert [json.loads(line)["event"] for line in exported] == ["Old"]
    assert profiles[0]["$properties"]["rich"] is True
