"""The rungs of one report: down a step where a channel does not take a message's form.

Slack refuses a message whole, so after its refusal nothing is posted, and a plainer
form of the same report may be. The rung that a channel took is where the next report
begins, until the memory of it runs out and the best form gets another chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from mixpanel_slack_report.exceptions import DeliveryError, LedgerError
from mixpanel_slack_report.slack.destinations import Destination
from mixpanel_slack_report.slack.message import SlackMessage

__all__ = ["Posted", "RungMemory", "post_details", "post_report"]

# https://docs.slack.dev/reference/methods/chat.postMessage#errors
STEPS_DOWN = frozenset(
    {
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
    }
)
# A webhook refuses with 400; the Web API answers 200, and the document says no.
REFUSALS = (400, 200)


class RungMemory(Protocol):
    """What remembers the rung of each channel, such as a ledger."""

    def accepted_rung(self, channel: str, *, now: datetime) -> int | None:
        """Return the rung that a channel took in the last 30 days; None if none."""

    def remember_rung(self, channel: str, rung: int, *, now: datetime) -> None:
        """Remember the rung that a channel took."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A report that was posted.

    Attributes:
        rung: The rung it was posted on, 0 being the best.
        thread: What names it in Slack, for replies; empty where Slack does not say.
    """

    rung: int
    thread: str


def post_report(
    messages: Sequence[SlackMessage],
    destination: Destination,
    rungs: RungMemory,
    *,
    now: datetime,
) -> Posted:
    """Post the best form of a report that a channel takes, once.

    Args:
        messages: The forms of the report, the best first.
        destination: Where to post.
        rungs: What remembers which form the channel took.
        now: The current time, with its timezone.

    Raises:
        DeliveryError: If Slack refused the plainest form too, refused for another
            reason than the form, or did not say whether a message was posted.
    """
    remembered = accepted_rung(rungs, destination.key, now=now)
    thread, rung = posted_thread(messages, destination, start=remembered or 0)
    if rung != (remembered or 0):
        # Only a change is remembered: were each report, the memory would never end.
        with suppress(LedgerError):
            rungs.remember_rung(destination.key, rung, now=now)
    return Posted(rung, thread)


def accepted_rung(rungs: RungMemory, channel: str, *, now: datetime) -> int | None:
    """Return the remembered rung; None also where the memory cannot be read."""
    try:
        return rungs.accepted_rung(channel, now=now)
    except LedgerError:
        return None


def posted_thread(
    messages: Sequence[SlackMessage], destination: Destination, *, start: int
) -> tuple[str, int]:
    """Post the first form from ``start`` on that is taken; return its name and rung.

    Raises:
        DeliveryError: If none was, or one may have been.
    """
    last = len(messages) - 1
    for rung in range(min(start, last), last):
        try:
            return destination.post(messages[rung]), rung
        except DeliveryError as error:
            if not is_about_the_form(error):
                raise
    return destination.post(messages[last]), last


def is_about_the_form(error: DeliveryError) -> bool:
    """Whether Slack surely posted nothing, because of the form of the message."""
    is_no = error.outcome == "refused" and error.status in REFUSALS
    return is_no and error.body in STEPS_DOWN


def post_details(
    details: SlackMessage | None, destination: Destination, posted: Posted
) -> str:
    """Post details into the thread of a report, where there can be one.

    Put on record that the report was sent before: whatever becomes of its details,
    the report is there.

    Returns:
        What went wrong, as a sentence without its full stop; empty if nothing did.
    """
    if details is None or not posted.thread:
        return ""
    try:
        destination.post(details, thread=posted.thread)
    except DeliveryError as error:
        return f"the report is there, and its details may not be: {error}"
    return ""
