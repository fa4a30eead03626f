"""What is left of a budget, as a result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import ClassVar

from mixpanel_query.budget.ledger import Standing
from mixpanel_query.budget.rules import RULES
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.tables import Tabular
from mixpanel_query.wire import Limit

__all__ = ["Allowance", "BudgetStatus", "allowances"]


@dataclass(frozen=True, slots=True)
class Allowance:
    """How one limit of a project stands, as far as this machine can tell.

    Attributes:
        limit: ``query``, ``jql``, ``export`` or ``lexicon``. A JQL request counts
            against ``query`` too.
        allowed: How many requests Mixpanel allows in ``seconds``.
        seconds: Length of the rolling span in which they count.
        used: How many count now: those under way, those answered within the span, and
            those of other machines.
        left: How many may be sent before one has to wait.
        under_way: How many were sent from this machine and have no answer yet.
        at_once: How many may be under way; None for any number.
        outside: How many of the used are taken to be other machines', from what
            Mixpanel said when it last refused one.
        next_freed: When the next one stops to count, in UTC; None if none counts. For
            one that is under way, the soonest that it may be.
        held_until: Until when Mixpanel asked not to be asked, in UTC; None if it did
            not.
    """

    limit: Limit
    allowed: int
    seconds: float
    used: int
    left: int
    under_way: int
    at_once: int | None
    outside: int
    next_freed: datetime | None
    held_until: datetime | None


@dataclass(frozen=True, slots=True)
class BudgetStatus(Tabular):
    """What is left of the budget of a project, as far as this machine can tell.

    It cannot see what other machines ask, nor what is asked in Mixpanel's own pages,
    until Mixpanel refuses something.

    Attributes:
        allowances: How each limit stands; none where there are no limits.
        file: Path of the file that the processes of this machine share; None where
            only this process is counted.
    """

    columns: ClassVar[tuple[str, ...]] = tuple(Allowance.__dataclass_fields__)

    allowances: tuple[Allowance, ...]
    file: str | None

    def allowance(self, limit: Limit) -> Allowance:
        """Return how one limit stands.

        Raises:
            InvalidQueryError: If there is no such limit, as on a local project.
        """
        for found in self.allowances:
            if found.limit == limit:
                return found
        allowed = ", ".join(found.limit for found in self.allowances) or "none here"
        raise InvalidQueryError(f"limit {limit!r} is unknown; choose one of {allowed}")

    def to_dicts(self) -> list[dict[str, object]]:
        """Return a row a limit: the attributes of an `Allowance`."""
        return [
            {name: getattr(found, name) for name in self.columns}
            for found in self.allowances
        ]


def allowances(standings: list[Standing], now: float) -> tuple[Allowance, ...]:
    """Return how the limits stand, as results."""
    left = {
        found.limit: max(0, RULES[found.limit].count - found.used)
        for found in standings
    }
    # A JQL request counts against the queries too.
    left["jql"] = min(left["jql"], left["query"])
    return tuple(
        Allowance(
            limit=found.limit,
            allowed=RULES[found.limit].count,
            seconds=RULES[found.limit].seconds,
            used=found.used,
            left=left[found.limit],
            under_way=found.under_way,
            at_once=RULES[found.limit].at_once,
            outside=found.outside,
            next_freed=moment(found.freed[0]) if found.freed else None,
            held_until=moment(found.hold_ends) if found.hold_ends > now else None,
        )
        for found in standings
    )


def moment(seconds: float) -> datetime:
    """Return a time of the ledger as a datetime in UTC."""
    return datetime.fromtimestamp(seconds, timezone.utc)
