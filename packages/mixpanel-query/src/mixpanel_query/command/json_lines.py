"""Writes events as JSON Lines, to a file that is whole or not there."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, TypeVar

import click

from mixpanel_query.exported_events import ExportedEvent

__all__ = ["opened", "with_progress", "write_events"]

Row = TypeVar("Row")

PROGRESS_STEP = 1000


def write_events(events: Iterable[ExportedEvent], output: Path) -> int:
    """Write an event a line to ``output`` and return how many there were.

    What is not ASCII is escaped, so that no reader takes a sign inside a value for
    the end of a line.
    """
    count = 0
    with opened(output) as file:
        for event in with_progress(events):
            row = event.raw
            if not row.isascii():
                row = json.dumps(event.to_dict(), separators=(",", ":")).encode()
            file.write(row.decode("ascii") + "\n")
            count += 1
    return count


def with_progress(rows: Iterable[Row], *, noun: str = "events") -> Iterator[Row]:
    """Yield what comes, and count it aloud if a person watches."""
    watched, count = sys.stderr is not None and sys.stderr.isatty(), 0
    try:
        for count, row in enumerate(rows, start=1):
            yield row
            if watched and count % PROGRESS_STEP == 0:
                click.echo(f"\r{count:,} {noun}", nl=False, err=True)
    finally:
        if watched and count >= PROGRESS_STEP:
            click.echo(err=True)


@contextmanager
def opened(output: Path, *, encoding: str = "ascii") -> Iterator[TextIO]:
    """Open ``output`` for text; a file is replaced only once all is written."""
    if str(output) == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    try:
        path = real_path(output)
        if path.exists() and not path.is_file():  # /dev/null, a pipe: never replaced
            with path.open("w", encoding=encoding, newline="\n") as file:
                yield file
        else:
            with replaced(path, encoding) as file:
                yield file
    except OSError as error:
        problem = f"{str(output)!r} cannot be written: {error.strerror or error}"
        raise click.ClickException(f"{problem}; choose another place") from error


def real_path(output: Path) -> Path:
    """Follow links, which stay what they are.

    Raises:
        OSError: If they lead nowhere.
    """
    try:
        path = output.resolve()
    except RuntimeError as error:  # links in a circle, before Python 3.13
        raise OSError(str(error)) from error
    if path.is_symlink():  # the same, since then
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return path


@contextmanager
def replaced(path: Path, encoding: str = "ascii") -> Iterator[TextIO]:
    """Open a file beside ``path`` that takes its place once all is written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with interrupted_by_signals():
        try:
            with part.open("w", encoding=encoding, newline="\n") as file:
                yield file
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def interrupted_by_signals() -> Iterator[None]:
    """Let whatever asks the process to end do what Ctrl-C does, so that it cleans up.

    A signal that is ignored, as by nohup, stays so.
    """
    before = {}
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
