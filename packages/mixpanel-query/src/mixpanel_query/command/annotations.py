"""``mixpanel-query annotations``."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from mixpanel_query.command.confirming import confirm, project_of
from mixpanel_query.command.options import (
    connected,
    format_option,
    typed_day,
    window_options,
)

if TYPE_CHECKING:
    from mixpanel_query.annotation_entries import AnnotationTag
    from mixpanel_query.clients import Client

__all__ = ["annotations_group"]


@click.group("annotations")
def annotations_group() -> None:
    """Read, make, change and delete annotations.

    Annotations are the notes in Mixpanel's charts. It shows them to service accounts;
    to change them, the account must be an analyst, or more.

    \b
    Examples:
      mixpanel-query annotations list --from 30d --to today
      mixpanel-query annotations create today "Release 2.0" --tag release --dry-run
    """  # noqa: D301 - click reads the sign itself


@annotations_group.command("list")
@window_options("the project's timezone", required=False)
@format_option
@click.pass_context
def list_(
    context: click.Context,
    /,
    *,
    from_date: date | None,
    to_date: date | None,
    shape: str,
) -> None:
    """List annotations in order of time.

    Without --from they begin with the first one there is, without --to they end with
    the last one.

    \b
    Examples:
      mixpanel-query annotations list
      mixpanel-query annotations list --from 30d --to today --format csv
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.annotation_output import print_annotations

    with connected(context) as client:
        found = client.annotations(from_date, to_date)
    print_annotations(found, shape=shape)


@annotations_group.command()
@click.argument("annotation_id", type=click.IntRange(min=1))
@format_option
@click.pass_context
def show(context: click.Context, /, *, annotation_id: int, shape: str) -> None:
    """Show one annotation.

    \b
    Examples:
      mixpanel-query annotations show 5 --format json
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.annotation_output import print_annotations

    with connected(context) as client:
        found = client.annotation(annotation_id)
    print_annotations([found], shape=shape)


@annotations_group.command()
@click.argument("time")
@click.argument("description")
@click.option(
    "--tag",
    "names",
    multiple=True,
    metavar="NAME",
    help="Name of a tag, or its number; may be given several times.",
)
@click.option("--dry-run", is_flag=True, help="Make nothing, and show what would be.")
@format_option
@click.pass_context
def create(
    context: click.Context,
    /,
    *,
    time: str,
    description: str,
    names: tuple[str, ...],
    dry_run: bool,
    shape: str,
) -> None:
    """Make an annotation.

    TIME is YYYY-MM-DD, "YYYY-MM-DD HH:MM", today, or yesterday: what a clock in the
    project's timezone shows.

    \b
    Examples:
      mixpanel-query annotations create today "Release 2.0" --tag release --dry-run
      mixpanel-query annotations create "2026-11-16 09:30" "Campaign begins"
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.annotation_output import print_annotations, print_plan
    from mixpanel_query.command.days import is_relative

    day = None
    if is_relative(time):
        day = typed_day(context, context.command.params[0], time)
    when = day or time
    with connected(context) as client:
        found = tags_named(context, client, names)
        if not dry_run:
            made = client.create_annotation(when, description, tags=found)
            print_annotations([made], shape=shape)
            return
        print_plan(when, description, found, shape=shape)
    click.echo("nothing was sent", err=True)


@annotations_group.command()
@click.argument("annotation_id", type=click.IntRange(min=1))
@click.option("--description", metavar="TEXT", help="Its new text.")
@click.option(
    "--tag",
    "names",
    multiple=True,
    metavar="NAME",
    help="Name or number of a tag that it has from now on, instead of those it had; "
    "may be given several times.",
)
@click.option("--no-tags", is_flag=True, help="Take all its tags away.")
@format_option
@click.pass_context
def update(
    context: click.Context,
    /,
    *,
    annotation_id: int,
    description: str | None,
    names: tuple[str, ...],
    no_tags: bool,
    shape: str,
) -> None:
    """Change the text or the tags of an annotation.

    Its time cannot be changed.

    \b
    Examples:
      mixpanel-query annotations update 5 --description "Release 2.0.1"
      mixpanel-query annotations update 5 --tag release --tag hotfix
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.annotation_output import print_annotations

    if names and no_tags:
        problem = "--tag and --no-tags contradict each other"
        raise click.UsageError(f"{problem}; give one of them", context)
    with connected(context) as client:
        found = tags_named(context, client, names)
        changed = client.update_annotation(
            annotation_id,
            description=description,
            tags=found if names or no_tags else None,
        )
    print_annotations([changed], shape=shape)


@annotations_group.command()
@click.argument("annotation_id", type=click.IntRange(min=1))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def delete(context: click.Context, /, *, annotation_id: int, yes: bool) -> None:
    """Delete an annotation, after asking.

    \b
    Examples:
      mixpanel-query annotations delete 5
      mixpanel-query annotations delete 5 --yes
    """  # noqa: D301 - click reads the sign itself
    with connected(context) as client:

        def question() -> str:
            found = client.annotation(annotation_id)
            what = f"annotation {annotation_id}, {found.description!r} of {found.date}"
            return f"Delete {what}, from project {project_of(context)}?"

        confirm(question, yes=yes)
        number = client.delete_annotation(annotation_id)
    click.echo(f"annotation {number} deleted", err=True)


@annotations_group.command()
@format_option
@click.pass_context
def tags(context: click.Context, /, *, shape: str) -> None:
    """List the tags that annotations have.

    \b
    Examples:
      mixpanel-query annotations tags
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.annotation_output import print_tags

    with connected(context) as client:
        found = client.annotation_tags()
    print_tags(found, shape=shape)


@annotations_group.command("create-tag")
@click.argument("name")
@format_option
@click.pass_context
def create_tag(context: click.Context, /, *, name: str, shape: str) -> None:
    """Make a tag for annotations.

    \b
    Examples:
      mixpanel-query annotations create-tag release
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.annotation_output import print_tags

    with connected(context) as client:
        made = client.create_annotation_tag(name)
    print_tags([made], shape=shape)


def tags_named(
    context: click.Context, client: Client, names: tuple[str, ...]
) -> list[AnnotationTag | int]:
    """Return the tags of these names; what is no name may be a number.

    It costs a request, which is sent only if there are names.
    """
    if not names:
        return []
    known = {tag.name: tag for tag in client.annotation_tags()}
    found: list[AnnotationTag | int] = []
    for name in names:
        if name in known:
            found.append(known[name])
        elif name.isascii() and name.isdigit():
            found.append(int(name))
        else:
            there = ", ".join(map(repr, list(known)[:5])) or "none"
            remedy = "make it: mixpanel-query annotations create-tag"
            problem = f"no annotation has the tag {name!r}; there are {there}"
            raise click.UsageError(f"{problem}; {remedy}", context)
    return found
