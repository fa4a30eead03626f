"""What Mixpanel said of the timezone, kept in the ledger for all runs.

The days that a run reports hang on it, and what is posted at most once hangs on the
days: one question that fails must not make it another report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date, datetime, timedelta
from hashlib import blake2b

from mixpanel_slack_report.ledger.entries import EntryKey, Ledger
from mixpanel_slack_report.ledger.opening import open_ledger
from mixpanel_slack_report.runs.connection import ToldTimezone, ask_timezone
from mixpanel_slack_report.settings import Settings

__all__ = ["ask_once"]

# Somebody may set another one in Mixpanel, and wants to see it used.
FRESH = timedelta(hours=1)


def ask_once(
    environ: Mapping[str, str],
    clock: Callable[[], datetime],
    *,
    ask: Callable[[Settings], ToldTimezone] = ask_timezone,
) -> Callable[[Settings], ToldTimezone]:
    """Return what asks for a timezone once an hour, for all runs that come together.

    What was said before counts where Mixpanel does not answer.

    Args:
        environ: The variables, for the ledger.
        clock: Gives the current time, with its timezone.
        ask: Asks Mixpanel.
    """

    def asked(settings: Settings) -> ToldTimezone:
        with closing(open_ledger(settings, environ, clock=clock)) as ledger:
            name = f"timezone:{project_digest(settings)}"
            fresh = recalled(ledger, name, since=clock() - FRESH)
            if fresh is not None:
                return fresh
            # Not about days or channels: the claim only makes the others wait.
            with ledger.claim(EntryKey("timezone", name, date.min, date.min, "")):
                fresh = recalled(ledger, name, since=clock() - FRESH)
                return fresh or told(settings, ledger, name)

    def told(settings: Settings, ledger: Ledger, name: str) -> ToldTimezone:
        answer = ask(settings)
        if answer.doubt:
            return recalled(ledger, name) or answer
        ledger.remember(name, answer.timezone or "", now=clock())
        return answer

    return asked


def recalled(
    ledger: Ledger, name: str, *, since: datetime | None = None
) -> ToldTimezone | None:
    """Return what the ledger remembers, if that is not older; else None."""
    found = ledger.recall(name)
    if found is None or (since is not None and found[1] < since):
        return None
    return ToldTimezone(found[0] or None)


def project_digest(settings: Settings) -> str:
    """Name a project among those of all hosts; no secret."""
    host = settings.base_url or settings.region
    text = f"{host}\n{settings.project_id}"
    return blake2b(text.encode(errors="replace"), digest_size=8).hexdigest()
