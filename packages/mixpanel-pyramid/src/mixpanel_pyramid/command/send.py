"""``mixpanel-outbox send``."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Event
from types import FrameType

import click

from mixpanel_pyramid.command.ini_file import read_ini
from mixpanel_pyramid.command.output import counted
from mixpanel_pyramid.outbox_sender import OutboxSender, sending_settings
from mixpanel_pyramid.outbox_status import read_status
from mixpanel_pyramid.settings import TrackingSettings

__all__ = ["send"]

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--ini",
    "ini",
    type=click.Path(path_type=Path),
    required=True,
    metavar="APP.ini",
    help="The app's settings: token, region, credentials, outbox.",
)
@click.option(
    "--section",
    default="app:main",
    show_default=True,
    help="The section of the app in there.",
)
@click.option(
    "--follow", is_flag=True, help="Go on with what comes, until told to end."
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Without --follow: give up after so long without any progress.",
)
@click.pass_context
def send(
    context: click.Context,
    /,
    *,
    file: Path | None,
    ini: Path,
    section: str,
    follow: bool,
    timeout: float,
) -> None:
    """Send what waits in the outbox FILE, by default that of APP.ini.

    Stands for election beside the processes of the app: where one of those is the
    sender, it does the work, and this waits for it. With --follow this is the sender
    for an app whose processes cannot have threads, such as uWSGI without
    enable-threads; SIGTERM and Ctrl-C end it after the batch that is under way.

    Credentials come from APP.ini, or, where it does not have them, from the
    environment: MIXPANEL_TOKEN stands for mixpanel.token, and so on. The app itself
    is not imported.

    Exits with 1 if something could not be delivered.

    \b
    Examples:
      mixpanel-outbox send --ini production.ini
      mixpanel-outbox send --ini production.ini --follow
      mixpanel-outbox send old.sqlite --ini production.ini --section app:shop
    """  # noqa: D301  # click reads the sign itself
    settings, outbox = settings_of(context, file, ini, section)
    if not follow:
        read_status(outbox)  # refuses a file that is missing or no outbox
    with log_on_stderr(), told_to_end() as ended:
        sender = OutboxSender(settings)
        click.echo(f"sending what waits in {outbox}", err=True)
        sender.start()
        left: list[str] = []
        if follow:
            sender.follow(ended)
        else:
            left = sender.finish(ended, timeout, tell_left)
        if not sender.stop():
            text = (
                "the post under way did not end in time; what counts in it is unknown"
            )
            click.echo(text, err=True)
    tell_end(sender)
    for label in left:
        click.echo(f"messages for {label} still wait", err=True)
    context.exit(1 if left else 0)


def settings_of(
    context: click.Context, file: Path | None, ini: Path, section: str
) -> tuple[TrackingSettings, Path]:
    """Read the settings and the outbox's path; see that something goes somewhere.

    Raises:
        click.UsageError: If there is not.
    """
    given: dict[str, object] = {**read_ini(ini, section)}
    if file is not None:
        given["mixpanel.outbox"] = str(file)
    settings = sending_settings(given, os.environ)
    if settings.token is None:
        problem = f"mixpanel.token of [{section}] in {ini} is missing or off"
        remedy = "set it, or MIXPANEL_TOKEN"
        raise click.UsageError(f"{problem}, so there is nowhere to send to; {remedy}")
    if settings.outbox is None:
        problem = f"[{section}] of {ini} has no mixpanel.outbox"
        raise click.UsageError(f"{problem}; set it, or name the FILE", context)
    outbox = settings.outbox.absolute()
    return replace(settings, outbox=outbox), outbox


def tell_left(number: int) -> None:
    """Say how many messages are left."""
    click.echo(f"{counted(number, 'message')} left", err=True)


def tell_end(sender: OutboxSender) -> None:
    """Say what this process has done."""
    counts = {
        "delivered": sender.count(lambda consumer: consumer.counts["sent"]),
        "refused": sender.count(lambda consumer: consumer.counts["refused"]),
        "unknown": sender.count(lambda consumer: consumer.counts["unknown"]),
    }
    first = counted(counts.pop("delivered"), "message") + " delivered"
    rest = [f"{number:,} {what}" for what, number in counts.items() if number]
    click.echo(", ".join([first, *rest]) + " by this process", err=True)


@contextmanager
def told_to_end() -> Iterator[Event]:
    """Give what SIGTERM and Ctrl-C set, for the time of a block."""
    ended = Event()

    def end(number: int, frame: FrameType | None) -> None:
        ended.set()

    before = {number: signal.signal(number, end) for number in SIGNALS}
    try:
        yield ended
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def log_on_stderr() -> Iterator[None]:
    """Show what the delivery logs, such as an outage, for the time of a block."""
    logger = logging.getLogger("mixpanel_pyramid")
    handler, level = logging.StreamHandler(), logger.level
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
