"""Posts a notice of a failure, once for each report, days, cause and channel.

A notice never gets in the way of what it is about: whatever becomes of it is told as a
sentence, and the failure stays what it was.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from mixpanel_slack_report.exceptions import (
    AlreadySentError,
    DeliveryError,
    LedgerError,
    OutcomeUnknownError,
    SettingsError,
)
from mixpanel_slack_report.failure_notice.causes import cause_digest, is_told
from mixpanel_slack_report.failure_notice.notice import failure_notice
from mixpanel_slack_report.ledger.entries import FAILURE, EntryKey, Ledger
from mixpanel_slack_report.masking import secrets_of
from mixpanel_slack_report.periods import Window
from mixpanel_slack_report.settings import Settings, read_settings
from mixpanel_slack_report.slack.destinations import Destination, destinations_of
from mixpanel_slack_report.slack.message import SlackMessage

__all__ = ["notify_failure", "settings_to_notify"]

# What a notice needs, and what it has to keep secret.
KEPT = (
    "MIXPANEL_USERNAME",
    "MIXPANEL_SECRET",
    "SLACK_WEBHOOK_URL",
    "SLACK_BOT_TOKEN",
    "SLACK_CHANNEL",
    "SLACK_API_URL",
    "SLACK_SIGNING_SECRET",
    "COMPANY_NAME",
    "REPORT_LEDGER",
    "REPORT_KEY",
)
# What a notice does without.
NOT_NEEDED = {
    "MIXPANEL_USERNAME": "not-set",
    "MIXPANEL_SECRET": "not-set",
    "MIXPANEL_PROJECT_ID": "0",
}


def notify_failure(
    error: Exception,
    *,
    report: str,
    window: Window | None,
    today: date,
    settings: Settings,
    ledger: Ledger,
    timezone: str = "",
    source: str = "",
    events: Sequence[str] = (),
) -> tuple[str, ...]:
    """Post a notice to every channel that has not had this one.

    Args:
        error: What went wrong.
        report: The period of the report, one of ``PERIODS``.
        window: The days that it reports; None if they are not known.
        today: The current day; a notice without days is posted once a day.
        settings: Where to post, and what to keep secret.
        ledger: What remembers the notices.
        timezone: IANA name of the timezone whose days they are.
        source: What the numbers come from, as in ``EntryKey``.
        events: The events that it counts, in place of the metrics of the report file.

    Returns:
        Sentences about what became of it, for whoever watches the run; none if there
        is nothing to tell.
    """
    if not is_told(error):
        return ()
    try:
        destinations = destinations_of(settings)
    except SettingsError:
        return ()
    message = failure_notice(
        report,
        window,
        error,
        timezone=timezone,
        company=settings.company_name,
        events=events,
        secrets=secrets_of(settings),
    )
    days = window or Window(today, today)
    said = (
        posted_once(
            message,
            destination,
            ledger,
            EntryKey(
                trigger=FAILURE,
                report=f"{report}:failure:{cause_digest(error)}",
                from_date=days.from_date,
                to_date=days.to_date,
                channel=destination.key,
                source=source,
            ),
        )
        for destination in destinations
    )
    return tuple(filter(None, said))


def posted_once(
    message: SlackMessage, destination: Destination, ledger: Ledger, key: EntryKey
) -> str:
    """Post a notice unless it was posted, or may have been; say what became of it."""
    try:
        with ledger.claim(key) as claim:
            claim.posting()
            try:
                destination.post(message)
            except DeliveryError as error:
                claim.settle(error.outcome, str(error))
                raise
            claim.settle("sent", "")
    except AlreadySentError:
        return ""
    except OutcomeUnknownError:
        return (
            f"Whether {destination.shown} has the notice of the failure is not known."
        )
    except (DeliveryError, LedgerError) as error:
        return (
            f"The notice of the failure was not posted to {destination.shown}: {error}."
        )
    except Exception as error:
        # Whatever it is, the failure that it is about matters more.
        kind = type(error).__name__
        return (
            f"The notice of the failure was not posted to {destination.shown}: {kind}."
        )
    return f"A notice of the failure was posted to {destination.shown}."


def settings_to_notify(environ: Mapping[str, str]) -> Settings | None:
    """Return settings that are enough for a notice, whatever else is missing or wrong.

    None if they name nowhere to post to.
    """
    kept = {name: environ[name] for name in KEPT if environ.get(name, "").strip()}
    try:
        return read_settings({**NOT_NEEDED, **kept}, to_send=True)
    except SettingsError:
        return None
