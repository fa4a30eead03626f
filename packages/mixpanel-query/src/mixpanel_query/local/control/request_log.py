"""The log of what was asked of a local project, and how it was answered."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

__all__ = ["LoggedRequest", "RequestLog", "query_without_credentials"]

MOST_REQUESTS = 1000
LONGEST_VALUE = 2000

# What authenticates, or did once: https://developer.mixpanel.com/reference/authentication
SECRETS = frozenset(
    ("token", "api_key", "api_secret", "secret", "password", "sig", "access_token")
)
# ``GET /track`` has events, with their token, in ``data``.
UNREADABLE = frozenset(("data",))


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A request to a project.

    Attributes:
        number: 1 for the first since the project was made.
        time: When it came, by the project's clock.
        method: Its HTTP method.
        path: Its path.
        query: The parameters of its URL, without credentials.
        status: The status of its answer; None while there is no answer.
        fault: The number of the fault that its answer has; None if it has none.
    """

    number: int
    time: datetime
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
    fault: int | None = None

    def as_json(self) -> dict[str, object]:
        """Return what JSON says of it."""
        return {
            "number": self.number,
            "time": self.time.isoformat(),
            "method": self.method,
            "path": self.path,
            "query": dict(self.query),
            "status": self.status,
            "fault": self.fault,
        }


class RequestLog(Sequence[LoggedRequest]):
    """The latest 1,000 requests, the first one first; any thread may use it."""

    def __init__(self, most: int = MOST_REQUESTS) -> None:
        self._most = most
        self._requests: dict[int, LoggedRequest] = {}
        self._last = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._requests)

    def __iter__(self) -> Iterator[LoggedRequest]:
        with self._lock:
            return iter(list(self._requests.values()))

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401 - an int or a slice
        return list(self)[index]

    def __repr__(self) -> str:
        return f"<RequestLog of {len(self)} requests>"

    def begin(self, time: datetime, method: str, path: str, query: str) -> int:
        """Log a request that has come, and return its number."""
        read = query_without_credentials(query)
        with self._lock:
            self._last += 1
            request = LoggedRequest(self._last, time, method, path, read)
            self._requests[self._last] = request
            if len(self._requests) > self._most:
                del self._requests[next(iter(self._requests))]
            return self._last

    def answer(self, number: int, status: int, fault: int | None) -> None:
        """Log that a request is being answered, unless it was forgotten."""
        with self._lock:
            if request := self._requests.get(number):
                self._requests[number] = replace(request, status=status, fault=fault)

    def clear(self) -> None:
        """Forget all requests; the numbers go on."""
        with self._lock:
            self._requests.clear()


def query_without_credentials(query: str) -> dict[str, str]:
    """Return the parameters of a URL, with *** for what is secret.

    >>> query_without_credentials("event=A&api_secret=s3cret")
    {'event': 'A', 'api_secret': '***'}
    """
    return {name: shown(name, value) for name, value in parse_qsl(query, True)}


def shown(name: str, value: str) -> str:
    """Return what is logged of a parameter."""
    if name.lower() in SECRETS:
        return "***"
    if name.lower() in UNREADABLE:
        return f"({len(value)} characters)"
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
