"""Which names come first: those with the highest counts, and of equals the alphabet.

Where an answer depends on the order of equals, it says so, as Mixpanel documents none.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from mixpanel_query.local.parameters.count_kinds import Kind
from mixpanel_query.local.questions.counting import Counts
from mixpanel_query.local.rules.basis import rests_on

__all__ = ["highest", "ranked"]


def ranked(
    counts: Counts, limit: int, kind: Kind = "general", *, in_order: bool = False
) -> list[str]:
    """Return the names in counts that have the highest sums over time.

    Args:
        counts: The counts.
        limit: The most names to return.
        kind: What is counted; which users or averages are the highest is a guess.
        in_order: Whether the order of the names is a part of the answer, beside which
            of them there are.
    """
    sums: dict[str, float] = {}
    for (name, _), count in counts.items():
        sums[name] = sums.get(name, 0) + count
    if kind != "general" and len(sums) > limit:
        rests_on("limit-of-users")
    return highest(sums, limit, in_order=in_order)


def highest(sums: Mapping[str, float], limit: int, *, in_order: bool) -> list[str]:
    """Return the names that have the highest numbers, the highest first.

    >>> highest({"a": 1, "b": 2, "c": 3}, 2, in_order=True)
    ['c', 'b']
    """
    names = sorted(sums, key=lambda name: (-sums[name], name))
    decided = names[: limit + 1] if in_order else names[limit - 1 : limit + 1]
    if any(sums[name] == sums[other] for name, other in pairwise(decided)):
        rests_on("order-of-ties")
    return names[:limit]
