"""The budget of queries: when a request may be sent without being refused.

Most of it is imported on first use: a client on a local project needs none of it.
https://developer.mixpanel.com/reference/rate-limits
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mixpanel_query.budget.chosen_gate import gate_of, shared_budget
from mixpanel_query.budget.gate import DEFAULT_MAX_WAIT, Gate, OpenGate, Turn

if TYPE_CHECKING:
    from mixpanel_query.budget.budget import Budget
    from mixpanel_query.budget.project_gate import ProjectGate
    from mixpanel_query.budget.status import Allowance, BudgetStatus

__all__ = [
    "DEFAULT_MAX_WAIT",
    "Allowance",
    "Budget",
    "BudgetStatus",
    "Gate",
    "OpenGate",
    "ProjectGate",
    "Turn",
    "gate_of",
    "shared_budget",
]

HOMES = {
    "Allowance": "status",
    "Budget": "budget",
    "BudgetStatus": "status",
    "ProjectGate": "project_gate",
}


def __getattr__(name: str) -> object:
    """Import a name on first use."""
    from importlib import import_module

    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
    globals()[name] = value
    return value
