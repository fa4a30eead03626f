"""What ``mixpanel-query local serve`` prints: where the project is, what arrives."""

from __future__ import annotations

import logging
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

if TYPE_CHECKING:
    from mixpanel_query.local.project import LocalProject

__all__ = ["arrivals_shown", "introduce"]

# https://developer.mixpanel.com/reference/query-months-top-event-names
RECENT = timedelta(days=31)


def introduce(
    project: LocalProject,
    loaded: list[str],
    timezone: str,
    username: str | None,
    project_id: int | None,
) -> None:
    """Print where the project is, what it holds, and how a client finds it."""
    click.echo(f"Local Mixpanel project at {project.base_url}, days in {timezone}")
    click.echo(f"Its page, with events as they arrive: {project.base_url}/")
    click.echo("Apps send to that address, instead of to api.mixpanel.com.")
    for what in loaded:
        click.echo(f"Loaded {what}")
    click.echo("\nFor mixpanel-query and mixpanel-slack-report, in another terminal:")
    click.echo(f"  export MIXPANEL_BASE_URL={project.base_url}")
    click.echo(f"  export MIXPANEL_USERNAME={username or 'local-account'}")
    secret = "local-secret" if username is None else "the-secret-you-gave"
    click.echo(f"  export MIXPANEL_SECRET={secret}")
    click.echo(f"  export MIXPANEL_PROJECT_ID={project_id or 1}")
    if project.base_url.startswith("https:"):
        file = shlex.quote(str(project.ca_file))
        click.echo(f"  export REQUESTS_CA_BUNDLE={file} SSL_CERT_FILE={file}")
    if username is None:
        click.echo("Any username and secret are taken, as none were given here.")
    days = days_to_name(project, timezone)
    click.echo(f"Then, for example: mixpanel-query event-names{days}")
    click.echo("\nBatches that arrive are shown here. Press Ctrl-C to stop.")


def days_to_name(project: LocalProject, timezone: str) -> str:
    """Write the days of a project's events where event-names would not show them."""
    days = project.event_days
    today = project.clock().astimezone(ZoneInfo(timezone)).date()
    if days is None or days[1] > today - RECENT:
        return ""
    return f" --from {days[0]} --to {days[1]}"


@contextmanager
def arrivals_shown() -> Iterator[None]:
    """Write a line on standard error for each batch of events that arrives."""
    from mixpanel_query.local.ingestion.arrival_log import logger

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.setLevel(before)
        logger.removeHandler(handler)
