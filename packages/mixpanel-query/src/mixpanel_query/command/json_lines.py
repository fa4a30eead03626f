"""Writes events as JSON Lines, to a file that is whole or not there."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from mixpanel_query.exported_events import ExportedEvent

__all__ = ["write_events"]

PROGRESS_STEP = 1000


def write_events(events: Iterable[ExportedEvent], output: Path) -> int:
    """Write an event a line to ``output`` and return how many there were.

    What is not ASCII is escaped, so that no reader takes a sign inside a value for
    the end of a line.
    """
    count = 0
    with opened(output) as file:
        for event in with_progress(events):
            row = json.dumps(event.to_dict(), separators=(",", ":"))
            file.write(row + "\n")
            count += 1
    return count


def with_progress(events: Iterable[ExportedEvent]) -> Iterator[ExportedEvent]:
    """Yield the events, and count them aloud if a person watches."""
    watched, count = sys.stderr.isatty(), 0
    try:
        for count, event in enumerate(events, start=1):
            yield event
            if watched and count % PROGRESS_STEP == 0:
                click.echo(f"\r{count:,} events", nl=False, err=True)
    finally:
        if watched and count >= PROGRESS_STEP:
            click.echo(err=True)


@contextmanager
def opened(output: Path) -> Iterator[TextIO]:
    """Open ``output`` for text; a file is replaced only once all is written."""
    if str(output) == "-":
        yield sys.stdout
        sys.stdout.flush()
        return
    path = output.resolve()
    if path.exists() and not path.is_file():  # /dev/null, a pipe: never replaced
        with path.open("w", encoding="ascii") as file:
            yield file
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="ascii") as file:
            yield file
        part.replace(path)
    except OSError as error:
        problem = f"{output} cannot be written: {error.strerror or error}"
        raise click.ClickException(f"{problem}; choose another place") from error
    finally:
        part.unlink(missing_ok=True)
