"""``mixpanel-query profile-by-email``."""

from __future__ import annotations

import click

from mixpanel_query.command.options import connected, format_option

__all__ = ["profile_by_email"]


@click.command()
@click.argument("email")
@format_option
@click.pass_context
def profile_by_email(context: click.Context, /, *, email: str, shape: str) -> None:
    """Find the distinct_id of whoever has an e-mail address.

    It fails if nobody has it, or several profiles do.

    \b
    Examples:
      mixpanel-query profile-by-email joe@example.com
      mixpanel-query profile-by-email joe@example.com --format json
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_query.command.output import print_records

    with connected(context) as client:
        found = client.profile_by_email(email)
    if found is None:
        problem = f"no profile has the e-mail address {email!r}"
        raise click.ClickException(f"{problem}; check how it is spelt, and the project")
    print_records([dict(found)], ["distinct_id", "email"], shape=shape)
