"""What expressions look at in each event, as columns of a query and as values again.

A query has the JSON of properties in the lists ``own``, of the event, and ``theirs``,
of its user's profile. A column is one JSON text: a list of the JSON of the properties,
and of what comparisons with constants give, which DuckDB makes by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import msgspec

from mixpanel_query.local.engine.kept_json import pointer, property_value
from mixpanel_query.local.expressions import Accessor, Comparison, Value
from mixpanel_query.local.expressions.operators import is_defined
from mixpanel_query.local.expressions.values import kind_of
from mixpanel_query.local.questions.seen_properties import (
    in_seconds,
    is_time,
)

__all__ = ["Looking", "values_seen"]

Looked: TypeAlias = Accessor | Comparison

LISTS: Final = {"properties": "own", "user": "theirs"}
decode = msgspec.json.Decoder(list[str | None]).decode


class Looking:
    """Makes the columns of one query, and collects what the query is given for them."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, int]] = {name: {} for name in LISTS}
        self._constants: list[object] = []

    @property
    def parameters(self) -> dict[str, object]:
        """What the query is given: the pointers of both lists, and constants."""
        return {
            **{name: list(places) for name, places in self._places.items()},
            **{f"constant_{at}": each for at, each in enumerate(self._constants)},
        }

    @property
    def looks_at_users(self) -> bool:
        """Whether profiles are looked at."""
        return bool(self._places["user"])

    def column(self, looked: Sequence[Looked]) -> str:
        """Return the column with what is looked at."""
        texts = [self.text(each) for each in looked]
        return f"to_json([{', '.join(texts)}]::VARCHAR[])::VARCHAR"

    def text(self, looked: Looked) -> str:
        """Return the JSON of one value; for a time, its milliseconds.

        Whether a value is defined is ``null`` for null, which is a guess.
        """
        if isinstance(looked, Comparison):
            compared = f"({self.comparison(looked)})::VARCHAR"
            if looked.sign != "defined":
                return compared
            is_null = f"{self.text(looked.accessor)} = 'null'"
            return f"CASE WHEN {is_null} THEN 'null' ELSE {compared} END"
        if is_time(looked):
            return "time_ms::VARCHAR"
        places = self._places[looked.subject]
        place = places.setdefault(pointer(looked.name), len(places) + 1)
        return f"{LISTS[looked.subject]}[{place}]"

    def comparison(self, looked: Comparison) -> str:
        """Return a comparison that is true, false, or NULL for undefined."""
        text, number = self.text(looked.accessor), self.number(looked.accessor)
        if looked.sign == "defined":
            is_number = f"TRY_CAST({text} AS DOUBLE) IS NOT NULL"
            has_number = f"NOT {is_number} OR {number} IS NOT NULL"
            return f"{text} IS NOT NULL AND {text} <> 'null' AND ({has_number})"
        if looked.sign not in ("==", "!=", "in"):
            return f"{number} {looked.sign} {self.constant(looked.constants[0])}"
        equal = " OR ".join(
            f"{number} = {self.constant(each)}"
            if kind_of(each) == "number"
            else f"{text} = {self.constant(each)}"
            for each in looked.constants
        )
        return f"{'NOT ' if looked.sign == '!=' else ''}coalesce({equal}, false)"

    def number(self, accessor: Accessor) -> str:
        """Return a property as a number; NULL if it is none, or no float holds it."""
        if is_time(accessor):
            whole = accessor.subject == "properties"
            return "(time_ms // 1000)" if whole else "(time_ms::DOUBLE / 1000)"
        number = f"TRY_CAST({self.text(accessor)} AS DOUBLE)"
        return f"CASE WHEN isfinite({number}) THEN {number} END"

    def constant(self, value: str | bool | int | float) -> str:
        """Return a constant: a number as one, and anything else as JSON."""
        is_number = kind_of(value) == "number"
        self._constants.append(float(value) if is_number else value)
        given = f"$constant_{len(self._constants) - 1}"
        return f"{given}::DOUBLE" if is_number else f"to_json({given})::VARCHAR"


def values_seen(looked: Sequence[Looked], seen: str) -> dict[Looked, Value]:
    """Return what was looked at, by the text of a column; undefined is left out."""
    found: dict[Looked, Value] = {}
    for each, text in zip(looked, decode(seen), strict=True):
        if text is None:
            continue
        if isinstance(each, Comparison):
            found[each] = is_defined(None) if text == "null" else text == "true"
        elif is_time(each):
            found[each] = in_seconds(each, int(text))
        else:
            found[each] = property_value(text)
    return found
