"""Tests of ``export_to`` of both clients, with a server on a real socket."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeAlias

from mixpanel_query import ExportProgress

Make: TypeAlias = Callable[..., Any]
Server: TypeAlias = Any  # that of conftest.py

FIRST = date(2024, 11, 1)


def day(number: int) -> date:
    """The day with a number, from 0."""
    return FIRST + timedelta(days=number)


def window(days: int) -> tuple[str, str]:
    """The window of so many days."""
    return FIRST.isoformat(), day(days - 1).isoformat()


def visible(folder: Path) -> list[str]:
    """The names of the files that a glob finds."""
    return sorted(path.name for path in folder.glob("[!.]*"))


def manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder."""
    read: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return read


def test_a_file_a_day(ask: Make, server: Server, folder: Path) -> None:
    """Each day's file holds exactly the lines that Mixpanel sent, byte for byte."""
    server.fill(3)

    found = ask(
        lambda client: client.export_to(folder, *window(3)), base_url=server.base_url
    )

    assert visible(folder) == [
        "2024-11-01.jsonl",
        "2024-11-02.jsonl",
        "2024-11-03.jsonl",
        "manifest.json",
    ]
    for number in range(3):
        assert found.paths[number].read_bytes() == server.truth(day(number))
    assert (found.rows, found.calls, found.folder) == (60, 3, folder)


def test_a_call_covers_several_days(ask: Make, server: Server, folder: Path) -> None:
    """Lesson 20: 60 days take 30 calls, not 60."""
    server.fill(60, rows=2)

    found = ask(
        lambda client: client.export_to(folder, *window(60)), base_url=server.base_url
    )

    assert found.calls == 30
    assert server.asked[0] == ("2024-11-01", "2024-11-02")
    for number in range(60):
        assert found.paths[number].read_bytes() == server.truth(day(number))


def test_what_is_complete_is_not_asked_for_again(
    ask: Make, server: Server, folder: Path
) -> None:
    """A second run makes no call, and a longer window only those for the new days."""
    server.fill(5)
    ask(lambda client: client.export_to(folder, *window(3)), base_url=server.base_url)
    server.asked.clear()

    same = ask(
        lambda client: client.export_to(folder, *window(3)), base_url=server.base_url
    )
    longer = ask(
        lambda client: client.export_to(folder, *window(5)), base_url=server.base_url
    )

    assert (same.calls, same.rows) == (0, 60)
    assert server.asked == [("2024-11-04", "2024-11-04"), ("2024-11-05", "2024-11-05")]
    assert longer.rows == 100


def test_day_without_events(ask: Make, server: Server, folder: Path) -> None:
    """A day on which nothing happened has an empty file, and is complete."""
    server.fill(1)

    found = ask(
        lambda client: client.export_to(folder, *window(2)), base_url=server.base_url
    )

    assert found.paths[1].read_bytes() == b""
    assert found.days[1].rows == 0
    assert manifest(folder)["days"]["2024-11-02"]["state"] == "complete"


def test_repeats_are_left_out(ask: Make, server: Server, folder: Path) -> None:
    """Copies of an event are written once, and counted in the day's own entry."""
    server.fill(2, rows=3)
    copies = server.days[day(1)][0]
    server.days[day(1)] += [copies, copies]

    found = ask(
        lambda client: client.export_to(folder, *window(2)), base_url=server.base_url
    )

    assert [(each.rows, each.repeats) for each in found.days] == [(3, 0), (3, 2)]
    assert found.paths[1].read_bytes().count(copies) == 1


def test_manifest(ask: Make, server: Server, folder: Path) -> None:
    """The manifest says which export it is, what each file holds, and no secret."""
    server.fill(1, rows=1)

    ask(
        lambda client: client.export_to(
            folder, *window(1), events=["Sign Up", "Purchase"], where="true"
        ),
        base_url=server.base_url,
    )

    known = manifest(folder)
    assert known["version"] == 1
    assert known["export"] == {
        "host": server.base_url.removeprefix("http://"),
        "project_id": 12345,
        "events": ["Purchase", "Sign Up"],
        "where": "true",
        "format": "jsonl",
        "local_timezone": None,
        "time_in_ms": False,
    }
    entry = known["days"]["2024-11-01"]
    assert entry["state"] == "complete"
    assert (entry["rows"], entry["repeats"]) == (1, 0)
    assert entry["bytes"] == len(server.truth(FIRST))
    assert datetime.fromisoformat(entry["fetched_at"]).tzinfo == timezone.utc
    assert "hunter2" not in (folder / "manifest.json").read_text()


def test_digest_is_that_of_the_file(ask: Make, server: Server, folder: Path) -> None:
    """The digest is what ``sha256sum`` prints."""
    server.days[FIRST] = [
        b'{"event":"A","properties":{"time":1730462400,"$insert_id":"1"}}'
    ]

    found = ask(
        lambda client: client.export_to(folder, *window(1)), base_url=server.base_url
    )

    assert found.days[0].digest == (
        "17264ec44ed08ced16c9e54353988bfc113ce127bb2ec9e2fc8edeef0af6fb8f"
    )


def test_filters_are_sent(ask: Make, server: Server, folder: Path) -> None:
    """Each call asks for the events and the expression that were given."""
    ask(
        lambda client: client.export_to(
            folder, *window(1), events="Sign Up", where='properties["a"] == 1'
        ),
        base_url=server.base_url,
    )

    assert server.params[0]["event"] == '["Sign Up"]'
    assert server.params[0]["where"] == 'properties["a"] == 1'


def test_gzip(ask: Make, server: Server, folder: Path) -> None:
    """Gzipped files unpack to the same; a day without events is a gzip file too."""
    server.fill(1)

    found = ask(
        lambda client: client.export_to(folder, *window(2), format="jsonl.gz"),
        base_url=server.base_url,
    )

    assert [path.name for path in found.paths] == [
        "2024-11-01.jsonl.gz",
        "2024-11-02.jsonl.gz",
    ]
    assert gzip.decompress(found.paths[0].read_bytes()) == server.truth(FIRST)
    assert found.paths[1].stat().st_size > 0
    assert gzip.decompress(found.paths[1].read_bytes()) == b""


def test_progress(ask: Make, server: Server, folder: Path) -> None:
    """Progress says how many days are done, how many rows, and what is under way."""
    server.fill(2, rows=5)
    said: list[ExportProgress] = []

    ask(
        lambda client: client.export_to(folder, *window(2), progress=said.append),
        base_url=server.base_url,
    )

    assert (said[0].days, said[0].days_done, said[0].rows, said[0].calls) == (
        2,
        0,
        0,
        1,
    )
    assert (said[-1].days_done, said[-1].rows, said[-1].span) == (2, 10, None)
    assert [each.rows for each in said] == sorted(each.rows for each in said)


def test_table_of_files(ask: Make, server: Server, folder: Path) -> None:
    """The result is also a table, a row a day."""
    server.fill(1, rows=2)

    found = ask(
        lambda client: client.export_to(folder, *window(1)), base_url=server.base_url
    )

    (row,) = found.to_dicts()
    assert (row["date"], row["rows"]) == (FIRST, 2)
    assert row["path"] == str(folder / "2024-11-01.jsonl")
