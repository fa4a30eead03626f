"""Tells of each batch that arrives, at level INFO of the logger of this module.

Nobody hears it unless logging is set up, as ``mixpanel-query local serve`` does.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable

from mixpanel_query.answers import one_line

__all__ = ["log_batch", "log_refusal", "logger"]

logger = logging.getLogger(__name__)

MOST_NAMES = 5
LONGEST_NAME = 60


def log_batch(
    path: str, noun: str, names: Iterable[str], *, given: int, problems: list[str]
) -> None:
    """Log what became of a batch, in one line.

    Args:
        path: Where it arrived.
        noun: What it holds, such as ``event``.
        names: The name of each record that was kept.
        given: How many records came; what is neither kept nor refused was ignored.
        problems: Why records were refused, one each.
    """
    if not logger.isEnabledFor(logging.INFO):
        return
    counts = Counter(names)
    kept = counts.total()
    parts = [f"{kept:,} {noun}{'' if kept == 1 else 's'}"]
    if counts:
        parts[0] += f": {listed(counts)}"
    if ignored := given - kept - len(problems):
        parts.append(f"{ignored:,} ignored: another token, or $ignore")
    if problems:
        parts.append(f"{len(problems):,} refused: {one_line(problems[0])}")
    logger.info("%s  %s", path, "; ".join(parts))


def log_refusal(path: str, status: int, problem: str) -> None:
    """Log a batch that was refused as a whole."""
    logger.info("%s  refused (%d): %s", path, status, one_line(problem))


def listed(counts: Counter[str]) -> str:
    """Return the commonest names, with how often each came if more than once.

    >>> listed(Counter(["Sign Up", "Purchase", "Purchase"]))
    'Purchase (2), Sign Up'
    """
    # Names come from outside, and may hold signs that steer a terminal.
    shown = [
        one_line(name, limit=LONGEST_NAME) + (f" ({count:,})" if count > 1 else "")
        for name, count in counts.most_common(MOST_NAMES)
    ]
    rest = len(counts) - len(shown)
    return ", ".join(shown) + (f" and {rest:,} more" if rest else "")
