"""What narrows a report, or breaks it down: ``where``, ``on`` and ``limit``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.expressions import Where, breakdown_text, expression_text
from mixpanel_query.parameters import checked_number

if TYPE_CHECKING:
    from mixpanel_schema import Property

__all__ = ["breakdown_params"]


def breakdown_params(
    on: Property | Where | None,
    where: Where | None,
    limit: int | None,
    *,
    most: int | None = None,
) -> dict[str, str]:
    """Return ``on``, ``where`` and ``limit`` as they are sent, where they are given.

    Args:
        on: A property, or an expression.
        where: An expression.
        limit: How many segments at most.
        most: The highest limit that Mixpanel takes; None if it names none.

    Raises:
        InvalidQueryError: If one cannot be right, or ``limit`` has no ``on``.

    >>> breakdown_params('properties["plan"]', None, 5)
    {'on': 'properties["plan"]', 'limit': '5'}
    """
    params = {}
    if on is not None:
        params["on"] = breakdown_text(on)
    if where is not None:
        params["where"] = expression_text("where", where)
    if limit is not None:
        if on is None:
            problem = f"limit {limit} counts segments, and there are none"
            raise InvalidQueryError(f"{problem}; give on, or leave limit out")
        params["limit"] = checked_number("limit", limit, most=most)
    return params
