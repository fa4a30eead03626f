"""``mixpanel-outbox refused`` and ``retry``: what was refused, and another try."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_shelf import OutboxReader, OutboxShelf
from mixpanel_pyramid.shelves import Dead

from .outboxes import SHOP, Put, Start, ask, event


def test_refused_says_what_and_why_but_no_values(path: Path, letters: object) -> None:
    """Nor whose they are, nor what a reason quotes, nor what steers a terminal."""
    result = ask("refused", path)

    assert result.exit_code == 0
    header, *rows = result.output.splitlines()
    assert (
        header.split() == "ID WHEN (UTC) STATE ENDPOINT WHAT PROPERTIES REASON".split()
    )
    assert [row.split() for row in rows] == [
        "1 2027-01-15 08:00:00 refused events Order Completed distinct_id, Plan "
        "properties.Plan is '…' of …".split(),
        "2 2027-01-15 08:00:00 refused events Order Refunded distinct_id "
        "properties.time is missing\ufffd[2J".split(),
        "3 2027-01-15 08:00:00 unknown people $add Logins ReadTimeout: timed "
        "out".split(),
    ]


def test_refused_shows_values_when_asked(path: Path, letters: object) -> None:
    """As JSON, the whole message."""
    result = ask("refused", path, "--state", "unknown", "--show-values")
    assert '"$add":{"Logins":4711}' in result.output

    result = ask("refused", path, "--limit", 1, "--show-values", "--format", "json")
    (letter,) = json.loads(result.stdout)
    assert letter["message"]["properties"]["Plan"] == "secret-plan"
    assert letter["when"] == "2027-01-15T08:00:00Z"
    assert "there are more than 1" in result.stderr


def test_refused_as_json_hides_values_too(path: Path, letters: object) -> None:
    """Programs write logs."""
    output = ask("refused", path, "--format", "json").output

    assert "secret-plan" not in output
    assert "joe@" not in output
    assert "4711" not in output
    assert len(json.loads(output)) == 3


@pytest.mark.parametrize(
    ("arguments", "put_back", "warned"),
    [
        (["--all"], 2, False),
        (["--state", "refused"], 2, False),
        (["--state", "unknown"], 1, True),
        (["--state", "unknown", "--all"], 3, True),
        (["2"], 1, False),
        (["3"], 1, True),
    ],
)
def test_retry_puts_back_what_is_named(
    path: Path, letters: object, arguments: list[str], put_back: int, warned: bool
) -> None:
    """What counts and may have been applied only by its state or number."""
    rehearsed = ask("retry", path, *arguments, "--dry-run")
    assert rehearsed.stdout.endswith(" would be put back\n")
    result = ask("retry", path, *arguments)

    noun = "message" if put_back == 1 else "messages"
    assert result.exit_code == 0
    assert result.stdout == f"{put_back} {noun} put back\n"
    assert ("count twice" in result.stderr) == warned
    with closing(sqlite3.connect(path)) as connection:
        waiting = connection.execute("SELECT count(*) FROM messages").fetchone()
        dead = connection.execute("SELECT count(*) FROM dead_letters").fetchone()
    assert (waiting, dead) == ((put_back,), (3 - put_back,))
    assert ask("retry", path, *arguments).stdout == "0 messages put back\n"


def test_retry_says_which_letters_are_not_there(path: Path, letters: object) -> None:
    """And puts back the others."""
    result = ask("retry", path, 1, 17)

    assert result.exit_code == 1
    assert result.stdout == "1 message put back\n"
    assert result.stderr == "there is no dead letter 17\n"


def test_retry_without_a_choice_changes_nothing(path: Path, letters: object) -> None:
    """It says how to choose."""
    result = ask("retry", path)

    assert result.exit_code == 2
    assert "name letters by ID, or with --state or --all" in result.stderr


def test_retries_at_the_same_time_put_each_letter_back_once(
    path: Path, put: Put, start: Start
) -> None:
    """Four processes, 400 letters."""
    put(*[event(f"E{n}") for n in range(400)])
    reader = OutboxReader(OutboxFile(path), SHOP)
    shelf = OutboxShelf(reader, 0)
    shelf.batch(400, 1_000_000)
    shelf.settle([Dead(index, "refused", "") for index in range(400)])
    reader.close()

    processes = [start("retry", path, "--all") for _ in range(4)]
    said = [process.communicate(timeout=60)[0] for process in processes]

    assert sum(int(text.split()[0]) for text in said) == 400
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT body FROM messages").fetchall()
    assert len(found) == len(set(found)) == 400
