"""The delivery of parcels in a worker: what becomes of each after an attempt.

Nothing here waits for its turn in memory. What is to be tried again goes back to the
broker, and what is over is counted, logged and, where there is an outbox, kept in it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import SystemRandom
from typing import Protocol

from mixpanel_pyramid.answers import Attempt, Outcome
from mixpanel_pyramid.celery_claims import Claim
from mixpanel_pyramid.celery_sender import Parcel
from mixpanel_pyramid.dead_letter_box import DeadLetterBox
from mixpanel_pyramid.forks import at_fork
from mixpanel_pyramid.lanes import Backoff, Result
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.outage_log import OutageLog
from mixpanel_pyramid.services import Sender
from mixpanel_pyramid.shelves import Dead

__all__ = ["NotEnqueuedError", "ParcelDelivery", "Queue"]

logger = logging.getLogger("mixpanel_pyramid.delivery")

CRASHED = "the worker that took it ended before an answer came"
MOST_DELAY = 300.0  # seconds; a worker holds what is to begin later in its memory


class NotEnqueuedError(Exception):
    """What may be repeated could not be given back to the broker."""


class Queue(Protocol):
    """Takes what is to be delivered later."""

    def enqueue(self, parcel: Parcel, *, countdown: float = 0.0) -> Attempt:
        """Enqueue a parcel; never raises."""


class ParcelDelivery:
    """Delivers parcels, one at a time in each process.

    Args:
        project: The key of the project's address; empty where nothing is sent.
        host: The service, for the log.
        make_sender: Makes what posts.
        make_queue: Makes what takes things back.
        box: Keeps what died; None where there is no outbox.
        backoff: How long to wait after a failure.
        most_delay: Seconds that a task may wait in the memory of a worker.
    """

    def __init__(
        self,
        project: str,
        host: str,
        make_sender: Callable[[], Sender],
        make_queue: Callable[[], Queue],
        *,
        box: DeadLetterBox | None = None,
        backoff: Backoff = Backoff(),  # noqa: B008  # frozen
        most_delay: float = MOST_DELAY,
    ) -> None:
        self.project = project
        self.make_sender, self.make_queue = make_sender, make_queue
        self.box = box
        self.backoff = backoff
        self.most_delay = min(most_delay, MOST_DELAY)
        self.jitter = SystemRandom().random
        self.outage = OutageLog(host, "with the broker")
        self.counts: Counter[str] = Counter()
        self.strangers: set[str] = set()
        self.inherited: list[object] = []
        self.sender: Sender | None = None
        self.queue = make_queue()
        self.begin()
        at_fork(after_in_child=self.begin)

    def begin(self) -> None:
        """Start with connections of its own, as a forked worker process does."""
        # Not closed: the parent still uses them.
        self.inherited += [self.sender, self.queue]
        self.sender, self.queue = None, self.make_queue()
        self.lock = threading.Lock()

    def deliver(
        self, parcel: Parcel, claim: Callable[[], Claim] = lambda: Claim.NEW
    ) -> None:
        """Deliver a parcel, or see to it that somebody will.

        Args:
            parcel: The parcel.
            claim: Tells whether somebody else began it before.

        Raises:
            NotEnqueuedError: If it may be repeated, and nobody will.
        """
        with self.lock:
            mark = self.mark(parcel)
            state = claim()
            if state is Claim.BEGUN:  # the mark stays
                number = len(parcel.messages)
                self.count(Result(unknown=number, reason=CRASHED))
                return
            if state is Claim.NEW:
                self.proceed(parcel)
            if self.box is not None:
                self.box.forget(mark)

    def proceed(self, parcel: Parcel) -> None:
        """Deliver a parcel that nobody else began, if it is the time and the place."""
        wait = parcel.not_before - time.time()
        if parcel.project != self.project:
            self.refuse(parcel)
        elif wait > 0:
            self.put(parcel, wait)
        else:
            attempt = self.attempt(parcel.messages)
            self.note(parcel, self.settle(parcel, attempt))

    def mark(self, parcel: Parcel) -> Sequence[int]:
        """Keep counting updates as unknown while they are under way.

        Their task is acknowledged already: if this process dies, nobody else knows of
        them.
        """
        if self.box is None or parcel.messages[0].repeatable:
            return ()
        number = len(parcel.messages)
        dead = [Dead(index, "unknown", CRASHED) for index in range(number)]
        return self.box.keep(parcel.messages, dead)

    def attempt(self, messages: Sequence[Message]) -> Attempt:
        """Post messages; an error in the middle of it leaves open what was applied."""
        if self.sender is None:
            try:
                self.sender = self.make_sender()
            except OSError as error:  # certificates that cannot be read
                return Attempt(Outcome.NOT_APPLIED, f"{type(error).__name__}: {error}")
        try:
            return self.sender.post(messages)
        except Exception as error:  # such as the soft time limit of a task
            return Attempt(Outcome.AMBIGUOUS, f"{type(error).__name__}: {error}")

    def settle(self, parcel: Parcel, attempt: Attempt) -> Result:
        """Draw the consequence of an attempt."""
        outcome, number = attempt.outcome, len(parcel.messages)
        repeatable = parcel.messages[0].repeatable
        if outcome is Outcome.ACCEPTED:
            return self.accept(parcel, attempt)
        if outcome in {Outcome.REFUSED, Outcome.TOO_LARGE}:
            if number > 1 and (repeatable or outcome is Outcome.TOO_LARGE):
                self.split(parcel)
                return Result(retried=number, reason=attempt.reason)
            return self.lost(parcel, attempt.reason, "refused")
        if outcome is Outcome.AMBIGUOUS and not repeatable:
            return self.lost(parcel, attempt.reason)
        return self.again(parcel, attempt)

    def accept(self, parcel: Parcel, attempt: Attempt) -> Result:
        """Settle a parcel that was taken, but perhaps not all of it."""
        dead = [Dead(index, "refused", reason) for index, reason in attempt.refused]
        self.bury(parcel, dead)
        return Result(
            sent=len(parcel.messages) - len(dead),
            refused=len(dead),
            reason=dead[0].reason if dead else "",
        )

    def lost(self, parcel: Parcel, reason: str, state: str = "unknown") -> Result:
        """Settle a parcel that is not sent any more."""
        number = len(parcel.messages)
        self.bury(parcel, [Dead(index, state, reason) for index in range(number)])
        if state == "unknown":
            return Result(unknown=number, reason=reason)
        return Result(refused=number, reason=reason)

    def bury(self, parcel: Parcel, dead: Sequence[Dead]) -> None:
        """Keep what died, where there is an outbox."""
        if dead and self.box is not None:
            self.box.keep(parcel.messages, dead)

    def split(self, parcel: Parcel) -> None:
        """Try the halves of a parcel on their own."""
        middle = len(parcel.messages) // 2
        for half in (parcel.messages[:middle], parcel.messages[middle:]):
            self.put(replace(parcel, messages=half), 0.0)

    def again(self, parcel: Parcel, attempt: Attempt) -> Result:
        """Try a parcel later, when the service may have come to itself."""
        failures, pause = parcel.failures + 1, attempt.retry_after
        later = replace(
            parcel,
            failures=failures,
            not_before=time.time() + pause if pause else 0.0,
        )
        delay = self.backoff.delay(failures, self.jitter())
        self.put(later, max(delay, pause or 0.0))
        return Result(retried=len(parcel.messages), reason=attempt.reason)

    def put(self, parcel: Parcel, delay: float) -> None:
        """Give a parcel to the broker, for later."""
        taken = self.queue.enqueue(parcel, countdown=min(delay, self.most_delay))
        if taken.outcome is Outcome.ACCEPTED:
            return
        reason = f"it could not be enqueued again: {taken.reason}"
        if parcel.messages[0].repeatable:
            raise NotEnqueuedError(reason)
        is_clear = taken.outcome is Outcome.NOT_APPLIED
        self.lost(parcel, reason, "refused" if is_clear else "unknown")
        text = "%d counting updates are lost; %s"
        logger.error(text, len(parcel.messages), reason)

    def refuse(self, parcel: Parcel) -> None:
        """Leave a parcel for another project to another worker."""
        if parcel.project not in self.strangers:
            self.strangers.add(parcel.project)
            text = (
                "a task is for the project %s, and this worker sends to %s; it goes "
                "back to the broker: give the two queues of their own, or the worker "
                "the settings of the application"
            )
            logger.error(text, parcel.project, self.project or "none")
        self.again(parcel, Attempt(Outcome.NOT_APPLIED))

    def note(self, parcel: Parcel, result: Result) -> None:
        """Count and log what became of a parcel."""
        self.count(result)
        self.outage.attempted(parcel.messages[0].endpoint, result, None)

    def count(self, result: Result) -> None:
        """Count what became of a parcel; what is unknown is logged each time."""
        for what in ("sent", "refused", "unknown", "retried"):
            self.counts[what] += getattr(result, what)
        if result.unknown:
            text = "%d counting updates for %s may have been applied, or not (%s)"
            logger.error(text, result.unknown, self.outage.host, result.reason)
