"""Does what a slash command asked for, and tells who asked what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mixpanel_slack_report.exceptions import MixpanelSlackReportError
from mixpanel_slack_report.http.ephemeral import ephemeral_message
from mixpanel_slack_report.http.filled_orders import FilledOrder, OrderDesk
from mixpanel_slack_report.http.mishaps import mishap_line
from mixpanel_slack_report.http.slack_command import order_in_words
from mixpanel_slack_report.http.work import WorkItem

__all__ = ["MOST_TRIES", "SlackWork"]

MOST_TRIES = 3
# https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
REPLY_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class SlackWork:
    """What a worker does with an item; threads may share it.

    Attributes:
        desk: Makes and posts the report.
        reply: Posts a message to a ``response_url``, once for an item at most, of the
            five times that Slack takes.
        clock: Gives the current time, aware.
        log: Is told in one line what became of an item.
    """

    desk: OrderDesk
    reply: Callable[[str, dict[str, object]], None]
    clock: Callable[[], datetime]
    log: Callable[[str], None]

    def do(self, item: WorkItem, *, tries: int) -> None:
        """Send the report and confirm it; whatever happens is said, and not raised.

        Args:
            item: What was asked for.
            tries: How often it was begun, this time included; after a few it is given
                up, as it seems to take its worker down with it.
        """
        named = order_in_words(item.order)
        if tries > MOST_TRIES:
            said = f"Gave up on the {named}: {MOST_TRIES} tries ended without a result."
        else:
            said = self.send(item, named)
        said = self.desk.hide(said)
        self.log(f"slash command: {said}")
        self.tell(item, said)

    def send(self, item: WorkItem, named: str) -> str:
        """Send the report, and say what became of it."""
        try:
            filled = self.desk.send(
                item.order, asked_at=item.asked_at, trigger=f"slack:{item.trigger_id}"
            )
        except MixpanelSlackReportError as error:
            return f"The {named} was not sent: {error}"
        except Exception as error:  # the next item is to be done all the same
            self.log(f"slash command: {self.desk.hide(mishap_line(error))}")
            return f"The {named} was not sent: {type(error).__name__}, see the log."
        return what_became(filled, named)

    def tell(self, item: WorkItem, said: str) -> None:
        """Tell who asked, as long as Slack takes a reply."""
        if self.clock() - item.asked_at > REPLY_WITHIN:
            self.log("slash command: too late to tell who asked")
            return
        try:
            self.reply(item.response_url, ephemeral_message(said))
        except MixpanelSlackReportError as error:
            self.log(f"slash command: who asked could not be told: {error}")


def what_became(filled: FilledOrder, named: str) -> str:
    """Say what became of an order; it may hold secrets."""
    lines = " ".join(filled.lines)
    if not filled.errors:
        return lines
    if filled.in_slack:
        return f"{lines} Not everything went well: {filled.problem}"
    sent = "may not have been sent" if filled.slack_sent is None else "was not sent"
    return f"The {named} {sent}: {filled.problem}"
