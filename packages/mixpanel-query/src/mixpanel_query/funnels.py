"""Funnels: how many users took the steps of a saved funnel, one after another.

Mixpanel keeps both endpoints in maintenance mode; the Insights API, for reports that
were saved, is the successor: https://developer.mixpanel.com/reference/insights-query
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from mixpanel_query.answer_fields import AnswerFields
from mixpanel_query.breakdowns import breakdown_params
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.expressions import Where
from mixpanel_query.funnel_steps import Funnel, read_funnel
from mixpanel_query.parameters import checked_choice, checked_number
from mixpanel_query.records import Records
from mixpanel_query.window import Window
from mixpanel_query.wire import Flow, QueryRequest

if TYPE_CHECKING:
    from mixpanel_schema import Property

__all__ = ["LengthUnit", "SavedFunnel", "ask_funnel", "list_funnels"]

LengthUnit: TypeAlias = Literal["day", "hour", "minute", "second"]

# How many of each are 90 days; nobody may take longer.
MOST_LENGTHS: Final[dict[str, int]] = {
    "day": 90,
    "hour": 90 * 24,
    "minute": 90 * 24 * 60,
    "second": 90 * 24 * 60 * 60,
}
UNITS: Final = ("day", "week", "month")
MOST_SEGMENTS: Final = 10_000


@dataclass(frozen=True, slots=True)
class SavedFunnel:
    """A funnel that somebody saved.

    Attributes:
        funnel_id: Its number, for ``funnel``.
        name: Its name.

    >>> SavedFunnel(7509, "Signup funnel").to_dict()
    {'funnel_id': 7509, 'name': 'Signup funnel'}
    """

    funnel_id: int
    name: str

    def to_dict(self) -> dict[str, object]:
        """Return the fields under their names."""
        return {"funnel_id": self.funnel_id, "name": self.name}


def list_funnels() -> Flow[Records[SavedFunnel]]:
    """List the funnels of a project.

    https://developer.mixpanel.com/reference/funnels-list-saved
    """
    answer = yield QueryRequest("/api/query/funnels/list")
    if not isinstance(answer.body, list):
        raise answer.unreadable("not a list of funnels")
    found = [AnswerFields(answer, "a funnel", document) for document in answer.body]
    return Records(
        SavedFunnel(fields.whole("funnel_id"), fields.text("name")) for fields in found
    )


def ask_funnel(
    funnel_id: int,
    window: Window,
    *,
    length: int | None,
    length_unit: LengthUnit | None,
    interval: int | None,
    unit: Literal["day", "week", "month"] | None,
    on: Property | Where | None,
    where: Where | None,
    limit: int | None,
) -> Flow[Funnel]:
    """Count who took the steps of a saved funnel.

    https://developer.mixpanel.com/reference/funnels-query

    >>> flow = ask_funnel(
    ...     7509, Window.of("2026-11-09", "2026-11-15"), length=None, length_unit=None,
    ...     interval=7, unit=None, on=None, where=None, limit=None,
    ... )
    >>> next(flow).params["interval"]
    '7'
    """
    params = {
        "funnel_id": checked_number("funnel_id", funnel_id),
        "from_date": window.from_date.isoformat(),
        "to_date": window.to_date.isoformat(),
        **length_params(length, length_unit),
        **bucket_params(unit, interval),
        **breakdown_params(on, where, limit, most=MOST_SEGMENTS),
    }
    answer = yield QueryRequest("/api/query/funnels", params)
    return read_funnel(
        answer,
        funnel_id,
        unit=unit or "day",
        interval=interval or 1,
        is_broken_down=on is not None,
    )


def length_params(length: int | None, unit: LengthUnit | None) -> dict[str, str]:
    """Return how long a user may take from the first step to the last.

    What is left out is as it was saved with the funnel.
    """
    params = {}
    if length is not None:
        most = MOST_LENGTHS.get(unit) if unit is not None else None
        params["length"] = checked_number("length", length, most=most)
    if unit is not None:
        params["length_unit"] = checked_choice("length_unit", unit, tuple(MOST_LENGTHS))
    return params


def bucket_params(unit: str | None, interval: int | None) -> dict[str, str]:
    """Return the length of a bucket: ``unit`` or ``interval``, or neither."""
    if unit is not None and interval is not None:
        problem = f"unit {unit!r} and interval {interval} both say how long a bucket is"
        raise InvalidQueryError(f"{problem}; give one of them")
    if interval is not None:
        return {"interval": checked_number("interval", interval)}
    if unit is not None:
        return {"unit": checked_choice("unit", unit, UNITS)}
    return {}
