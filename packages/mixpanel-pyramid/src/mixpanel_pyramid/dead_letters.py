"""Dead letters: what an outbox keeps of messages that are not sent any more."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mixpanel_pyramid.outbox_rows import transaction
from mixpanel_pyramid.outbox_status import opened

__all__ = ["DeadLetter", "Retried", "find_dead_letters", "put_back"]

AT_ONCE = 200  # letters in one write, for which requests wait
OPERATIONS = (
    "$set",
    "$set_once",
    "$add",
    "$append",
    "$union",
    "$remove",
    "$unset",
    "$delete",
)
SHORT = 4  # characters; a shorter value says too little to be looked for in a reason


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that is not sent any more.

    Attributes:
        number: Its number, by which it can be put back.
        died_at: When: epoch seconds.
        state: ``"refused"``, or ``"unknown"`` of an update that counts and may have
            been applied.
        label: Where it was to go.
        endpoint: ``"events"``, ``"people"``, ``"groups"``, ``"imports"`` or
            ``"customer.io"``.
        what: The event's name, or the operation such as ``"$add"``.
        names: The names of its properties.
        reason: Why it died; values of the message are taken out.
        body: The message itself, with all values.
    """

    number: int
    died_at: float
    state: str
    label: str
    endpoint: str
    what: str
    names: tuple[str, ...]
    reason: str
    body: str

    def __repr__(self) -> str:
        return f"DeadLetter({self.number}, {self.state!r}, {self.what!r})"


@dataclass(frozen=True, slots=True)
class Retried:
    """What was put back, or would be.

    Attributes:
        refused: How many that were refused.
        unknown: How many that count and may have been applied.
        missing: Numbers that no dead letter has.
    """

    refused: int = 0
    unknown: int = 0
    missing: tuple[int, ...] = ()


def find_dead_letters(path: Path, state: str | None = None) -> Iterator[DeadLetter]:
    """List the dead letters of an outbox, oldest first.

    Args:
        path: The outbox.
        state: ``"refused"`` or ``"unknown"``; None for both.

    Raises:
        OutboxUnusableError: If there is none, or it is not for this version.
        sqlite3.Error: If it cannot be read.
        OSError: The same.
    """
    statement = (
        "SELECT l.id, died_at, state, label, endpoint, reason, body "
        "FROM dead_letters l LEFT JOIN destinations d ON d.id = l.destination "
        "WHERE l.id > ? AND (? IS NULL OR state = ?) ORDER BY l.id LIMIT ?"
    )
    last = 0
    with closing(opened(path)) as connection:
        # In pieces, as an open cursor would keep the log from beginning anew.
        while rows := connection.execute(
            statement, (last, state, state, AT_ONCE)
        ).fetchall():
            for row in rows:
                yield letter_of(*row)
            last = rows[-1][0]


def letter_of(  # noqa: PLR0917  # the columns
    number: int,
    died_at: float,
    state: str,
    label: str | None,
    endpoint: str,
    reason: str,
    body: str,
) -> DeadLetter:
    """Read a dead letter from its columns."""
    message: dict[str, Any] = json.loads(body)
    what, values = content_of(message)
    return DeadLetter(
        number,
        died_at,
        state,
        label or "",
        endpoint,
        what,
        tuple(values) if isinstance(values, (dict, list)) else (),
        without_values(reason, message, what),
        body,
    )


def content_of(message: dict[str, Any]) -> tuple[str, Any]:
    """Say what a message does, and give the properties that it is about.

    >>> content_of({"$distinct_id": "joe", "$add": {"Logins": 1}})
    ('$add', {'Logins': 1})
    """
    if "event" in message:
        return str(message["event"]), message.get("properties")
    if "action" in message:  # https://docs.customer.io/integrations/api/track/
        name = message.get("name") or message["action"]
        return str(name), message.get("attributes")
    for operation in OPERATIONS:
        if operation in message:
            return operation, message[operation]
    return "", {}


def without_values(reason: str, message: dict[str, Any], what: str) -> str:
    """Take out of a reason what it quotes of a message's values.

    >>> without_values("'joe@shop.example' is bad", {"x": "joe@shop.example"}, "")
    "'…' is bad"
    """
    found = {text for text in scalars(message) if len(text) >= SHORT and text != what}
    for text in sorted(found, key=len, reverse=True):
        reason = reason.replace(text, "…")
    return reason


def scalars(value: object) -> Iterator[str]:
    """Give the texts and numbers inside a value, not the names."""
    if isinstance(value, dict):
        for item in value.values():
            yield from scalars(item)
    elif isinstance(value, list):
        for item in value:
            yield from scalars(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def put_back(
    path: Path,
    numbers: Sequence[int] = (),
    states: Sequence[str] = (),
    *,
    dry_run: bool = False,
    clock: Callable[[], float] = time.time,
) -> Retried:
    """Let dead letters wait again, to be sent once more.

    Each is put back once, however many do this at the same time, and is never lost.

    Args:
        path: The outbox.
        numbers: Which letters, by number.
        states: All letters of these states, too.
        dry_run: Whether only to count.
        clock: Epoch seconds.

    Raises:
        OutboxUnusableError: If there is none, or it is not for this version.
        sqlite3.Error: If it cannot be written.
        OSError: The same.
    """
    counts = {"refused": 0, "unknown": 0}
    with closing(opened(path)) as connection:
        chosen, missing = choose(connection, numbers, states)
        for start in range(0, len(chosen), AT_ONCE):
            part = chosen[start : start + AT_ONCE]
            with transaction(connection):
                for number in part:
                    for state in move(connection, number, int(clock()), dry_run):
                        counts[state] += 1
    return Retried(counts["refused"], counts["unknown"], missing)


def choose(
    connection: sqlite3.Connection, numbers: Sequence[int], states: Sequence[str]
) -> tuple[list[int], tuple[int, ...]]:
    """Give the numbers of the letters that are meant, oldest first, and the missing."""
    there, missing = set(), []
    for number in dict.fromkeys(numbers):
        statement = "SELECT id FROM dead_letters WHERE id = ?"
        if connection.execute(statement, (number,)).fetchone():
            there.add(number)
        else:
            missing.append(number)
    for state in states:
        statement = "SELECT id FROM dead_letters WHERE state = ?"
        there.update(row[0] for row in connection.execute(statement, (state,)))
    return sorted(there), tuple(missing)


def move(
    connection: sqlite3.Connection, number: int, now: int, dry_run: bool
) -> list[str]:
    """Move a letter among what waits; give its state, or nothing if it has gone."""
    statement = "SELECT state FROM dead_letters WHERE id = ?"
    states = [row[0] for row in connection.execute(statement, (number,))]
    if states and not dry_run:
        connection.execute(
            "INSERT INTO messages (destination, lane, endpoint, traits, moment, "
            "put_at, origin, body) SELECT destination, lane, endpoint, traits, "
            "moment, ?, 0, body FROM dead_letters WHERE id = ?",
            (now, number),
        ).close()
        connection.execute("DELETE FROM dead_letters WHERE id = ?", (number,)).close()
    return states
