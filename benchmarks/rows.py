"""A row of the table: what is measured, of ours and of what is beside it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["Beside", "Ratio", "Row", "ratio_of", "row_of"]

# With fewer rounds than these, a spread is all of them, not their middle half.
MANY = 8


@dataclass(frozen=True)
class Beside:
    """What is measured beside ours.

    Args:
        name: A peer, or what cannot be avoided.
        values: What was found, one for each round.
        not_measured: Why there are none.
        at_most: How many times worse we allow ours to be; 0 where nothing is held.
    """

    name: str
    values: Sequence[float] = ()
    not_measured: str = ""
    at_most: float = 0.0


@dataclass(frozen=True)
class Row:
    """What is measured of ours, and of others in the same rounds.

    Args:
        what: What is measured.
        unit: What it is counted in.
        ours: What was found, one for each round.
        beside: The others.
        noise: How many times as long as another one an equal work took, meanwhile.
        more_is_better: As for rows a second; else less is.
        limit: What we hold ours to.
        not_measured: Why there is nothing of ours.
    """

    what: str
    unit: str
    ours: Sequence[float]
    beside: Sequence[Beside] = field(default=())
    noise: float = 1.0
    more_is_better: bool = False
    limit: float | None = None
    not_measured: str = ""

    @property
    def is_held(self) -> bool:
        """Tell whether the limit is kept; what was not measured keeps none."""
        if self.limit is None:
            return True
        if not self.ours:
            return False
        found = statistics.median(self.ours)
        return found >= self.limit if self.more_is_better else found <= self.limit

    def document(self) -> dict[str, Any]:
        """Give what a results file holds of it."""
        return asdict(self)


@dataclass(frozen=True)
class Ratio:
    """How many times better ours is: the median of the rounds, and their spread."""

    median: float
    low: float
    high: float

    def holds(self, at_most: float) -> bool:
        """Tell whether ours is at most so many times worse; 0 holds nothing."""
        return not at_most or self.median * at_most >= 1

    def is_noise(self, noise: float) -> bool:
        """Tell whether it says nothing: within the noise, or on both sides of 1."""
        within = 1 / noise <= self.median <= noise
        return within or self.low <= 1 <= self.high


def row_of(document: dict[str, Any]) -> Row:
    """Read a row of a results file."""
    beside = [Beside(**each) for each in document["beside"]]
    return Row(**{**document, "beside": beside})


def ratio_of(row: Row, other: Beside) -> Ratio | None:
    """Compare round by round; None where a side has nothing, or nothing above 0.

    Where the other side has another number of rounds, its median counts in each.
    """
    ours, theirs = list(row.ours), list(other.values)
    if not ours or not theirs or min(*ours, *theirs) <= 0:
        return None
    if len(ours) != len(theirs):
        theirs = [statistics.median(theirs)] * len(ours)
    pairs = list(zip(ours, theirs, strict=True))
    better = [a / b if row.more_is_better else b / a for a, b in pairs]
    low, high = min(better), max(better)
    if len(better) >= MANY:
        low, _, high = statistics.quantiles(better, n=4, method="inclusive")
    return Ratio(statistics.median(better), low, high)
