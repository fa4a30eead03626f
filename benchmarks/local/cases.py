"""What is measured of the local project, and the plain way beside it."""

from __future__ import annotations

import gzip
import json
import resource
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

import duckdb
import httpx

from benchmarks.local.made_events import FIRST_DAY, LAST_DAY, NAMES
from benchmarks.measuring import timed
from mixpanel_query.local import LocalProject

__all__ = ["CASES", "figures_of"]

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
DATES = {"from_date": FIRST_DAY, "to_date": LAST_DAY}
ROUNDS = 5
BATCH, IMPORTED = 2000, 40_000
SCRIPT = """function main() {
  return Events({from_date: "2025-11-01", to_date: "2025-12-07"})
    .groupByUser(mixpanel.reducer.count());
}"""


class Case(NamedTuple):
    """One line of the table: the least rate, or the most of anything else."""

    limit: float
    unit: str
    ours: Callable[[Path], float]
    plain: Callable[[Path], float]


def figures_of(name: str, folder: Path) -> dict[str, float]:
    """Measure a row, ours first, as its memory is that of the whole process."""
    case = CASES[name]
    return {"found": case.ours(folder), "plain": case.plain(folder)}


def client(project: LocalProject) -> httpx.Client:
    """Return an HTTP client of a project."""
    return httpx.Client(base_url=project.base_url, trust_env=False, timeout=120)


def loading(file: str, store: str | None, *, memory: bool) -> Callable[[Path], float]:
    """Return what loads a file, and gives the seconds or the GB at most."""

    def load(folder: Path) -> float:
        path = folder / store if store else None
        with LocalProject(path, clock=NOW) as project:
            seconds = timed(lambda: project.load(folder / file))
        if path:
            path.unlink()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
        return peak if memory else seconds

    return load


def question(
    path: str, file: str = "events.jsonl", **given: str
) -> Callable[[Path], float]:
    """Return what asks a question some times, and gives the median of the seconds."""

    def ask(folder: Path) -> float:
        with LocalProject(clock=NOW) as project, client(project) as http:
            project.load(folder / file)
            project.save_funnel(1, steps=[NAMES[0], NAMES[2], NAMES[4]])

            def once() -> None:
                answer = http.get(f"/api/query/{path}", params={**DATES, **given})
                answer.raise_for_status()

            return sorted(timed(once) for _ in range(ROUNDS))[ROUNDS // 2]

    return ask


def script(folder: Path) -> float:
    """Run a script over 100,000 events, with what its process takes to start."""
    with LocalProject(clock=NOW) as project, client(project) as http:
        project.load(folder / "events.jsonl")

        def once() -> None:
            http.post("/api/query/jql", data={"script": SCRIPT}).raise_for_status()

        return timed(once)


def importing(
    file: str = "events.jsonl", *, clients: int = 1, packed: bool = False
) -> Callable[[Path], float]:
    """Return what imports events in batches, and gives how many a second."""

    def send(folder: Path) -> float:
        with (folder / file).open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line, _ in zip(lines, range(IMPORTED))]  # noqa: B905
        starts = range(0, IMPORTED, BATCH)
        bodies = [json.dumps(rows[at : at + BATCH]).encode() for at in starts]
        headers = {"Content-Type": "application/json"}
        if packed:
            bodies = [gzip.compress(body, 6) for body in bodies]
            headers["Content-Encoding"] = "gzip"
        with LocalProject(clock=NOW) as project:

            def work() -> None:
                with client(project) as http:
                    for body in bodies:
                        url = "/import?strict=1&project_id=1"
                        http.post(url, content=body, headers=headers).raise_for_status()

            workers = [threading.Thread(target=work) for _ in range(clients)]
            began = time.perf_counter()
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            return clients * IMPORTED / (time.perf_counter() - began)

    return send


