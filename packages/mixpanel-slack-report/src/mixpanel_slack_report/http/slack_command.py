"""``POST /api/SlackCommand``: answers a slash command at once, and queues its work.

Slack waits three seconds, so nothing here asks Mixpanel or Slack, and neither of
their libraries is imported.
https://docs.slack.dev/interactivity/implementing-slash-commands
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from mixpanel_slack_report.exceptions import LedgerError, RequestRefusedError
from mixpanel_slack_report.http.ephemeral import ephemeral_message
from mixpanel_slack_report.http.exchange import (
    HttpAnswer,
    HttpRequest,
    form_fields,
    json_answer,
)
from mixpanel_slack_report.http.orders import (
    LONGEST_CUSTOM,
    ORDERED_PERIODS,
    ReportOrder,
)
from mixpanel_slack_report.http.signature import check_signature
from mixpanel_slack_report.http.work import WorkInbox, WorkItem
from mixpanel_slack_report.wording import readable

__all__ = ["SLACK_HOST", "SlackCommand", "response_hosts"]

SLACK_HOST = "https://hooks.slack.com"
HELP = """{said}Reports to ask for:
{command} daily - yesterday
{command} weekly - the last full week
{command} biweekly - the last full two weeks
{command} monthly - the last full month
{command} custom N - the last N days until yesterday, 1 to 90"""


@dataclass(frozen=True, slots=True)
class SlackCommand:
    """The endpoint; threads may share it.

    Attributes:
        signing_secret: What Slack signs with; None refuses every request.
        inbox: Where the work goes.
        clock: Gives the current time, aware.
        response_hosts: Starts of the addresses, scheme and host, that replies may go
            to.
    """

    signing_secret: str | None = field(repr=False)
    inbox: WorkInbox
    clock: Callable[[], datetime]
    response_hosts: tuple[str, ...] = (SLACK_HOST,)

    def answer(self, request: HttpRequest) -> HttpAnswer:
        """Check that Slack asks, and answer.

        Raises:
            RequestRefusedError: If Slack did not sign it, or what only Slack sends is
                missing.
        """
        body = request.body.decode(errors="replace")
        if self.signing_secret and "ssl_check=1" in body.split("&"):
            # Slack looks at the certificate, without a signature; nothing is done.
            return HttpAnswer(200, {}, b"")
        now = self.clock()
        check_signature(request, self.signing_secret, now=now)
        fields = form_fields(body)
        text = fields.get("text", "").strip()
        order = read_order(text)
        if order is None:
            return shown(help_text(fields.get("command", ""), text))
        item = WorkItem(order, now, trigger_of(fields), self.response_address(fields))
        return shown(self.hand_in(item))

    def hand_in(self, item: WorkItem) -> str:
        """Put the work into the queue, and say so."""
        try:
            self.inbox.put(item)
        except LedgerError:
            return "Nothing was started: the queue cannot be used. Try again later."
        return f"Making the {order_in_words(item.order)} …"

    def response_address(self, fields: dict[str, str]) -> str:
        """Return where to reply, if that is Slack."""
        address = fields.get("response_url", "")
        try:
            parts = urlsplit(address)
        except ValueError:
            parts = urlsplit("")
        if f"{parts.scheme}://{parts.netloc}" in self.response_hosts:
            return address
        message = f"response_url is not at {' or '.join(self.response_hosts)}"
        raise RequestRefusedError(message)


def response_hosts(slack_api_url: str | None) -> tuple[str, ...]:
    """Return where replies may go to: Slack, and what stands in for it.

    Args:
        slack_api_url: Address that replaces that of Slack's Web API; None for Slack's.

    >>> response_hosts("http://127.0.0.1:9000/api/")
    ('https://hooks.slack.com', 'http://127.0.0.1:9000')
    """
    if slack_api_url is None:
        return (SLACK_HOST,)
    parts = urlsplit(slack_api_url)
    return (SLACK_HOST, f"{parts.scheme}://{parts.netloc}")


def trigger_of(fields: dict[str, str]) -> str:
    """Return what tells one order from another."""
    trigger = fields.get("trigger_id", "")
    if re.fullmatch(r"[\w.:-]{1,100}", trigger, re.ASCII):
        return trigger
    raise RequestRefusedError("trigger_id is missing; Slack sends one with a command")


def read_order(text: str) -> ReportOrder | None:
    """Read what stands after the command; None if it is no order.

    >>> read_order("Custom 7").last_days
    7
    >>> read_order("custom 91") is None
    True
    """
    words = text.lower().split()
    if len(words) == 1 and words[0] in ORDERED_PERIODS:
        return ReportOrder(words[0])
    if len(words) == 2 and words[0] == "custom":
        days = re.fullmatch(r"[1-9][0-9]?", words[1])
        if days and int(words[1]) <= LONGEST_CUSTOM:
            return ReportOrder("custom", last_days=int(words[1]))
    return None


def order_in_words(order: ReportOrder) -> str:
    """Name the report that is ordered.

    >>> order_in_words(ReportOrder("custom", last_days=1))
    'report of the last day'
    """
    if order.last_days is None:
        return f"{order.period} report"
    days = "day" if order.last_days == 1 else f"{order.last_days} days"
    return f"report of the last {days}"


def help_text(command: str, given: str) -> str:
    """Say what can be asked for, and what was given if that is nothing of it."""
    name = command if re.fullmatch(r"/[\w-]{1,32}", command) else "/analytics"
    asked = given.lower() in ("", "help")
    said = "" if asked else f"No report is called “{readable(given, longest=60)}”.\n"
    return HELP.format(said=said, command=name)


def shown(text: str) -> HttpAnswer:
    """Answer with what only the person sees who asked."""
    return json_answer(200, ephemeral_message(text))
