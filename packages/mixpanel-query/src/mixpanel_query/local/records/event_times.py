"""Times of records, which come in seconds or in milliseconds."""

from __future__ import annotations

import math

__all__ = ["time_in_ms"]

LEAST_MS = 100_000_000_000


def time_in_ms(value: object) -> int | None:
    """Return epoch seconds or milliseconds as milliseconds; None if it is neither.

    Numbers from 100,000,000,000 on are milliseconds.

    >>> time_in_ms(1600000000), time_in_ms(1600000000123), time_in_ms(1600000000.5)
    (1600000000000, 1600000000123, 1600000000500)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # The bound also turns away infinity, which JSON writes as 1e999.
    if not 0 <= value < 253_402_300_800_000:
        return None
    # Rounding up could lead into the next day. The thousandth makes up for what a
    # float loses, as 1.001 * 1000 is a little less than 1001.
    return math.floor((value if value >= LEAST_MS else value * 1000) + 0.001)
