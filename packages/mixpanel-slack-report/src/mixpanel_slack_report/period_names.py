"""The names of the periods, apart from their days, as loading zones takes time."""

from __future__ import annotations

__all__ = ["PERIODS"]

PERIODS = ("daily", "weekly", "biweekly", "monthly", "custom")
