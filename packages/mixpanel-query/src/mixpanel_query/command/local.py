"""``mixpanel-query local``: a Mixpanel project on this machine."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

import click

from mixpanel_query.command.how_many import how_many
from mixpanel_query.command.local_introduction import arrivals_shown, introduce
from mixpanel_query.exceptions import MixpanelQueryError

if TYPE_CHECKING:
    from mixpanel_query.local.project import LocalProject
    from mixpanel_schema import TrackingPlan

__all__ = ["local"]

DEFAULT_PORT = 8600
WEEKDAYS = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
]


@click.group()
def local() -> None:
    """Run a Mixpanel project on this machine, without an account or a network."""


@local.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port to listen at, on 127.0.0.1 only; 0 takes any free one.",
)
@click.option(
    "--data",
    "files",
    multiple=True,
    metavar="FILE|DIR...",
    help="Events or profiles to load: JSON Lines, gzipped or not, Parquet, or a folder "
    "of an export. Others may follow it, and it may be repeated.",
)
@click.argument("following", nargs=-1, metavar="")
@click.option(
    "--sample", is_flag=True, help="Load two months of made-up events of a small shop."
)
@click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FILE",
    help="Insights reports to save: JSON, an object or several in an array, with "
    "bookmark_id, events, from_date, to_date, unit, kind, where and on. May be "
    "repeated.",
)
@click.option(
    "--funnel",
    "funnels",
    multiple=True,
    metavar="FILE",
    help="Funnels to save: JSON, an object or several in an array, with funnel_id, "
    "steps, name, length and length_unit. May be repeated.",
)
@click.option(
    "--cohort",
    "cohorts",
    multiple=True,
    metavar="FILE",
    help="Cohorts to save: JSON, an object or several in an array, with cohort_id, "
    "name, description, where, event, event_where, times and days. May be repeated.",
)
@click.option(
    "--timezone",
    default="UTC",
    show_default=True,
    metavar="NAME",
    help="Timezone in which the project's days begin, such as Europe/London.",
)
@click.option(
    "--week-start",
    type=click.Choice(WEEKDAYS, case_sensitive=False),
    default="monday",
    show_default=True,
    help="Weekday on which weeks begin.",
)
@click.option("--username", metavar="NAME", help="Only this service account may ask.")
@click.option(
    "--secret",
    metavar="SECRET",
    envvar="MIXPANEL_LOCAL_SECRET",
    show_envvar=True,
    help="Its secret. Better in the environment, where other users cannot read it.",
)
@click.option(
    "--project-id",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="Number of the project.",
)
@click.option(
    "--token", metavar="TOKEN", help="Ignore events with another project token."
)
@click.option(
    "--group-key",
    "group_keys",
    multiple=True,
    type=(str, int),
    metavar="NAME NUMBER",
    help="A group key of the project and its number, as --data-group-id of profiles "
    "names it. May be repeated; without, keys are counted from 1 as they come.",
)
@click.option(
    "--db",
    "path",
    metavar="FILE",
    help="Keep everything in this file. Without one it is gone at the end.",
)
@click.option(
    "--plan",
    metavar="PLAN",
    help="Compare what arrives with this tracking plan on the page: module:attribute, "
    "or a Lexicon document that ends in .json.",
)
@click.option(
    "--tls",
    is_flag=False,
    flag_value="",
    metavar="[FILE]",
    help="Serve over https, for libraries that insist on it, and write the "
    "certificate that they must trust to this file, or to a temporary one.",
)
@click.option(
    "--assume/--no-assume",
    default=True,
    show_default=True,
    help="Whether answers may rest on behaviour that Mixpanel does not document; the "
    "header Local-Project-Basis names it. Without, such answers have status 501.",
)
def serve(
    *,
    port: int,
    files: tuple[str, ...],
    following: tuple[str, ...],
    sample: bool,
    reports: tuple[str, ...],
    funnels: tuple[str, ...],
    cohorts: tuple[str, ...],
    timezone: str,
    week_start: str,
    username: str | None,
    secret: str | None,
    project_id: int | None,
    token: str | None,
    group_keys: tuple[tuple[str, int], ...],
    path: str | None,
    plan: str | None,
    tls: str | None,
    assume: bool,
) -> None:
    """Serve a project until Ctrl-C.

    Apps send to it, and clients ask it, as they do with Mixpanel: it takes /track,
    /import, /engage and /groups, and answers questions about events, segmentation,
    frequency, retention, activity, saved funnels, reports and cohorts, profiles,
    annotations, Lexicon and JQL, and the raw export. It takes what apps send to
    Customer.io's Track API too. Every batch that arrives is a line on standard error.

    It answers once everything is loaded; requests that come before wait for that.

    Its page, at the address that it prints, shows every event while it arrives, what
    Mixpanel would make of it, and what the tracking plan says.

    \b
    Examples:
      mixpanel-query local serve --sample
      mixpanel-query local serve --data events.jsonl.gz --timezone Europe/London
      mixpanel-query local serve --port 8700 --data monday.jsonl tuesday.jsonl --tls
      mixpanel-query local serve --plan shop.tracking:plan
    """  # noqa: D301 - click reads the sign itself
    if (username is None) != (secret is None):
        raise click.UsageError("--username and --secret go together; give both")
    if following and not files:
        message = f"before {following[0]} stands no --data; write --data {following[0]}"
        raise click.UsageError(message)
    loaded: list[str] = []

    def prepare(project: LocalProject) -> None:
        loaded.extend(loaded_from(project, files + following))
        if sample:
            loaded.append(how_many(project.load_sample(), "made-up events"))
        loaded.extend(saved_from(project.load_reports, "reports", reports))
        loaded.extend(saved_from(project.load_funnels, "funnels", funnels))
        loaded.extend(saved_from(project.load_cohorts, "cohorts", cohorts))

    credentials = None if username is None or secret is None else (username, secret)
    previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with local_project_class()(
            path,
            timezone=timezone,
            week_start=week_start,
            project_id=project_id,
            token=token,
            credentials=credentials,
            assume=assume,
            plan=named_plan(plan),
            group_keys=dict(group_keys),
            port=port,
            tls=False if tls is None else tls or True,
            prepare=prepare,
        ) as project:
            introduce(project, loaded, timezone, username, project_id)
            with arrivals_shown():
                wait_for_signal()
    except MixpanelQueryError as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)
    finally:
        signal.signal(signal.SIGTERM, previous)


def loaded_from(project: LocalProject, files: Iterable[str]) -> Iterator[str]:
    """Load files, and say of each what was loaded; of a long wait, what is awaited."""
    for name in files:
        if sys.stderr.isatty():
            click.echo(f"Loading {name} …", err=True)
        count = project.load(name)
        what = "event or profile" if count == 1 else "events or profiles"
        yield f"{count:,} {what} from {name}"


def saved_from(
    load: Callable[[str], int], what: str, files: Iterable[str]
) -> list[str]:
    """Save the definitions of files, and return what to say of each."""
    return [f"{how_many(load(name), what)} from {name}" for name in files]


def named_plan(given: str | None) -> TrackingPlan | None:
    """Load the tracking plan of ``--plan``, if there is one."""
    if given is None:
        return None
    from mixpanel_schema.command.plans import load_plan

    return load_plan(given)


def local_project_class() -> type[LocalProject]:
    """Import the local project, which needs the extra ``local``."""
    try:
        from mixpanel_query.local import LocalProject
    except ModuleNotFoundError as error:
        raise click.ClickException(str(error)) from error
    return LocalProject


def wait_for_signal() -> None:
    """Wait until Ctrl-C or SIGTERM ends it.

    Woken each second, because a signal that comes in the instant before the waiting
    begins is only noticed when it ends.
    """
    never = threading.Event()
    while not never.wait(1.0):
        continue
