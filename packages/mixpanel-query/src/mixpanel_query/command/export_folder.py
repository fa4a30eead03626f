"""``mixpanel-query export --folder``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mixpanel_query.command.how_many import how_many
from mixpanel_query.exceptions import (
    InvalidQueryError,
    MixpanelQueryError,
    RateLimitedError,
)

if TYPE_CHECKING:
    from mixpanel_query.clients import Client
    from mixpanel_query.export_files import ExportProgress, FileFormat

__all__ = ["FolderOrder", "export_into", "show_plan"]

GO_ON = "repeat the command to go on"


@dataclass(frozen=True, slots=True)
class FolderOrder:
    """What was typed of an export into a folder."""

    folder: Path
    from_date: date
    to_date: date
    events: tuple[str, ...] | None
    where: str | None
    format: FileFormat
    time_in_ms: bool
    refresh_days: int


def export_into(client: Client, order: FolderOrder) -> int:
    """Export into a folder, show how far it is, and return how many events it holds."""
    from mixpanel_query.command.export_progress import shown_progress
    from mixpanel_query.command.json_lines import interrupted_by_signals

    with interrupted_by_signals(), told_what_is_there(order) as take:
        with shown_progress() as show:

            def progress(state: ExportProgress) -> None:
                take(state)
                show(state)

            found = client.export_to(
                order.folder,
                order.from_date,
                order.to_date,
                events=order.events,
                where=order.where,
                format=order.format,
                time_in_ms=order.time_in_ms,
                refresh_days=order.refresh_days,
                progress=progress,
            )
        events, days = how_many(found.rows, "events"), how_many(len(found.days), "days")
        verb = "is" if found.rows == 1 else "are"
        calls = how_many(found.calls, "calls")
        click.echo(f"{events} of {days} {verb} in {order.folder} ({calls})", err=True)
    return found.rows


def show_plan(client: Client, order: FolderOrder) -> None:
    """Print which calls an export into a folder would make."""
    from mixpanel_query.command.output import print_records

    plan = client.plan_export_to(
        order.folder,
        order.from_date,
        order.to_date,
        events=order.events,
        where=order.where,
        format=order.format,
        time_in_ms=order.time_in_ms,
        refresh_days=order.refresh_days,
    )
    there = plan.days - plan.missing - plan.late
    click.echo(
        f"{order.folder}: {there} of {plan.days} days are there, {plan.missing} are "
        f"missing, {plan.late} may have late events: {calls_text(client, plan.calls)}",
        err=True,
    )
    spans = [
        {"from": span.from_date, "to": span.to_date, "days": span.days}
        for span in plan.spans
    ]
    if spans:
        print_records(spans, ["from", "to", "days"], shape="table")


def calls_text(client: Client, calls: int) -> str:
    """Say how many calls an export takes, and how many there are left this hour."""
    text = "1 call" if calls == 1 else f"{calls} calls"
    left = [
        found for found in client.budget().allowances if found.limit == "export"
    ]  # none where a server has no limits
    if not left:
        return text
    return f"{text}, and {left[0].left} of {left[0].allowed} are left this hour"


@contextmanager
def told_what_is_there(
    order: FolderOrder,
) -> Iterator[Callable[[ExportProgress], None]]:
    """Say after a Ctrl-C or an error how far it came, and how to go on."""
    last: list[ExportProgress] = []

    def take(progress: ExportProgress) -> None:
        last[:] = [progress]

    try:
        yield take
    except KeyboardInterrupt as stop:
        click.echo(f"stopped; {what_is_there(order, last)}{GO_ON}", err=True)
        raise click.Abort from stop
    except MixpanelQueryError as error:
        if not last or isinstance(error, InvalidQueryError):
            raise
        go_on = GO_ON
        if isinstance(error, RateLimitedError):
            go_on += ", with more time as in mixpanel-query --max-wait 3600 export …"
        problem = f"{error} ({what_is_there(order, last)}{go_on})"
        raise click.ClickException(problem) from error


def what_is_there(order: FolderOrder, last: list[ExportProgress]) -> str:
    """Say how many days are complete, where that is known."""
    if not last:
        return ""
    return f"{last[0].days_done} of {last[0].days} days are in {order.folder}; "
