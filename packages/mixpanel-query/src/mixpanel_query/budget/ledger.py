"""The ledger of one project: its calls, and when the next one may begin.

No I/O happens here, and the clock is an argument. Times are seconds since 1970, as
`time.time` counts them.

A call counts until a span, mostly an hour, after its *answer*: Mixpanel may have
begun to count at any moment before. A call without an answer counts all along.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mixpanel_query.budget.rules import BITS, RULES
from mixpanel_query.wire import Limit

__all__ = ["Call", "Hold", "Standing", "Wait", "first_wait", "standing"]

# Nobody knows when a place is given back; asking is cheap.
PLACE_POLL = 0.1


class Call(NamedTuple):
    """One call.

    Attributes:
        started: When it was sent.
        ended: When its answer was there; 0 while it is under way.
        holder: Number of the open file of the process that sent it.
        mask: The limits that it counts against, as bits; 0 in a record never used.
    """

    started: float
    ended: float
    holder: int
    mask: int


class Hold(NamedTuple):
    """What Mixpanel's last 429 said about one limit.

    Attributes:
        since: When it came.
        seconds: How long nobody may ask.
        outside: How many calls others made, on other machines. Their times are
            unknown; they are taken to be spread evenly over the span before.
    """

    since: float = 0.0
    seconds: float = 0.0
    outside: float = 0.0


class Wait(NamedTuple):
    """Why a request may not be sent now.

    Attributes:
        seconds: How long at least.
        reason: What there is too much of, and when that changes.
        is_known: Whether waiting so long is all, rather than time to look again.
    """

    seconds: float
    reason: str
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """How one limit stands.

    Attributes:
        limit: Which one.
        under_way: How many calls from here have no answer yet.
        outside: How many calls of others are taken to count still.
        freed: When each call that counts stops to count, the first one first; for a
            call under way, the soonest that it may be.
        hold_ends: Until when Mixpanel wants nobody to ask.
        starts: When the calls of the last second began.
    """

    limit: Limit
    under_way: int
    outside: int
    freed: Sequence[float]
    hold_ends: float
    starts: Sequence[float]

    @property
    def used(self) -> int:
        """How many calls count."""
        return len(self.freed)


def standing(limit: Limit, calls: Iterable[Call], hold: Hold, now: float) -> Standing:
    """Return how a limit stands.

    >>> calls = [Call(10.0, 12.0, 1, BITS["query"]), Call(50.0, 0.0, 1, BITS["query"])]
    >>> found = standing("query", calls, Hold(), now=100.0)
    >>> found.used, found.under_way, found.freed
    (2, 1, [3612.0, 3700.0])
    """
    bit, span = BITS[limit], RULES[limit].seconds
    oldest, under_way, freed, starts = now - span, 0, [], []
    for started, ended, _, mask in calls:
        if not mask & bit:
            continue
        if started > now - 1:
            starts.append(started)
        if not ended:
            under_way += 1
            freed.append(now + span)
        elif ended > oldest:
            freed.append(ended + span)
    others = outside_freed(hold, span, now)
    return Standing(
        limit,
        under_way,
        len(others),
        sorted([*freed, *others]),
        hold.since + hold.seconds,
        starts,
    )


def outside_freed(hold: Hold, span: float, now: float) -> list[float]:
    """Return when the calls of others stop to count, those that count still."""
    number = int(hold.outside)
    ends = [hold.since + span * (place + 1) / number for place in range(number)]
    return [end for end in ends if end > now]


def first_wait(found: Standing, now: float) -> Wait | None:
    """Return why a limit makes a request wait; None if it does not.

    >>> first_wait(standing("query", [], Hold(90.0, 30.0), now=100.0), 100.0)
    Wait(seconds=20.0, reason='Mixpanel asked to wait', is_known=True)
    """
    rule = RULES[found.limit]
    if found.hold_ends > now:
        return Wait(found.hold_ends - now, "Mixpanel asked to wait")
    if found.used >= rule.count:
        seconds = found.freed[found.used - rule.count] - now
        span = "the last hour" if rule.seconds > 60 else "the last minute"
        said = f"{found.used} of {rule.count} {rule.noun} of {span} are used"
        if found.outside:
            said += f", about {found.outside} of them on other machines"
        return Wait(seconds, said)
    if rule.at_once is not None and found.under_way >= rule.at_once:
        said = f"{found.under_way} of {rule.at_once} {rule.noun} are under way"
        return Wait(PLACE_POLL, said, is_known=False)
    if rule.a_second is not None and len(found.starts) >= rule.a_second:
        seconds = sorted(found.starts)[-rule.a_second] + 1 - now
        return Wait(seconds, f"{rule.a_second} {rule.noun} began within a second")
    return None
