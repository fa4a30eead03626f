"""Which gate requests go through: a budget's, or the open one of a local project."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mixpanel_query.budget.gate import DEFAULT_MAX_WAIT, VARIABLE, Gate, OpenGate
from mixpanel_query.regions import is_loopback
from mixpanel_query.wire import Destination

if TYPE_CHECKING:
    from mixpanel_query.budget.budget import Budget

__all__ = ["gate_of", "shared_budget"]


def shared_budget(
    base_url: str | None,
    *,
    max_wait: float = DEFAULT_MAX_WAIT,
    on_wait: Callable[[float, str], None] | None = None,
) -> Budget | OpenGate:
    """Return the budget of this machine, or none for a server on this machine.

    A local project has no limits; it is asked with a budget all the same where
    ``MIXPANEL_BUDGET_FILE`` is set.

    Args:
        base_url: Address that is asked instead of Mixpanel's, or None.
        max_wait: As a `Budget` has it.
        on_wait: As a `Budget` has it.
    """
    host = urlsplit(base_url or "").hostname or ""
    if is_loopback(host) and not os.environ.get(VARIABLE, "").strip():
        return OpenGate(max_wait, on_wait)
    from mixpanel_query.budget.budget import Budget

    return Budget(max_wait=max_wait, on_wait=on_wait)


def gate_of(budget: Budget | Gate | None, destination: Destination) -> Gate:
    """Return the gate of the requests to a destination.

    Args:
        budget: A budget, or a gate of one's own; None for what `shared_budget` returns.
        destination: Who is asked.
    """
    chosen = shared_budget(destination.base_url) if budget is None else budget
    if isinstance(chosen, OpenGate):
        return chosen
    from mixpanel_query.budget.budget import Budget

    return chosen.gate(destination) if isinstance(chosen, Budget) else chosen
