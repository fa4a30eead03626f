"""The budget of queries: when a request may be sent without being refused.

https://developer.mixpanel.com/reference/rate-limits
"""

from __future__ import annotations

from mixpanel_query.budget.budget import Budget, gate_of, shared_budget
from mixpanel_query.budget.gate import DEFAULT_MAX_WAIT, Gate, OpenGate, Turn
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
