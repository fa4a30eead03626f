"""A tracker whose calls are timed, and what they refuse or mend is noted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from time import perf_counter

from mixpanel_pyramid.invalid_values import name_of
from mixpanel_pyramid.journal import Journal, State
from mixpanel_pyramid.message_keeping import Build, Properties
from mixpanel_pyramid.replication import Replicate
from mixpanel_pyramid.track import MixpanelTrack
from mixpanel_schema import Event, InvalidValueError, TypedEvent
from mixpanel_schema.json_values import Json

__all__ = ["ObservedTrack"]


class ObservedTrack(MixpanelTrack):
    """A tracker of a request that somebody keeps a journal of."""

    is_watched = False
    takes_short_way = False

    def whose(self, distinct_id: str | None = None) -> str:
        """Settle whose message it is, which may ask a database."""
        with self.watched(""):
            return super().whose(distinct_id)

    def keep_event(
        self,
        event: Event | TypedEvent,
        props: Properties | None,
        skip_customerio: bool,
        *,
        distinct_id: str | None,
        time: float | datetime | None,
        insert_id: str | None,
        now: bool = False,
    ) -> None:
        """Build an event and keep it."""
        with self.watched("events"):
            super().keep_event(
                event,
                props,
                skip_customerio,
                distinct_id=distinct_id,
                time=time,
                insert_id=insert_id,
                now=now,
            )

    def profile_set(
        self,
        props: Properties,
        meta: Properties | None = None,
        skip_customerio: bool = False,
    ) -> None:
        """Set properties of the user's profile, which is made if there is none."""
        with self.watched("people"):
            super().profile_set(props, meta, skip_customerio)

    def keep(
        self,
        endpoint: str,
        build: Build,
        props: Properties,
        *,
        now: bool = False,
        replicate: Replicate | None = None,
    ) -> None:
        """Build a message and give it to the consumer."""
        attempts = Attempts(build)
        with self.watched(endpoint) as journal:
            before = len(journal.entries)
            super().keep(endpoint, attempts, props, now=now, replicate=replicate)
            mended = tuple(attempts.mended(props))
            for entry in journal.entries[before:]:
                entry.mended = mended
            if len(journal.entries) == before:
                refuse(journal, endpoint, attempts.problem)

    @contextmanager
    def watched(self, endpoint: str) -> Iterator[Journal]:
        """Add to the journal what a call takes, what it tracks and what it raises.

        Args:
            endpoint: Where its messages go; empty for a part of a call.
        """
        journal = self.consumer.journal
        assert journal is not None
        if self.is_watched:  # a call inside of a call
            yield journal
            return
        started, before, self.is_watched = perf_counter(), len(journal.entries), True
        try:
            yield journal
        except Exception as error:
            refuse(journal, endpoint, error)
            raise
        finally:
            self.is_watched = False
            journal.times.seconds += perf_counter() - started
            journal.times.calls += bool(endpoint)
            for entry in journal.entries[before:]:
                entry.is_checked = True


class Attempts:
    """Builds a message, and remembers with which properties it went wrong.

    Attributes:
        problem: What was wrong last.
    """

    def __init__(self, build: Build) -> None:
        self.build = build
        self.problem: Exception | None = None
        self.problems: dict[str, str] = {}
        self.latest: Properties = {}

    def __call__(self, properties: Properties) -> dict[str, Json]:
        """Build a message of properties."""
        self.latest = properties
        try:
            return self.build(properties)
        except InvalidValueError as error:
            self.problem = error
            if len(properties) == 1:
                self.problems.setdefault(name_of(*properties), str(error))
            raise

    def mended(self, props: Properties) -> Iterator[str]:
        """Tell what was cut in the properties, or left out of them."""
        latest = self.latest
        for key, value in props.items() if self.problem else ():
            name = name_of(key)
            if key not in latest:
                yield f"left out: {self.problems.get(name, name)}"
            elif latest[key] is not value:
                yield f"cut: {self.problems.get(name, name)}"


def refuse(journal: Journal, endpoint: str, error: Exception | None) -> None:
    """Note that something was not tracked at all."""
    entry = journal.enter(endpoint, None)
    entry.state, entry.why = State.REFUSED, str(error)
