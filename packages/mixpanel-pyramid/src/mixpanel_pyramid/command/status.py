"""``mixpanel-outbox status``."""

from __future__ import annotations

from pathlib import Path

import click

from mixpanel_pyramid.command.output import (
    counted,
    file_argument,
    format_option,
    print_json,
    print_table,
    span,
)
from mixpanel_pyramid.outbox_status import DestinationStatus, OutboxStatus, read_status

__all__ = ["status"]

NOUNS = {"events": "event", "profiles": "profile", "customer.io": "message"}
HEADER = (
    "DESTINATION",
    "WAITING",
    "IN FLIGHT",
    "OLDEST",
    "REFUSED",
    "UNKNOWN",
    "SENDER",
)


@click.command()
@file_argument
@format_option
def status(file: Path, shape: str) -> None:
    """Show what waits in the outbox FILE, and who sends it.

    SENDER is the process that holds the lock; "nobody" is normal while no app runs.
    REFUSED and UNKNOWN are dead letters, which the command refused lists.

    \b
    Examples:
      mixpanel-outbox status /var/lib/shop/mixpanel.sqlite
      mixpanel-outbox status /var/lib/shop/mixpanel.sqlite --format json
    """  # noqa: D301  # click reads the sign itself
    found = read_status(file)
    if shape == "json":
        print_json(as_json(found))
        return
    sizes = f"file {found.file_bytes / 1e6:.1f} MB, log {found.log_bytes / 1e6:.1f} MB"
    click.echo(f"{found.path}: {sizes}")
    if found.destinations:
        print_table(HEADER, [cells(each) for each in found.destinations])
    total = sum(each.total for each in found.destinations)
    senderless = [e for e in found.destinations if e.total and e.sender is None]
    if senderless:
        click.echo(
            f"{counted(total, 'message')} {'waits' if total == 1 else 'wait'}, "
            "and no process sends for "
            f"{', '.join(each.label for each in senderless)}; "
            "start the app, or run mixpanel-outbox send",
            err=True,
        )


def cells(found: DestinationStatus) -> list[str]:
    """Give the row of a destination."""
    waiting = [counted(count, NOUNS[lane]) for lane, count in found.waiting.items()]
    sender = "nobody"
    if found.sender is not None:
        sender = str(found.sender.process or "unknown process")
    return [
        found.label,
        ", ".join(waiting) or "nothing",
        f"{found.in_flight:,}",
        span(found.oldest_seconds),
        f"{found.refused:,}",
        f"{found.unknown:,}",
        sender,
    ]


def as_json(found: OutboxStatus) -> dict[str, object]:
    """Give what was found to programs."""
    return {
        "file": str(found.path),
        "file_bytes": found.file_bytes,
        "log_bytes": found.log_bytes,
        "destinations": [
            {
                "label": each.label,
                "waiting": each.waiting,
                "in_flight": each.in_flight,
                "oldest_seconds": each.oldest_seconds,
                "dead_letters": {"refused": each.refused, "unknown": each.unknown},
                "is_sent": each.sender is not None,
                "sender": each.sender and each.sender.process,
            }
            for each in found.destinations
        ],
    }
