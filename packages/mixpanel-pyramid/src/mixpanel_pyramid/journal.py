"""What becomes of each message of a request, for those who want to know.

A test's recorder and the panel of the debug toolbar do. Where nobody does, no journal
is kept, and a request pays for asking whether there is one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import count
from typing import Protocol

from mixpanel_schema.json_values import Json, mapping

__all__ = [
    "ABORTED",
    "COMMITTED",
    "ROLLED_BACK",
    "Entry",
    "Journal",
    "Kept",
    "Listener",
    "State",
    "cause_of",
]

COMMITTED = "its transaction was committed"
ABORTED = "its transaction was rolled back"
ROLLED_BACK = "its transaction was rolled back to a savepoint"
VETOED = "mixpanel.commit_veto said so"
FAILED = "its transaction had failed already"
HELD = "the transaction was begun around the request, and goes on"
NOW = "track_now"
OVER = "the request was over already"
ALONE = "a tracker without a request"
ENDLESS = "a DummyRequest has no end to wait for"

# Orders what left in all requests of the process.
departures = count(1)


class Text(Protocol):
    """A message as text."""

    @property
    def text(self) -> str:
        """What it says, in JSON."""


# What a consumer holds: a message as text, or a recorded one.
Kept = Text | Mapping[str, Json]


class State(Enum):
    """How far a message has come.

    It waits; it waits for nothing but a transaction that was begun around the request,
    as a test does; it left for its destination; it was forgotten; it never was a
    message, because the plan or Mixpanel's rules refuse it.
    """

    WAITS = "waits"
    HELD = "held"
    RELEASED = "released"
    DISCARDED = "discarded"
    REFUSED = "refused"


@dataclass(eq=False, slots=True)
class Entry:
    """One message, or what was to become one.

    Attributes:
        endpoint: Where it goes: ``"events"``, ``"people"``, ``"groups"`` and so on.
        where: The request, such as ``"POST /order"``.
        kept: The message as its consumer holds it; None if it was refused.
        state: How far it has come.
        why: The reason of its state.
        is_checked: Whether it was compared with the plan, as calls of ``api`` are not.
        mended: What was cut in it or left out of it, a sentence each.
        departure: Its place among all that left.
    """

    endpoint: str
    where: str
    kept: Kept | None
    state: State = State.WAITS
    why: str = ""
    is_checked: bool = False
    mended: tuple[str, ...] = ()
    departure: int = 0

    @property
    def document(self) -> Mapping[str, Json]:
        """What it says."""
        if self.kept is None:
            return {}
        if isinstance(self.kept, Mapping):
            return mapping(self.kept["msg"], "msg")
        return mapping(json.loads(self.kept.text), "message")


Listener = Callable[[Entry], None]


@dataclass
class CallTimes:
    """How long the calls of a tracker took.

    Attributes:
        calls: How many they were.
        seconds: How long they took together.
    """

    calls: int = 0
    seconds: float = 0.0


@dataclass(eq=False)
class Journal:
    """What becomes of the messages of one request.

    A subrequest has a journal of its own; as its messages share the fate of those
    around it, all journals of a family find each other's entries.

    Attributes:
        where: The request, such as ``"POST /order"``.
        listeners: Are told of each new entry.
        cause: Why messages leave or vanish, from here on.
        entries: Those of the family, in the order in which they were tracked.
        known: The same, by the identity of the message.
        times: How long the calls of the family took.
    """

    where: str
    listeners: Sequence[Listener] = ()
    cause: str = ""
    entries: list[Entry] = field(default_factory=list)
    known: dict[int, Entry] = field(default_factory=dict)
    times: CallTimes = field(default_factory=CallTimes)

    def inner(self, where: str) -> Journal:
        """Make the journal of a subrequest."""
        return Journal(where, self.listeners, "", self.entries, self.known, self.times)

    def enter(self, endpoint: str, kept: Kept | None, leaves: str = "") -> Entry:
        """Note that a message was tracked, or refused.

        Args:
            endpoint: Where it goes.
            kept: The message; None if it was refused.
            leaves: Why it leaves at once, if it does.
        """
        entry = Entry(endpoint, self.where, kept)
        self.entries.append(entry)
        if kept is not None:
            self.known[id(kept)] = entry
        if leaves:
            self.leave([kept], leaves)
        for listener in self.listeners:
            listener(entry)
        return entry

    def leave(
        self,
        messages: Iterable[object],
        why: str = "",
        committed: Iterable[object] = (),
    ) -> None:
        """Note that messages left for their destination.

        Args:
            messages: The messages.
            why: The reason; by default the present cause.
            committed: Those among them whose transaction was committed.
        """
        sure = {id(message) for message in committed}
        for message in messages:
            reason = COMMITTED if id(message) in sure else why or self.cause
            self.settle(message, State.RELEASED, reason)

    def drop(self, messages: Iterable[object], why: str = "") -> None:
        """Note that messages vanished."""
        for message in messages:
            self.settle(message, State.DISCARDED, why or self.cause)

    def hold(self) -> None:
        """Note that what still waits does so for a transaction begun elsewhere."""
        for entry in self.entries:
            if entry.state is State.WAITS and entry.where == self.where:
                entry.departure = next(departures)
                entry.state, entry.why = State.HELD, HELD

    def settle(self, message: object, state: State, why: str) -> None:
        """Note what became of a message; it stays so."""
        entry = self.known.get(id(message))
        if entry is not None and entry.state in (State.WAITS, State.HELD):
            entry.departure = next(departures)
            entry.state, entry.why = state, why


def cause_of(
    status: int | None,
    handled: BaseException | None,
    raised: BaseException | None,
) -> str:
    """Say why a request's messages leave or vanish.

    Args:
        status: The answer's; None without one, or where it has none.
        handled: What an exception view made the answer out of.
        raised: What nothing handled.

    >>> cause_of(500, ValueError("no seat"), None)
    'the answer was 500, made out of ValueError'
    """
    if raised is not None:
        return f"{type(raised).__name__} was raised"
    if status is None:
        return "the request ended"
    answer = f"the answer was {status}"
    if handled is not None:
        return f"{answer}, made out of {type(handled).__name__}"
    return answer
