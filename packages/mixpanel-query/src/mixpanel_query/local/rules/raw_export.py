"""Rules of the raw export."""

from __future__ import annotations

from typing import Final

from mixpanel_query.local.rules.rule import REFERENCE, Rule

__all__ = ["RAW_EXPORT"]

RAW_EXPORT: Final = (
    Rule(
        "export",
        "documented",
        "/export gives the events of UTC days, one JSON document a line, with every "
        "repeat, and in no order that is promised; bodies above 1,400 bytes are "
        "gzipped for who accepts that.",
        f"{REFERENCE}raw-event-export",
    ),
)
