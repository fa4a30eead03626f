"""What became of each record that arrived: kept, changed, ignored or refused."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

__all__ = ["MOST_VERDICTS", "Outcome", "Verdict", "Verdicts"]

MOST_VERDICTS = 1000

Outcome: TypeAlias = Literal["kept", "changed", "ignored", "refused"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one record of a request.

    Attributes:
        time: When it arrived, by the project's clock.
        path: Where it arrived, such as ``/track``.
        index: Its place in the request, from 0.
        kind: ``event``, ``profile``, ``group`` or ``customer``.
        name: Name of the event, or the operation of an update.
        distinct_id: Whose event or profile it is; empty for nobody.
        outcome: ``kept`` as it came; ``changed``, as Mixpanel does without a word;
            ``ignored``, without a word either; or ``refused``.
        problems: What is wrong with it, or was changed, one sentence each.
        properties: JSON text of what was kept; empty if nothing was.
        number: 1 for the first record since the project was made.
    """

    time: datetime
    path: str
    index: int
    kind: str
    name: str
    distinct_id: str
    outcome: Outcome
    problems: tuple[str, ...] = ()
    properties: str = ""
    number: int = 0

    def as_json(self) -> dict[str, object]:
        """Return what JSON says of it."""
        return {
            "number": self.number,
            "time": self.time.isoformat(),
            "path": self.path,
            "index": self.index,
            "kind": self.kind,
            "name": self.name,
            "distinct_id": self.distinct_id,
            "outcome": self.outcome,
            "problems": list(self.problems),
            "properties": self.properties,
        }


class Verdicts(Sequence[Verdict]):
    """The verdicts on the latest 1,000 records, the first first; for any thread."""

    def __init__(self, most: int = MOST_VERDICTS) -> None:
        self._verdicts: deque[Verdict] = deque(maxlen=most)
        self._last = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._verdicts)

    def __iter__(self) -> Iterator[Verdict]:
        with self._lock:
            return iter(list(self._verdicts))

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401 - an int or a slice
        return list(self)[index]

    def __repr__(self) -> str:
        return f"<Verdicts on {len(self)} records>"

    def add(self, verdicts: Iterable[Verdict], *, unseen: int = 0) -> None:
        """Add new verdicts, which get their numbers here.

        Args:
            verdicts: Of the records of a request, in their order.
            unseen: How many records came before them that nobody will look at.
        """
        with self._lock:
            self._last += unseen
            for verdict in verdicts:
                self._last += 1
                # A copy of each would take longer than all the rest.
                object.__setattr__(verdict, "number", self._last)
                self._verdicts.append(verdict)

    def after(self, number: int) -> list[Verdict]:
        """Return those with a greater number."""
        return [verdict for verdict in self if verdict.number > number]

    def clear(self) -> None:
        """Forget all; the numbers go on."""
        with self._lock:
            self._verdicts.clear()
