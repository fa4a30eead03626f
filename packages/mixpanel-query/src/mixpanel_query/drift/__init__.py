"""Drift: how what really arrives differs from the tracking plan."""

from __future__ import annotations

from mixpanel_query.drift.findings import DRIFT_KINDS, Drift, DriftFinding, DriftKind
from mixpanel_query.drift.measuring import DriftCost, cost_of_drift, find_drift

__all__ = [
    "DRIFT_KINDS",
    "Drift",
    "DriftCost",
    "DriftFinding",
    "DriftKind",
    "cost_of_drift",
    "find_drift",
]
