"""Tells whoever counted nothing that the event may be misspelt."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import click

from mixpanel_query.command.options import connected
from mixpanel_query.exceptions import MixpanelQueryError

__all__ = ["nearest", "warn_of_unknown"]

# As many as Mixpanel gives: https://developer.mixpanel.com/reference/query-months-top-event-names
ALL_NAMES = 5000
# The answer is printed already, so nobody should wait long for a hint.
SECONDS_TO_WAIT = 10


def warn_of_unknown(context: click.Context, uncounted: Iterable[str]) -> None:
    """Warn of events that were counted 0 times and that nobody did lately.

    It costs one request, which is sent only if anything was counted 0 times.
    """
    names = list(dict.fromkeys(uncounted))
    if not names:
        return
    try:
        with connected(context, timeout=SECONDS_TO_WAIT) as client:
            known = client.event_names(limit=ALL_NAMES)
    except MixpanelQueryError:
        # A hint is not worth failing for.
        return
    for name in names:
        if name not in known:
            near = nearest(name, known)
            remedy = "see: mixpanel-query event-names"
            hint = f"nearest is {near!r}" if near else remedy
            problem = f"no event {name!r} in the last 31 days"
            click.echo(f"Warning: {problem}; {hint}", err=True)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like ``name``; None if none is.

    >>> nearest("sign-up", ["Purchase", "Sign Up"])
    'Sign Up'
    """
    by_key = {each.casefold(): each for each in known}
    keys = get_close_matches(name.casefold(), by_key, n=1)
    return by_key[keys[0]] if keys else None