def by_duckdb(sql: str = "", file: str = "events.jsonl") -> Callable[[Path], float]:
    """Return what reads a file with DuckDB alone, and times that or one query."""

    def work(folder: Path) -> float:
        store = duckdb.connect()
        read = f"CREATE TABLE e AS FROM read_ndjson('{folder / file}', columns = "
        read += "{'event': 'VARCHAR', 'properties': 'JSON'})"
        seconds = timed(lambda: store.execute(read))
        return timed(lambda: store.execute(sql).fetchall()) if sql else seconds

    return work


def by_sqlite(folder: Path) -> float:
    """Insert the same events into SQLite in memory; give how many a second."""
    with (folder / "events.jsonl").open(encoding="utf-8") as lines:
        texts = [line for line, _ in zip(lines, range(IMPORTED))]  # noqa: B905
    store = sqlite3.connect(":memory:")
    store.execute("CREATE TABLE e (event, id UNIQUE, properties)")

    def insert() -> None:
        for text in texts:
            row = json.loads(text)
            own = row["properties"]
            values = row["event"], own["$insert_id"], json.dumps(own)
            store.execute("INSERT INTO e VALUES (?, ?, ?)", values)

    return IMPORTED / timed(insert)


def nothing(_: Path) -> float:
    """Stand where there is no plain way."""
    return float("nan")


VIEWS, LARGE = NAMES[0], 'properties["Amount"] > 100'
PLAIN_WEEKS = """SELECT event, (properties->>'time')::BIGINT // 604800,
count(DISTINCT properties->>'distinct_id') FROM e GROUP BY ALL"""
PLAIN_SEGMENTS = """SELECT properties->>'/$os', (properties->>'time')::BIGINT // 86400,
count(*) FROM e WHERE event = 'Page View' AND (properties->>'Amount')::DOUBLE > 100
GROUP BY ALL"""


def segments(on: str, where: str = LARGE, **more: str) -> Case:
    """Return the row of a segmentation."""
    asked = question("segmentation", event=VIEWS, where=where, on=on, **more)
    return Case(0.5, "s", asked, by_duckdb(PLAIN_SEGMENTS))


FILE = "events.jsonl"
CASES: dict[str, Case] = {
    "load a million events": Case(
        15, "s", loading(FILE, None, memory=False), by_duckdb()
    ),
    "load them, memory": Case(1, "GB", loading(FILE, None, memory=True), nothing),
    "load them into a file": Case(
        15, "s", loading(FILE, "p.db", memory=False), by_duckdb()
    ),
    "load them into a file, memory": Case(
        1, "GB", loading(FILE, "p.db", memory=True), nothing
    ),
    "weekly uniques by event": Case(
        0.3,
        "s",
        question("events", event=json.dumps(NAMES), type="unique", unit="week"),
        by_duckdb(PLAIN_WEEKS),
    ),
    "segments: 4 values": segments('properties["$os"]'),
    "segments: 600 values": segments('properties["Path"]'),
    "segments: 300,000 values": segments('properties["Session"]'),
    "segments: computed": segments('floor(properties["Amount"] / 50)'),
    "segments: by time, users": segments(
        'properties["$os"]',
        'event["$time"] >= datetime("2026-01-01T00:00:00")',
        type="unique",
    ),
    "segments: profiles": segments('user["plan"]', 'user["plan"] != "pro"'),
    "segments: 30 properties, 200,000 events": Case(
        0.5,
        "s",
        question(
            "segmentation",
            "wide.jsonl",
            event=VIEWS,
            where=LARGE,
            on='properties["Extra 3"]',
        ),
        by_duckdb(PLAIN_SEGMENTS, "wide.jsonl"),
    ),
    "funnel of 3 steps": Case(
        1, "s", question("funnels", funnel_id="1", length="14"), nothing
    ),
    "groupByUser over 100,000 events": Case(3, "s", script, nothing),
    "import": Case(20_000, "events/s", importing(), by_sqlite),
    "import, gzip": Case(20_000, "events/s", importing(packed=True), by_sqlite),
    "import, 4 clients": Case(20_000, "events/s", importing(clients=4), by_sqlite),
}
