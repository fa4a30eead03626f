"""What the text of a 429 says of the calls that Mixpanel counted.

No documentation says how it is written. Clients have seen: ``Query rate limit
exceeded for project_id: N. 1/5 queries running concurrently and 61/60 queries
running in the last hour.`` Projects may have other numbers than 5 and 60.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

__all__ = ["Counted", "read_limit_text"]

HOUR: Final = re.compile(r"(\d{1,6})/(\d{1,6}) queries running in the last hour")


class Counted(NamedTuple):
    """What Mixpanel counted in the last hour.

    Attributes:
        used: Calls of everybody, the refused one included.
        allowed: Calls that the project has an hour.
    """

    used: int
    allowed: int


def read_limit_text(body: str) -> Counted | None:
    """Return how many calls of the last hour a 429 counted; None if it does not say.

    >>> read_limit_text("1/5 queries running concurrently and "
    ...     "61/60 queries running in the last hour.")
    Counted(used=61, allowed=60)
    >>> read_limit_text("too many export requests in progress for this project")
    """
    found = HOUR.search(body)
    return Counted(int(found[1]), int(found[2])) if found else None
