"""``mixpanel-query lexicon``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mixpanel_query.command.confirming import confirm, project_of
from mixpanel_query.command.options import connected, format_option

if TYPE_CHECKING:
    from mixpanel_query.lexicon import Lexicon, LexiconUpload

__all__ = ["lexicon"]

Command = TypeVar("Command", bound=Callable[..., Any])
USER = "$user"
COLUMNS = ["entity_type", "name", "property", "type", "display_name", "description"]
MARKS = ["hidden", "dropped", "tags"]
CHANGES = ["change", "entity_type", "name", "what", "old", "new"]
# What changes stands at the end, where it is seen.
ORDER = ("untouched", "only in Mixpanel", "added", "changed")


@click.group()
def lexicon() -> None:
    """Read Lexicon, upload a plan, delete.

    Lexicon is Mixpanel's data dictionary: descriptions of events, of profiles, and of
    their properties. It answers service accounts, five requests a minute.

    \b
    Examples:
      mixpanel-query lexicon list
      mixpanel-query lexicon upload shop.tracking:plan --dry-run
    """  # noqa: D301 - click reads the sign itself


def type_option(command: Command) -> Command:
    """Add ``--type``."""
    return click.option(
        "--type",
        "entity_type",
        type=click.Choice(["event", "profile"]),
        help="What NAME names; event, but for $user, which is all profiles.",
    )(command)


@lexicon.command("list")
@click.option(
    "--type",
    "entity_type",
    type=click.Choice(["event", "profile"]),
    help="List only these; both, if not said.",
)
@format_option
@click.pass_context
def list_(context: click.Context, /, *, entity_type: str | None, shape: str) -> None:
    """List events and profiles with their properties.

    Only what somebody described is there; event-names lists what arrives.

    \b
    Examples:
      mixpanel-query lexicon list
      mixpanel-query lexicon list --type event --format csv
    """  # noqa: D301 - click reads the sign itself
    with connected(context) as client:
        found = client.lexicon(entity_type=entity_type)
    print_entries(found, shape=shape)


@lexicon.command()
@click.argument("name")
@type_option
@format_option
@click.pass_context
def show(
    context: click.Context, /, *, name: str, entity_type: str | None, shape: str
) -> None:
    """Show what Lexicon says of one event, or of all profiles.

    \b
    Examples:
      mixpanel-query lexicon show "Sign Up"
      mixpanel-query lexicon show '$user' --format json
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.lexicon import Lexicon

    with connected(context) as client:
        entry = client.lexicon_entry(entity_type or type_of(name), name)
    print_entries(Lexicon((entry,)), shape=shape)


@lexicon.command()
@click.argument("plan", metavar="MODULE:PLAN")
@click.option("--dry-run", is_flag=True, help="Change nothing, and show what would.")
@click.option(
    "--remove-undeclared",
    is_flag=True,
    help="Take properties out of Lexicon that the plan's events, or profiles, do not "
    "list; where they list any.",
)
@format_option
@click.pass_context
def upload(
    context: click.Context,
    /,
    *,
    plan: str,
    dry_run: bool,
    remove_undeclared: bool,
    shape: str,
) -> None:
    """Bring a tracking plan of mixpanel-schema into Lexicon.

    PLAN is named as for mixpanel-schema: module:attribute, or a Lexicon document that
    ends in .json. What differs from Lexicon is sent; what the plan says nothing about
    stays. Nothing is emptied, and nothing is marked as dropped.

    \b
    Examples:
      mixpanel-query lexicon upload shop.tracking:plan --dry-run
      mixpanel-query lexicon upload shop.tracking:plan
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_records
    from mixpanel_schema.command.plans import load_plan

    wanted = load_plan(plan)
    with connected(context) as client:
        done = client.upload_lexicon(
            wanted, dry_run=dry_run, remove_undeclared=remove_undeclared
        )
    rows = sorted(done.to_dicts(), key=lambda row: ORDER.index(str(row["change"])))
    print_records(rows, CHANGES, shape=shape)
    for change in done.changed:
        if change.dropped:
            names = ", ".join(map(repr, change.dropped))
            problem = f"Mixpanel drops {names} of {change.name!r} now"
            remedy = "look in Lexicon whether it still does after an upload"
            click.echo(f"Warning: {problem}; {remedy}", err=True)
    click.echo(summary(done), err=True)


def print_entries(found: Lexicon, *, shape: str) -> None:
    """Print entries and their properties; a table has no place for all of it."""
    from mixpanel_query.command.output import print_records

    columns = COLUMNS if shape == "table" else COLUMNS + MARKS
    print_records(found.to_dicts(), columns, shape=shape)


def summary(done: LexiconUpload) -> str:
    """Say in one line what was done, or would be."""
    counts = {
        "added": len(done.added),
        "changed": len(done.changed),
        "untouched": len(done.untouched),
        "only in Mixpanel": len(done.only_in_mixpanel),
    }
    text = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    if not done.calls:
        return f"{text}; there is nothing to send"
    requests = "1 request" if done.calls == 1 else f"{done.calls} requests"
    if done.is_done:
        return f"{text}; sent with {requests}"
    return f"{text}; nothing was sent, it would take {requests}"


@lexicon.command()
@click.argument("name", required=False)
@type_option
@click.option(
    "--everything", is_flag=True, help="Empty the whole Lexicon, instead of NAME."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def delete(
    context: click.Context,
    /,
    *,
    name: str | None,
    entity_type: str | None,
    everything: bool,
    yes: bool,
) -> None:
    """Delete what Lexicon says of an event, or of all profiles.

    Without NAME, --type deletes all of one type. Events themselves stay; but one that
    Mixpanel drops because Lexicon says so may be let in again.

    \b
    Examples:
      mixpanel-query lexicon delete "Sign Up"
      mixpanel-query lexicon delete '$user' --yes
      mixpanel-query lexicon delete --type event
    """  # noqa: D301 - click reads the sign itself
    if (name or entity_type) and everything:
        problem = "--everything leaves nothing to choose"
        raise click.UsageError(f"{problem}; leave out NAME and --type", context)
    if not (name or entity_type or everything):
        allowed = "give NAME, --type for all of one type, or --everything"
        raise click.UsageError(f"nothing to delete is named; {allowed}", context)
    what = repr(name) if name else f"every {entity_type}" if entity_type else "all"
    question = f"Delete {what} from Lexicon of project {project_of(context)}?"
    confirm(lambda: question, yes=yes)
    with connected(context) as client:
        if name:
            count = client.delete_lexicon_entry(entity_type or type_of(name), name)
        else:
            count = client.delete_lexicon(
                entity_type=entity_type, everything=everything
            )
    click.echo(f"{count} deleted", err=True)


def type_of(name: str) -> str:
    """Return the type of an entity of which only the name was given."""
    return "profile" if name == USER else "event"
