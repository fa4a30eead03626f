"""``mixpanel-outbox status``: what waits, and who sends."""

from __future__ import annotations

import json
import os
from pathlib import Path

from mixpanel_pyramid.election import Candidate, lock_path
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_rows import Address
from mixpanel_pyramid.outbox_shelf import OutboxReader, OutboxShelf

from .outboxes import SHOP, Put, ask, event, increment

BLOG = Address("mixpanel-2", "Mixpanel, https://api-eu.mixpanel.com")


def test_status_says_what_waits_and_who_sends(path: Path, put: Put) -> None:
    """For each destination, by lane."""
    put(event("A"), event("B"), increment())
    put(event("C"), to=BLOG)
    candidate = Candidate(lock_path(path, SHOP.key))
    assert candidate.is_elected()

    result = ask("status", path, "--format", "json")
    candidate.resign()

    assert result.exit_code == 0
    found = json.loads(result.output)
    assert found["file"] == str(path)
    assert found["log_bytes"] > 4096
    shop, blog = found["destinations"]
    assert 0 <= shop.pop("oldest_seconds") < 60
    assert shop == {
        "label": "Mixpanel, https://api.mixpanel.com",
        "waiting": {"events": 2, "profiles": 1},
        "in_flight": 0,
        "dead_letters": {"refused": 0, "unknown": 0},
        "is_sent": True,
        "sender": os.getpid(),
    }
    assert (blog["is_sent"], blog["sender"]) == (False, None)


def test_status_is_a_table_for_people(path: Path, put: Put, letters: object) -> None:
    """With a hint where nobody sends."""
    put(event("A"), event("B"))

    result = ask("status", path)

    assert result.exit_code == 0
    first, header, row = result.stdout.splitlines()
    assert first.startswith(f"{path}: file 0.0 MB, log 0.")
    assert header.split() == (
        "DESTINATION WAITING IN FLIGHT OLDEST REFUSED UNKNOWN SENDER".split()
    )
    assert row.startswith("Mixpanel, https://api.mixpanel.com  2 events  0 ")
    assert row.split()[-3:] == ["2", "1", "nobody"]
    assert "2 messages wait, and no process sends" in result.stderr


def test_status_counts_one_of_a_kind(path: Path, put: Put) -> None:
    """One event is no events."""
    put(event("A"))

    assert (
        "Mixpanel, https://api.mixpanel.com  1 event  0 " in ask("status", path).stdout
    )


def test_status_shows_what_is_in_flight(path: Path, put: Put) -> None:
    """Or was, when its sender died."""
    put(event("A"), event("B"), event("C"))
    reader = OutboxReader(OutboxFile(path), SHOP)
    shelf = OutboxShelf(reader, 0)
    shelf.batch(2, 10_000)
    shelf.begin()

    found = json.loads(ask("status", path, "--format", "json").output)

    assert found["destinations"][0]["in_flight"] == 2
    reader.close()


def test_status_names_the_process_that_sends(path: Path, put: Put) -> None:
    """In the table for people, too."""
    put(event("A"))
    candidate = Candidate(lock_path(path, SHOP.key))
    assert candidate.is_elected()

    result = ask("status", path)
    candidate.resign()

    assert str(os.getpid()) in result.output
    assert "nobody" not in result.output
