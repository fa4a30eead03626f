"""Retention: how many users come back, and how long after they began."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from mixpanel_query.breakdowns import breakdown_params
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.expressions import Where, expression_text
from mixpanel_query.names import EventName, name_of
from mixpanel_query.parameters import checked_choice, checked_flag, checked_number
from mixpanel_query.retained_users import Retention, read_retention
from mixpanel_query.window import Window
from mixpanel_query.wire import Flow, QueryRequest

if TYPE_CHECKING:
    from mixpanel_schema import Property

__all__ = ["RetentionType", "RetentionUnit", "ask_retention"]

RetentionType: TypeAlias = Literal["birth", "compounded"]
RetentionUnit: TypeAlias = Literal["day", "week", "month"]

TYPES: Final = ("birth", "compounded")
UNITS: Final = ("day", "week", "month")
MOST_DAYS: Final = 90


def ask_retention(
    window: Window,
    *,
    retention_type: RetentionType,
    born_event: EventName | None,
    event: EventName | None,
    born_where: Where | None,
    where: Where | None,
    interval: int | None,
    interval_count: int | None,
    unit: RetentionUnit | None,
    unbounded_retention: bool,
    on: Property | Where | None,
    limit: int | None,
) -> Flow[Retention]:
    """Count who came back, by when they began.

    https://developer.mixpanel.com/reference/retention-query
    """
    params = {
        "from_date": window.from_date.isoformat(),
        "to_date": window.to_date.isoformat(),
        "retention_type": checked_choice("retention_type", retention_type, TYPES),
        **birth_params(retention_type, born_event, born_where),
        **interval_params(unit, interval),
        **breakdown_params(on, where, limit),
    }
    if event is not None:
        params["event"] = name_of(event)
    if interval_count is not None:
        params["interval_count"] = checked_number("interval_count", interval_count)
    if checked_flag("unbounded_retention", unbounded_retention) == "true":
        params["unbounded_retention"] = "true"
    answer = yield QueryRequest("/api/query/retention", params)
    return read_retention(
        answer,
        retention_type=retention_type,
        unit=unit or "day",
        interval=interval or 1,
        is_broken_down=on is not None,
    )


def birth_params(
    retention_type: str, born_event: EventName | None, born_where: Where | None
) -> dict[str, str]:
    """Return what says how a user begins, which only retention by birth asks.

    Raises:
        InvalidQueryError: If it is missing, or there although nothing asks it.
    """
    if retention_type == "birth":
        if born_event is None:
            problem = "retention_type 'birth' has no born_event to begin with"
            raise InvalidQueryError(
                f"{problem}; give born_event, or retention_type 'compounded'"
            )
        params = {"born_event": name_of(born_event)}
        if born_where is not None:
            params["born_where"] = expression_text("born_where", born_where)
        return params
    given = {"born_event": born_event, "born_where": born_where}
    for name, value in given.items():
        if value is not None:
            problem = f"{name} with retention_type 'compounded', which ignores it"
            instead = name.removeprefix("born_")
            raise InvalidQueryError(
                f"{problem}; give {instead}, or retention_type 'birth'"
            )
    return {}


def interval_params(unit: str | None, interval: int | None) -> dict[str, str]:
    """Return how long an interval is: ``unit`` or ``interval``, or neither.

    Raises:
        InvalidQueryError: If both are given, as an interval alone counts days.
    """
    if unit is not None and interval is not None:
        problem = f"unit {unit!r} and interval {interval} both say how long one is"
        raise InvalidQueryError(f"{problem}; give unit, or interval in days")
    if interval is not None:
        return {"interval": checked_number("interval", interval, most=MOST_DAYS)}
    if unit is not None:
        return {"unit": checked_choice("unit", unit, UNITS)}
    return {}
