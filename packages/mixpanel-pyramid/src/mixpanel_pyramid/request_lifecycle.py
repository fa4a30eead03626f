"""From a request's beginning to its verdict: are its messages sent, or forgotten?

Without a tween, because an application that lists ``pyramid.tweens`` by hand drops
those of add-ons silently; callbacks always run. The response callback takes note of the
answer, which later callbacks may still change; the finished callback draws the verdict.
It is not asked of what was tracked inside a transaction: that shares its fate.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from weakref import ref

from pyramid.httpexceptions import HTTPException  # type: ignore[import-untyped]
from pyramid.threadlocal import manager  # type: ignore[import-untyped]

from mixpanel_pyramid.consumer import BufferConsumer, MockedConsumer
from mixpanel_pyramid.journal import ENDLESS, FAILED, OVER, VETOED, Journal, cause_of
from mixpanel_pyramid.observed_track import ObservedTrack
from mixpanel_pyramid.request_stack import has_no_end, is_in_progress, parent_of
from mixpanel_pyramid.track import MixpanelTrack
from mixpanel_pyramid.tracker_consumer import (
    BIND,
    DISCARD,
    RELEASE,
    WAIT,
    Fate,
    TrackerConsumer,
)
from mixpanel_pyramid.transaction_join import (
    TransactionJoin,
    has_transaction,
    join_transaction,
)

if TYPE_CHECKING:
    from pyramid.request import Request  # type: ignore[import-untyped]
    from pyramid.response import Response  # type: ignore[import-untyped]

    from mixpanel_pyramid.dispatch import Dispatch
    from mixpanel_pyramid.message import Message
    from mixpanel_pyramid.observation import Observation
    from mixpanel_pyramid.settings import TrackingSettings
    from mixpanel_schema.json_values import Json

__all__ = ["RequestLife", "request_tracker"]

logger = logging.getLogger(__name__)

Veto = Callable[["Request", "Response"], object]


def request_tracker(
    request: Request,
    settings: TrackingSettings,
    dispatch: Dispatch | None,
    observation: Observation | None = None,
) -> MixpanelTrack:
    """Make the tracker of a request.

    Args:
        request: The request.
        settings: The application's settings.
        dispatch: Takes what is released; None where messages are only recorded.
        observation: Wants to know what becomes of the messages.
    """
    life = RequestLife(request, settings, dispatch, observation)
    tracker_class = MixpanelTrack if life.journal is None else ObservedTrack
    return tracker_class(
        settings,
        global_event_props=settings.header_properties.read(request.environ),
        consumer=life.consumer,
        find_distinct_id=life.find_distinct_id,
    )


class RequestLife:
    """Decides what becomes of the messages of one request.

    Args:
        request: The request.
        settings: The application's settings.
        dispatch: Takes what is released; None where messages are only recorded.
        observation: Wants to know what becomes of the messages.

    Attributes:
        find_consumer: Gives what holds the messages until the verdict.
        verdict: What the answer means for them; None before it is drawn.
        response: The answer, until the verdict.
        is_finished: Whether the request's finished callback has run.
        is_vetoed: Whether the application has discarded the messages.
        join: What stands in the request's transaction, if it was joined.
        journal: Keeps what becomes of the messages; None where nobody wants to know.
    """

    # Where most requests begin; an object of its own pays only for what changes.
    is_vetoed = False
    verdict: Fate | None = None
    response: Response | None = None
    is_finished = False
    handled_at_response: BaseException | None = None
    join: TransactionJoin | None = None
    journal: Journal | None = None

    def __init__(
        self,
        request: Request,
        settings: TrackingSettings,
        dispatch: Dispatch | None,
        observation: Observation | None = None,
    ) -> None:
        # Weak, because the request holds its tracker, which holds this: a circle
        # would keep each request in memory until the garbage collector comes.
        self.request = ref(request)
        parent = parent_of(request)
        self.parent = None if parent is None else ref(parent)
        self.dispatch = dispatch
        self.veto = settings.commit_veto
        self.ask_whose = settings.distinct_id
        if observation is not None:
            self.journal = observation.journal(request, parent)
        consumer: TrackerConsumer
        if dispatch is None:
            consumer = MockedConsumer(
                hand_over=self.give_recorded, fate=self.fate, journal=self.journal
            )
        else:
            is_alone = parent is None and self.journal is None
            consumer = BufferConsumer(
                settings.token or "",
                dispatch.put_in_request if is_alone else self.give_messages,
                self.fate,
                hand_over_now=dispatch.put_in_request,
                journal=self.journal,
            )
        if has_no_end(request):
            self.is_finished, self.verdict = True, RELEASE
            self.explain(ENDLESS)
        # Weak, because it holds this: a circle would keep all messages of each request.
        self.find_consumer = ref(consumer)
        request.add_response_callback(self.on_response)
        request.add_finished_callback(partial(self.on_finished, consumer))

    @property
    def consumer(self) -> TrackerConsumer:
        """What holds the messages; who asks for it is called by what holds it."""
        consumer = self.find_consumer()
        assert consumer is not None
        return consumer

    def find_distinct_id(self) -> object:
        """Ask the application whose request it is; None when the request is gone."""
        request = self.request()
        return None if request is None else self.ask_whose(request)

    def fate(self) -> Fate:
        """Tell what becomes of a message that is tracked now.

        Where the request is not the one being worked on (a streamed body, another
        thread), nothing will ask again, so the message leaves at once.
        """
        request, stack = self.request(), manager.stack
        is_current = bool(stack) and stack[-1]["request"] is request
        if request is None or not (is_current or is_in_progress(request)):
            self.explain(OVER)
            return RELEASE
        if self.join is None and not self.is_finished:
            if "tm.active" not in request.environ:
                return WAIT  # what most requests come to
        elif self.is_vetoed:
            return DISCARD
        fate = self.fate_in_transaction(request)
        if fate is not WAIT:
            return fate
        if self.is_finished and self.verdict is not None:
            return self.verdict
        return WAIT

    def fate_in_transaction(self, request: Request) -> Fate:
        """Tell what a transaction means for a message; WAIT where there is none.

        While one is joined, it is the one, also in the hooks of its commit, where
        pyramid_tm has already let go of it.
        """
        if self.join is not None and self.join.is_open:
            return BIND
        if not has_transaction(request):
            return WAIT
        join = TransactionJoin(self.consumer, self.on_commit)
        fate = join_transaction(request, join)
        if fate is DISCARD:
            self.explain(FAILED)
        self.join = join if fate is BIND else None
        return fate

    def on_commit(self) -> None:
        """Release what was committed, if the end of the request has passed already."""
        if self.is_finished:
            self.consumer.release()

    def on_response(self, request: Request, response: Response) -> None:
        """Take note of the answer, and of the exception that it was made out of."""
        self.response = response
        self.handled_at_response = sys.exc_info()[1]

    def on_finished(self, consumer: TrackerConsumer, request: Request) -> None:
        """Release or discard the messages."""
        try:
            self.verdict = self.draw_verdict(request, sys.exc_info()[1])
            self.is_vetoed = self.veto is not None and self.ask_for_veto(request)
            if self.journal is not None:
                self.explain(self.cause(request, sys.exc_info()[1]))
            self.response = None
            self.is_finished = True
            if self.join is not None and not has_transaction(request):
                # A commit that fails before it begins, in a hook, tells nobody.
                self.join.abort(None)
            if self.is_vetoed:
                consumer.drop()
            elif self.verdict is RELEASE:
                consumer.release()
            else:
                consumer.discard()
            if self.journal is not None and self.verdict is RELEASE:
                self.hold(request)
            if self.join is not None and not self.join.is_open:
                self.join = None  # it holds the consumer
        except Exception:
            logger.exception("a request's Mixpanel messages were not handed over")

    def draw_verdict(self, request: Request, failure: BaseException | None) -> Fate:
        """Say what becomes of the messages, now that nothing else will happen."""
        if failure is not None and failure is not self.handled_at_response:
            # Nothing handled it yet, so it came after the response, or instead.
            return DISCARD
        if self.response is None:  # there is none, or nobody noted it
            return fate_after(request.exception)
        try:
            return verdict_on(request, self.response)
        except Exception:
            logger.exception("no verdict on a request's Mixpanel messages")
            return RELEASE

    def ask_for_veto(self, request: Request) -> bool:
        """Ask the application whether to discard what would be released.

        Also what a transaction has committed: the application sees that in the
        answer, and knows better. Without an answer there is nothing to ask about.
        """
        if self.veto is None or self.response is None:
            return False
        try:
            return bool(self.veto(request, self.response))
        except Exception:
            logger.exception("mixpanel.commit_veto failed; nothing is vetoed")
            return False

    def explain(self, cause: str) -> None:
        """Say why messages leave or vanish from here on, if anybody wants to know."""
        if self.journal is not None:
            self.journal.cause = cause

    def cause(self, request: Request, failure: BaseException | None) -> str:
        """Say why the verdict is what it is."""
        if self.is_vetoed:
            return VETOED
        return cause_of(
            getattr(self.response, "status_int", None),
            request.exception,
            None if failure is self.handled_at_response else failure,
        )

    def hold(self, request: Request) -> None:
        """Note what waits for a transaction that goes on after the request."""
        is_open = self.join is not None and self.join.is_open
        if self.journal is not None and is_open and not request.tm.isDoomed():
            self.journal.hold()

    def give_messages(self, messages: list[Message]) -> None:
        """Hand messages to the request around this one, or to the delivery."""
        outer, inner = self.parent and self.parent_consumer(), self.consumer
        assert self.dispatch is not None  # else the messages would be recorded
        assert isinstance(inner, BufferConsumer)
        if isinstance(outer, BufferConsumer):
            outer.take(messages, inner.waiting.committed)
            return
        self.dispatch.put_in_request(messages)
        if self.journal is not None:
            self.journal.leave(messages, committed=inner.waiting.committed)

    def give_recorded(
        self, consumer: MockedConsumer, messages: list[dict[str, Json]]
    ) -> None:
        """Hand recorded messages to the request around this one."""
        outer = self.parent_consumer()
        if isinstance(outer, MockedConsumer):
            outer.adopt(consumer, messages)
        elif self.journal is not None:
            self.journal.leave(messages, committed=consumer.waiting.committed)

    def parent_consumer(self) -> TrackerConsumer | None:
        """Give the consumer of the request around this one, if there is one."""
        tracker = getattr(self.parent and self.parent(), "mixpanel", None)
        return tracker.consumer if isinstance(tracker, MixpanelTrack) else None


def verdict_on(request: Request, response: Response) -> Fate:
    """Say what an answer means: was done what the messages tell of?

    An exception view makes an answer out of an exception, and ``request.exception``
    keeps the exception. ``raise HTTPFound(…)`` is a way to answer, not a failure.
    """
    if response.status_int >= 500:
        return DISCARD
    return fate_after(request.exception)


def fate_after(error: BaseException | None) -> Fate:
    """Say what it means that an answer was made out of an exception, if it was."""
    if error is None:
        return RELEASE
    if isinstance(error, HTTPException) and error.status_int < 400:
        return RELEASE
    return DISCARD
