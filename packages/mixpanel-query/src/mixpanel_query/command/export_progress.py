"""Shows how far an export into a folder has come, on standard error.

On a terminal it is a bar where rich is installed, else one line that changes; in a log
it is a line now and then.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeAlias

import click

if TYPE_CHECKING:
    from mixpanel_query.export_files import ExportProgress

__all__ = ["shown_progress"]

Show: TypeAlias = "Callable[[ExportProgress], None]"

ON_TERMINAL: Final = 0.1
IN_LOG: Final = 30.0


@contextmanager
def shown_progress() -> Iterator[Show]:
    """Give what shows progress, in the way that fits where standard error goes."""
    if sys.stderr is None:
        yield lambda progress: None
    elif not sys.stderr.isatty():
        yield lines(lambda text: click.echo(text, err=True), every=IN_LOG)
    else:
        with terminal_progress() as show:
            yield show


@contextmanager
def terminal_progress() -> Iterator[Show]:
    """Give what shows progress on a terminal."""
    try:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    except ModuleNotFoundError:
        show = lines(
            lambda text: click.echo(f"\r\x1b[K{text}", nl=False, err=True),
            every=ON_TERMINAL,
        )
        try:
            yield show
        finally:
            click.echo("\r\x1b[K", nl=False, err=True)
        return
    columns = (MofNCompleteColumn(), TextColumn("days"), BarColumn())
    text = TextColumn("{task.description}")
    console = Console(stderr=True)
    # It is drawn only when something comes, and leaves the line to who waits.
    with Progress(
        *columns,
        text,
        console=console,
        transient=True,
        auto_refresh=False,
        redirect_stderr=False,
    ) as bar:
        task = bar.add_task("", total=None)
        rate = Rate(time.monotonic)
        last = 0.0

        def show_bar(progress: ExportProgress) -> None:
            nonlocal last
            if progress.span and time.monotonic() - last < ON_TERMINAL:
                return
            last = time.monotonic()
            bar.update(
                task,
                refresh=True,
                completed=progress.days_done,
                total=progress.days,
                description=events_text(progress, rate),
            )

        yield show_bar


class Rate:
    """How many events a second were written since it was made.

    Args:
        clock: Tells seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._start = clock()

    def of(self, rows: int) -> int:
        """Return the rate that brought so many events."""
        return round(rows / max(self._clock() - self._start, 0.001))


def lines(
    write: Callable[[str], object],
    *,
    every: float,
    clock: Callable[[], float] = time.monotonic,
) -> Show:
    """Return what writes a line of progress, but not oftener than ``every`` seconds."""
    rate = Rate(clock)
    last = clock()

    def show(progress: ExportProgress) -> None:
        nonlocal last
        if clock() - last >= every:
            last = clock()
            days = f"{progress.days_done} of {progress.days} days"
            write(f"{days}, {events_text(progress, rate)}")

    return show


def events_text(progress: ExportProgress, rate: Rate) -> str:
    """Say how many events came, how fast, and of which days they are."""
    text = f"{progress.rows:,} events, {rate.of(progress.rows):,} a second"
    if progress.span is None:
        return text
    return f"{text}, at {progress.span.from_date}"
