"""Books of ledgers: closed, forgotten, full and cut."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import mixpanel_query.budget
from mixpanel_query.budget import file_locks
from mixpanel_query.budget.book import MemoryBook, is_idle, read_calls
from mixpanel_query.budget.file_book import FileBook
from mixpanel_query.budget.gate import OpenGate

PAGE = 8192


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A place for a file."""
    return tmp_path / "budget"


def test_a_book_in_memory_is_open_until_it_is_closed() -> None:
    """Afterwards nothing is written to it."""
    closed, forgotten = MemoryBook(), MemoryBook()
    assert closed.is_open

    closed.close()
    forgotten.forget()

    assert (closed.is_open, forgotten.is_open) == (False, False)


def test_a_file_may_be_closed_and_forgotten_more_than_once(path: Path) -> None:
    """Its descriptor may be another file's by then, and is left alone."""
    book = FileBook(path)
    book.close()
    path.write_bytes(b"another")
    with path.open("rb") as other:  # it gets the number that the book had
        book.close()
        book.forget()

        assert other.read() == b"another"


def test_a_file_that_outlives_the_modules_says_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When Python ends, what locks is taken apart first, and the locks end as well."""
    book = FileBook(path)
    monkeypatch.setattr(file_locks, "fcntl", None)
    told: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", told.append)

    del book

    assert told == []


def test_a_file_that_is_gone_is_in_place_no_more(path: Path) -> None:
    """Who still has it open would count alone."""
    book = FileBook(path)
    assert book.is_in_place()

    path.unlink()

    assert not book.is_in_place()
    book.close()


def test_a_page_that_is_cut_is_idle() -> None:
    """Nothing on it counts, so another project may have it."""
    assert is_idle(b"", 1_800_000_000.0)
    assert is_idle(bytes(PAGE - 1), 1_800_000_000.0)


def test_a_page_may_be_full_of_calls() -> None:
    """8,192 bytes less 128 for its head are 336 records of 24."""
    record = (1).to_bytes(4, "little")
    start = b"\0\0\0\0\0\0\xf0\x3f"  # 1.0, as a time

    calls = read_calls(bytes(128) + (start + start + record + record) * 336)

    assert len(calls) == 336
    assert {(call.started, call.ended) for call in calls} == {(1.0, 1.0)}


def test_where_nothing_is_limited_waits_are_told_too() -> None:
    """Of a busy server, to whoever watches; and to nobody, if nobody does."""
    told: list[tuple[float, str]] = []

    OpenGate(on_wait=lambda seconds, reason: told.append((seconds, reason))).tell_wait(
        2.0, "busy"
    )
    OpenGate().tell_wait(2.0, "busy")

    assert told == [(2.0, "busy")]


def test_a_name_that_there_is_not_is_no_attribute() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="has no attribute 'Bugdet'"):
        mixpanel_query.budget.Bugdet  # noqa: B018
