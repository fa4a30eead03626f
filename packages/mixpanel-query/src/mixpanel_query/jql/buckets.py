"""Buckets of numbers and of time, and text read as numbers."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Final

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.jql.accessors import Accessor, accessor_part
from mixpanel_query.jql.parts import NumericBucket, TimeBuckets, ToNumber

__all__ = [
    "annual_time_buckets",
    "checked_number",
    "daily_time_buckets",
    "monthly_time_buckets",
    "numeric_bucket",
    "quarterly_time_buckets",
    "to_number",
    "weekly_time_buckets",
]

daily_time_buckets: Final = TimeBuckets("daily_time_buckets")
weekly_time_buckets: Final = TimeBuckets("weekly_time_buckets")
monthly_time_buckets: Final = TimeBuckets("monthly_time_buckets")
quarterly_time_buckets: Final = TimeBuckets("quarterly_time_buckets")
annual_time_buckets: Final = TimeBuckets("annual_time_buckets")


def numeric_bucket(
    accessor: Accessor,
    boundaries: Iterable[float] | TimeBuckets | None = None,
    *,
    bucket_size: float | None = None,
    offset: float | None = None,
) -> NumericBucket:
    """Put numbers into buckets; the lower boundary stands for each.

    Args:
        accessor: The number.
        boundaries: Where buckets begin, in ascending order, the last one open at its
            end; or one of the constants such as `daily_time_buckets`, for ``"time"``.
        bucket_size: Instead of boundaries, how wide all buckets are.
        offset: Where one of those begins; 0, where left out.

    Raises:
        InvalidQueryError: If the buckets are none.

    >>> numeric_bucket("properties.age", [0, 18, 65]).buckets
    (0, 18, 65)
    """
    part = accessor_part(accessor)
    if (boundaries is None) == (bucket_size is None):
        problem = "numeric_bucket takes boundaries or bucket_size"
        raise InvalidQueryError(f"{problem}; give one of the two")
    if bucket_size is not None:
        if not checked_number("bucket_size", bucket_size) > 0:
            problem = f"bucket_size {bucket_size} is not positive"
            raise InvalidQueryError(f"{problem}; give a width")
        sizes = [("bucket_size", bucket_size)]
        if offset is not None:
            sizes.append(("offset", checked_number("offset", offset)))
        return NumericBucket(part, tuple(sizes))
    if offset is not None:
        problem = f"offset {offset} goes with bucket_size only"
        raise InvalidQueryError(f"{problem}; leave it out")
    if isinstance(boundaries, TimeBuckets):
        return NumericBucket(part, boundaries)
    bounds = tuple(checked_number("boundary", each) for each in boundaries or ())
    if not bounds or list(bounds) != sorted(set(bounds)):
        problem = f"boundaries {list(bounds)} do not ascend"
        raise InvalidQueryError(f"{problem}; give where each bucket begins, in order")
    return NumericBucket(part, bounds)


def to_number(accessor: Accessor) -> ToNumber:
    """Read text as a number; what is none becomes undefined.

    >>> to_number("properties.age").accessor
    Path(text='properties.age')
    """
    return ToNumber(accessor_part(accessor))


def checked_number(name: str, given: float) -> float:
    """Return a number that JavaScript can hold."""
    if isinstance(given, bool) or not isinstance(given, (int, float)):
        raise InvalidQueryError(f"{name} {given!r} is no number; give one")
    if not isfinite(given):
        raise InvalidQueryError(f"{name} {given} is not finite; give a number that is")
    return given
