"""SQL, expressions without measure and scripts that do harm."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

import pytest

Server: TypeAlias = Any  # of conftest.py

DAY = {"from_date": "2026-11-01", "to_date": "2026-11-02"}
SQL = "x'; DROP TABLE events; COPY (SELECT 1) TO '%s/stolen.csv'; --"
QUESTIONS = {
    "/api/query/events": ("event", "from_date", "unit", "type", "interval"),
    "/api/query/events/names": ("type", "limit"),
    "/api/query/events/properties": ("event", "name", "values", "unit"),
    "/api/query/events/properties/values": ("event", "name", "limit"),
    "/api/query/segmentation": ("event", "to_date", "on", "where", "unit", "limit"),
    "/api/query/segmentation/sum": ("event", "on", "where", "unit"),
    "/api/query/retention": ("born_event", "event", "born_where", "where", "unit"),
    "/api/query/retention/addiction": ("event", "where", "on", "addiction_unit"),
    "/api/query/funnels": ("funnel_id", "on", "where", "unit"),
    "/api/query/insights": ("bookmark_id",),
    "/api/query/stream/query": ("distinct_ids", "from_date"),
    "/api/2.0/export": ("event", "where", "from_date", "limit"),
}
WHOLE = {
    **DAY,
    "event": "A",
    "born_event": "A",
    "unit": "day",
    "type": "general",
    "name": "a",
    "on": 'properties["a"]',
    "addiction_unit": "hour",
}


def test_sql_in_questions(server: Server) -> None:
    """SQL in a parameter is a text like others: nothing is deleted or written."""
    sql = SQL % server.root
    for path, names in QUESTIONS.items():
        for name in names:
            for text in (sql, f'["{sql}"]', f'properties["{sql}"] == "{sql}"'):
                answer = server.http.get(path, params={**WHOLE, name: text})
                assert answer.status_code in (200, 400, 404), (path, name, answer.text)


def test_sql_in_bodies(server: Server) -> None:
    """What arrives with SQL in it is kept as it is, also in names."""
    sql = SQL % server.root
    own = {"token": "t", "distinct_id": sql, "$insert_id": "i-1", sql: sql}
    update = {"$token": "t", "$distinct_id": sql, "$set": {sql: sql}}
    json_type = {"Content-Type": "application/json"}
    sent = json.dumps([{"event": sql, "properties": own}])

    assert server.http.post("/track", content=sent, headers=json_type).text == "1"
    assert server.http.post("/engage", json=[update]).text == "1"
    server.http.post("/groups", json=[{**update, "$group_key": sql, "$group_id": sql}])
    names = server.http.get("/api/query/events/names?type=general").json()
    found = server.http.post("/api/query/engage", data={"distinct_id": sql}).json()
    assert sql in names
    assert found["results"][0]["$properties"][sql] == sql


EXPRESSIONS = {
    "brackets": "(" * 10_000 + "1" + ")" * 10_000,
    "not": "not " * 10_000 + "true",
    "minus": "-" * 10_000 + "1",
    "or": " or ".join(f'properties["a"] == "{number}"' for number in range(800)),
    "sum": "+".join(["1"] * 10_000),
    "in": '"a" in [' + ",".join(['"b"'] * 2500) + "]",
    "regular expression": 'properties["a"] =~ "(a+)+$"',
    "functions": "string(" * 3000 + "1" + ")" * 3000,
    "number": "9" * 10_000,
    "text": '"' + "a" * 30_000,
    "file": "properties[\"a\"] == read_text('/etc/passwd')",
    "nothing": "1 / 0 == 1 % 0",
}


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_expressions(server: Server, name: str) -> None:
    """An expression without measure is refused or answered, wherever it stands."""
    text = EXPRESSIONS[name]
    statuses = [
        server.http.post("/api/query/engage", data={"where": text * 3}).status_code,
        server.http.get("/api/2.0/export", params={**DAY, "where": text}).status_code,
        server.http.get(
            "/api/query/segmentation", params={**WHOLE, "where": text}
        ).status_code,
        server.http.get(
            "/api/query/segmentation", params={**WHOLE, "on": text}
        ).status_code,
    ]

    assert set(statuses) <= {200, 400}


SCRIPTS = {
    "loop": "function main() { while (true) {} }",
    "memory": "function main() { var a = []; for (;;) a.push(Array(1e6).join('x')) }",
    "regular expression": "function main() { return [/^(a+)+$/.test("
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')] }",
    "files": "function main() { return require('fs') }",
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts(server: Server, name: str) -> None:
    """A script that does harm ends with the error of a script."""
    answer = server.http.post("/api/query/jql", data={"script": SCRIPTS[name]})

    assert answer.status_code == 412
