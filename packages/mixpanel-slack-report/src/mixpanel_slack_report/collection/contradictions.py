"""What two answers contradict each other about is not shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from mixpanel_slack_report.collection.readings import Reading, Side
from mixpanel_slack_report.metrics import Number

__all__ = ["without_contradictions"]


def without_contradictions(
    totals: Mapping[str, Reading], users: Mapping[str, Reading]
) -> tuple[dict[str, Reading], dict[str, Reading]]:
    """Take away what two answers contradict each other about.

    An event that happened has users, unless none of it carries a distinct id, and then
    its users are not known. An event that users did cannot have happened 0 times; where
    the totals say so, none of their zeros in that window is trusted.

    Args:
        totals: How often each event happened.
        users: How many users did some of them.
    """
    totals, users = dict(totals), dict(users)
    sides: tuple[Side, Side] = ("value", "previous")
    for side in sides:
        false_zero = ""
        for event, reading in users.items():
            total, count = totals[event].number(side), reading.number(side)
            if total == 0 and count:
                false_zero = f"Mixpanel counted users of {event!r}, but 0 events"
                totals[event] = totals[event].without(side, false_zero)
                users[event] = reading.without(side, false_zero)
            elif total and count == 0:
                reason = f"Mixpanel counted {event!r}, but 0 users of it"
                users[event] = reading.without(side, reason)
        if false_zero:
            totals |= {
                event: reading.without(side, false_zero)
                for event, reading in totals.items()
                if reading.number(side) == 0
            }
    for event, reading in users.items():
        trends = agreeing_trends(totals[event].trend, reading.trend)
        totals[event] = replace(totals[event], trend=trends[0])
        users[event] = replace(reading, trend=trends[1])
    return totals, users


def agreeing_trends(
    totals: tuple[Number | None, ...], users: tuple[Number | None, ...]
) -> tuple[tuple[Number | None, ...], tuple[Number | None, ...]]:
    """Take away the windows of two trends that contradict each other.

    >>> agreeing_trends((0, 5, None), (2, 0, 3))
    ((None, 5, None), (None, None, 3))
    """
    if len(totals) != len(users):
        return totals, users
    agreed = [agreeing_numbers(*pair) for pair in zip(totals, users, strict=True)]
    return tuple(total for total, _ in agreed), tuple(count for _, count in agreed)


def agreeing_numbers(
    total: Number | None, users: Number | None
) -> tuple[Number | None, Number | None]:
    """Take away a total of 0 that had users, and users of which there are none."""
    if total == 0 and users:
        return None, None
    return (total, None) if total and users == 0 else (total, users)
