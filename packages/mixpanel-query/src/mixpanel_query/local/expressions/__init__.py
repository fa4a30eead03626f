"""The language of ``where`` and ``on``: read, and made into what gives a value.

The grammar and the rules of types are Mixpanel's; what its page leaves open is said
where it is decided: https://developer.mixpanel.com/reference/segmentation-expressions
"""

from __future__ import annotations

from mixpanel_query.local.expressions.grammar import Accessor, Comparison
from mixpanel_query.local.expressions.meaning import (
    Expression,
    both,
    is_met,
    read_expression,
)
from mixpanel_query.local.expressions.values import UNDEFINED, Value, value_text

__all__ = [
    "UNDEFINED",
    "Accessor",
    "Comparison",
    "Expression",
    "Value",
    "both",
    "is_met",
    "read_expression",
    "value_text",
]
