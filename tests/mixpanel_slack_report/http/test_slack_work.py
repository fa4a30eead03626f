"""What a worker does with an order, and what whoever asked is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest

from mixpanel_slack_report.exceptions import (
    CollectionError,
    DeliveryError,
    OutcomeUnknownError,
    SettingsError,
)
from mixpanel_slack_report.http.filled_orders import FilledOrder
from mixpanel_slack_report.http.orders import ReportOrder
from mixpanel_slack_report.http.slack_work import SlackWork
from mixpanel_slack_report.http.work import WorkItem

from .conftest import NOW, RESPONSE_URL

ITEM = WorkItem(ReportOrder("weekly"), NOW, "1.2.3", RESPONSE_URL)
SENT = "Sent the weekly report 2026-11-09 to 2026-11-15."


class Desk:
    """Fills each order with what it is told to.

    Attributes:
        result: What becomes of an order.
        asked: What was ordered, when, and by what trigger.
    """

    def __init__(self, result: FilledOrder | Exception) -> None:
        self.result = result
        self.asked: list[tuple[ReportOrder, datetime, str]] = []

    def make(self, order: ReportOrder, *, asked_at: datetime) -> Mapping[str, object]:
        """Fail: a slash command is always sent."""
        raise AssertionError(order)

    def send(
        self, order: ReportOrder, *, asked_at: datetime, trigger: str
    ) -> FilledOrder:
        """Return or raise the result."""
        self.asked.append((order, asked_at, trigger))
        if isinstance(self.result, Exception):
            raise self.result
        return self.result

    def hide(self, text: str) -> str:
        """Take out the only secret there is."""
        return text.replace("s3cret", "***")


Told = Callable[..., tuple[list[str], list[str]]]


@pytest.fixture
def told() -> Told:
    """Does an item, and returns what whoever asked is told, and the log."""

    def do(
        result: FilledOrder | Exception, *, tries: int = 1, later: int = 0
    ) -> tuple[list[str], list[str]]:
        replies: list[str] = []
        log: list[str] = []

        def reply(url: str, message: dict[str, object]) -> None:
            assert url == RESPONSE_URL
            assert message["response_type"] == "ephemeral"
            replies.append(str(message["text"]))

        clock = NOW + timedelta(minutes=later)
        work = SlackWork(Desk(result), reply, lambda: clock, log.append)
        work.do(ITEM, tries=tries)
        return replies, log

    return do


def test_an_order_is_sent_for_its_own_time_and_trigger() -> None:
    """So that a repeat reports the same days, and is known as a repeat."""
    desk = Desk(FilledOrder(lines=(SENT,)))

    SlackWork(desk, lambda url, message: None, lambda: NOW, print).do(ITEM, tries=1)

    assert desk.asked == [(ReportOrder("weekly"), NOW, "slack:1.2.3")]


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (FilledOrder({}, in_slack=True, lines=(SENT,)), SENT),
        (
            FilledOrder(errors=(CollectionError("Mixpanel is down"),)),
            "The weekly report was not sent: Mixpanel is down",
        ),
        (
            FilledOrder({}, errors=(DeliveryError("no_service", outcome="refused"),)),
            "The weekly report was not sent: no_service",
        ),
        (
            FilledOrder({}, errors=(DeliveryError("timeout", outcome="unknown"),)),
            "The weekly report may not have been sent: timeout",
        ),
        (
            FilledOrder(errors=(OutcomeUnknownError("send it with --force"),)),
            "The weekly report may not have been sent: an earlier try ended before it "
            "was known whether it posted; look at the channel before you ask again",
        ),
        (
            FilledOrder(
                {},
                in_slack=True,
                lines=(SENT,),
                errors=(DeliveryError("not_in_channel", outcome="refused"),),
            ),
            f"{SENT} Not everything went well: not_in_channel",
        ),
        (
            SettingsError("SLACK_WEBHOOK_URL is not set"),
            "The weekly report was not sent: SLACK_WEBHOOK_URL is not set",
        ),
        (SettingsError("s3cret"), "The weekly report was not sent: ***"),
    ],
)
def test_who_asked_is_told_what_became_of_it(
    told: Told, result: FilledOrder | Exception, said: str
) -> None:
    """In one message, and the log has the same line."""
    replies, log = told(result)

    assert replies == [said]
    assert log == [f"slash command: {said}"]


def test_a_worker_that_dies_of_it_is_not_asked_for_ever(told: Told) -> None:
    """After three tries the order is given up, and not silently."""
    replies, _ = told(AssertionError("not tried again"), tries=4)

    assert replies == ["Gave up on the weekly report: 3 tries ended without a result."]


@pytest.mark.parametrize(("minutes", "replies"), [(30, 1), (31, 0)])
def test_a_reply_is_not_tried_when_slack_takes_none(
    told: Told, minutes: int, replies: int
) -> None:
    """Slack takes replies for half an hour; the log has it all the same."""
    told_back, log = told(FilledOrder({}, in_slack=True, lines=(SENT,)), later=minutes)

    assert len(told_back) == replies
    assert log[0] == f"slash command: {SENT}"


def test_a_reply_that_fails_is_logged() -> None:
    """The report is there; only its confirmation is not."""
    log: list[str] = []

    def reply(url: str, message: dict[str, object]) -> None:
        raise DeliveryError("Slack answered 404 to the reply", outcome="refused")

    desk = Desk(FilledOrder({}, in_slack=True, lines=(SENT,)))
    SlackWork(desk, reply, lambda: NOW, log.append).do(ITEM, tries=1)

    assert log == [
        f"slash command: {SENT}",
        "slash command: who asked could not be told: Slack answered 404 to the reply",
    ]


def test_what_nobody_foresaw_is_in_the_log_without_secrets(told: Told) -> None:
    """Who asked is told that it failed; the log says where."""
    replies, log = told(KeyError("s3cret"))

    assert replies == ["The weekly report was not sent: KeyError, see the log."]
    assert log[0].startswith("slash command: went wrong at test_slack_work.py:")
    assert log[0].endswith(": KeyError: '***'")
