"""Rate limits of a local project, which are off until they are asked for.

https://docs.mixpanel.com/docs/reference/rate-limits
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from mixpanel_query.local.exceptions import LocalProjectError
from mixpanel_query.local.settings import Clock

__all__ = [
    "EXPORT_REFUSED",
    "TOO_MANY_UPDATED",
    "Limits",
    "RateLimits",
    "family_of",
    "query_refused",
]

HOUR = 3600.0
MINUTE = 60.0
# "under 4000" events and properties a minute.
TOO_MANY_UPDATED = 4000
EXPORT_REFUSED = "too many export requests in progress for this project"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a project lets through; None is no limit.

    Attributes:
        per_hour: Questions in any 60 minutes, exports in the same, and scripts of JQL,
            which count as questions too.
        concurrent: Questions at once.
        exports_per_second: Exports that may begin in any second.
        exports_at_once: Exports at once.
        lexicon_per_minute: Requests to Lexicon in any minute, which then may update
            fewer than 4,000 events and properties, too.
    """

    per_hour: int | None = 60
    concurrent: int | None = 5
    exports_per_second: int | None = 3
    exports_at_once: int | None = 100
    lexicon_per_minute: int | None = 5


NO_LIMITS = Limits(None, None, None, None, None)


@dataclass(slots=True)
class Family:
    """What is counted of one kind of requests."""

    hour: deque[float] = field(default_factory=deque)
    second: deque[float] = field(default_factory=deque)
    running: int = 0


class RateLimits:
    """Counts the questions to a project; any thread may use it.

    The hour is that of the project's clock, so that a test can let it pass; a second
    is one of this machine. What was refused does not count.

    Args:
        clock: Says what time it is in the project.
        seconds: Counts real seconds.
    """

    def __init__(
        self, clock: Clock, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._seconds = seconds
        self._lock = threading.Lock()
        # When a request to Lexicon was made, and what it updated.
        self._lexicon: list[tuple[float, int]] = []
        self.off()

    def __call__(
        self,
        *,
        per_hour: int | None = 60,
        concurrent: int | None = 5,
        exports_per_second: int | None = 3,
        exports_at_once: int | None = 100,
        lexicon_per_minute: int | None = 5,
    ) -> None:
        """Switch limits on, the documented ones unless others are given.

        `Limits` says what each means; None is no limit. Counting begins anew.

        Raises:
            LocalProjectError: If one is no number from 1 on.
        """
        limits = Limits(
            per_hour,
            concurrent,
            exports_per_second,
            exports_at_once,
            lexicon_per_minute,
        )
        for name in Limits.__slots__:
            given = getattr(limits, name)
            if given is not None and (type(given) is not int or given < 1):
                raise LocalProjectError(
                    f"{name} is {str(given)[:40]!r}; give 1 or more, or None"
                )
        self._start(limits)

    @property
    def now(self) -> Limits:
        """The limits that are on."""
        return self._limits

    def off(self) -> None:
        """Switch all limits off, as they are in the beginning."""
        self._start(NO_LIMITS)

    def enter(self, family: str, project: str) -> str | Callable[[], None]:
        """Let a request in, and return what lets it out, or the error if it is refused.

        Args:
            family: ``query``, ``jql`` or ``export``.
            project: The number of the project, for the error.
        """
        if self._limits == NO_LIMITS:
            return lambda: None
        hour, second = self._clock().timestamp(), self._seconds()
        with self._lock:
            problem = self._problem(family, project, hour, second)
            if problem:
                return problem
            entered = [self._families[name] for name in counted_as(family)]
            for each in entered:
                each.running += 1
                if self._limits.per_hour is not None:
                    each.hour.append(hour)
                if self._limits.exports_per_second is not None:
                    each.second.append(second)

        def leave() -> None:
            with self._lock:
                for each in entered:
                    each.running -= 1

        return leave

    def take_schemas(self, size: int) -> str | None:
        """Count a request to Lexicon, and return the error if it is one too many.

        Args:
            size: How many events and properties it updates.
        """
        most = self._limits.lexicon_per_minute
        if most is None:
            return None
        now = self._clock().timestamp()
        with self._lock:
            recent = [each for each in self._lexicon if 0 <= now - each[0] < MINUTE]
            updated = size + sum(each for _, each in recent)
            if len(recent) >= most:
                return f"{most} requests to Lexicon were made within a minute; wait"
            if updated >= TOO_MANY_UPDATED:
                problem = f"{updated} events and properties within a minute"
                return f"{problem}; Lexicon takes fewer than {TOO_MANY_UPDATED}: wait"
            self._lexicon = [*recent, (now, size)]
        return None

    def _start(self, limits: Limits) -> None:
        with self._lock:
            self._limits = limits
            self._lexicon = []
            self._families = {name: Family() for name in ("query", "jql", "export")}

    def _problem(
        self, family: str, project: str, hour: float, second: float
    ) -> str | None:
        """Return why a request is refused."""
        limits = self._limits
        for name in counted_as(family):
            found = self._families[name]
            forget(found, hour, second)
            most = limits.exports_at_once if name == "export" else limits.concurrent
            is_full = reached(len(found.hour), limits.per_hour)
            if name == "export":
                is_full |= reached(len(found.second), limits.exports_per_second)
            if is_full or reached(found.running, most):
                return refusal(name, project, found, limits)
        return None


def family_of(path: str) -> str | None:
    """Return which limits hold for a path; None if none do.

    >>> family_of("/api/query/events"), family_of("/track")
    ('query', None)
    """
    if path in ("/api/query/jql", "/api/2.0/jql"):
        return "jql"
    if path == "/api/2.0/export":
        return "export"
    return "query" if path.startswith(("/api/query/", "/api/2.0/")) else None


def counted_as(family: str) -> tuple[str, ...]:
    """Return what a request counts as: a script of JQL is a question too."""
    return ("query", "jql") if family == "jql" else (family,)


def forget(family: Family, hour: float, second: float) -> None:
    """Forget what is too old to count, or later than a clock that was put back."""
    family.hour = deque(then for then in family.hour if 0 <= hour - then < HOUR)
    family.second = deque(then for then in family.second if second - then < 1)


def reached(count: int, most: int | None) -> bool:
    """Tell whether one more would be too many."""
    return most is not None and count >= most


def refusal(name: str, project: str, family: Family, limits: Limits) -> str:
    """Return the text of the error, as other clients of Mixpanel got it."""
    if name == "export":
        return EXPORT_REFUSED
    return query_refused(
        project,
        running=f"{family.running + 1}/{limits.concurrent or 'any'}",
        this_hour=f"{len(family.hour) + 1}/{limits.per_hour or 'any'}",
    )


def query_refused(project: str, *, running: str, this_hour: str) -> str:
    """Return the text of the error that a question gets."""
    return (
        f"Query rate limit exceeded for project_id: {project}. "
        f"{running} queries running concurrently and "
        f"{this_hour} queries running in the last hour."
    )
