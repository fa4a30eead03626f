"""Puts the questions of one report, counts them, and keeps what failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from mixpanel_query.exceptions import (
    CredentialsRefusedError,
    MixpanelQueryError,
    RefusedError,
)
from mixpanel_slack_report.collection.progress import Tell
from mixpanel_slack_report.collection.questions import Question
from mixpanel_slack_report.collection.readings import Failure
from mixpanel_slack_report.collection.source import EventCounts
from mixpanel_slack_report.collection.together import run_together
from mixpanel_slack_report.exceptions import CollectionError

__all__ = ["Inquiry", "is_refused", "reaches_too_far"]

# https://developer.mixpanel.com/reference/rate-limits
MOST_AT_ONCE = 5


class Inquiry:
    """The calls of one report; used by one thread, which starts others.

    Args:
        source: Whom to ask.
        planned: How many calls are planned.
        allowed: How many calls there may be.
        tell: Called with how far they are.

    Attributes:
        api_calls: How many calls were made so far.
        failures: Those that gave nothing.
    """

    def __init__(
        self, source: EventCounts, *, planned: int, allowed: int, tell: Tell
    ) -> None:
        self.source = source
        self.planned = planned
        self.allowed = allowed
        self.tell = tell
        self.api_calls = 0
        self.answered = 0
        self.failures: list[Failure] = []

    def ask(self, questions: Sequence[Question]) -> list[object]:
        """Put questions at once, and return an answer or a failure for each.

        Raises:
            CollectionError: If the credentials are refused, as they would be for
                every other call.
        """
        purposes = iter([question.purpose for question in questions])
        self.tell_next(purposes)
        self.api_calls += len(questions)

        def done() -> None:
            self.answered += 1
            self.tell_next(purposes)

        try:
            answers = run_together(
                [partial(self.put, question) for question in questions],
                at_once=MOST_AT_ONCE,
                on_done=done,
            )
        except CredentialsRefusedError as error:
            raise CollectionError(str(error)) from error
        self.failures += [one for one in answers if isinstance(one, Failure)]
        return answers

    def tell_next(self, purposes: Iterator[str]) -> None:
        """Tell of a question that waits for its answer; nothing if none does."""
        purpose = next(purposes, "")
        if purpose:
            planned = max(self.planned, self.api_calls)
            self.tell(purpose, self.answered, planned)

    def put(self, question: Question) -> object:
        """Put one question, and give back a failure instead of raising it."""
        try:
            return question.put(self.source)
        except MixpanelQueryError as error:
            # 403 may be about the days, or about this endpoint alone.
            if isinstance(error, CredentialsRefusedError) and error.status == 401:
                raise
            return Failure(f"{question.purpose} could not be read: {error}", error)

    @property
    def left(self) -> int:
        """How many calls may still be made."""
        return self.allowed - self.api_calls

    def refuse_if_all_failed(self) -> None:
        """Refuse a report without a single answer.

        Raises:
            CollectionError: With the first failure.
        """
        if len(self.failures) == self.api_calls:
            first = self.failures[0]
            raise CollectionError(str(first.error or first.reason)) from first.error


def is_refused(answer: object) -> bool:
    """Whether a question was refused for what it asks, such as its days.

    A script that has too much to read is refused with 412.
    """
    error = answer.error if isinstance(answer, Failure) else None
    return isinstance(error, RefusedError) and error.status in (400, 403, 412)


def reaches_too_far(answer: object) -> bool:
    """Whether a question was refused for its days, which a plan may keep no more.

    Mixpanel says so in words alone, such as "Date range exceeds 90 days into the past".
    """
    error = answer.error if isinstance(answer, Failure) else None
    return (
        is_refused(answer)
        and isinstance(error, RefusedError)
        and "date" in error.body.lower()
    )
