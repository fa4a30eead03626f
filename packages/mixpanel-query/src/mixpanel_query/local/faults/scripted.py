"""Faults that a local project is told to have: which, where, when and how often."""

from __future__ import annotations

import json
import math
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

from mixpanel_query.local.exceptions import LocalProjectError

__all__ = ["BODILESS", "Body", "Fault", "Faults"]

# A text is sent as it is, anything else as JSON.
Body: TypeAlias = str | Mapping[str, Any] | Sequence[Any] | None

LONGEST_DELAY = 3600

# https://www.rfc-editor.org/rfc/rfc9110#name-tokens and #name-204-no-content
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
BODILESS = (204, 304)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with some of the answers.

    Attributes:
        path: Which requests have it: a path, in which ``*`` stands for anything.
        method: The HTTP method that they have; None for any.
        status: The status to answer with, instead of taking the request.
        after: How many of these requests are answered as always before the first that
            has the fault.
        times: How many have it; None for all, until it is cleared.
        cut_after_rows: After how many rows the connection is closed, in the middle of
            the answer.
        delay: Seconds that the answer is held back.
        body: The body of the answer; with ``cut_after_rows`` it is what follows the
            rows, and the answer ends with it as if all were well.
        headers: Headers that the answer has, such as ``Retry-After``.
        id: Its number.
        seen: How many requests there were.
        hits: How many of them had the fault.
    """

    path: str = "*"
    method: str | None = None
    status: int | None = None
    after: int = 0
    times: int | None = None
    cut_after_rows: int | None = None
    delay: float = 0.0
    body: Body = None
    headers: Mapping[str, str] = field(default_factory=dict)
    id: int = 0
    seen: int = 0
    hits: int = 0

    def concerns(self, method: str, path: str) -> bool:
        """Tell whether a request is one of those that may have the fault."""
        return self.method in (None, method) and fnmatchcase(path, self.path)

    @property
    def is_due(self) -> bool:
        """Whether the next request has the fault."""
        return self.seen >= self.after and (
            self.times is None or self.hits < self.times
        )

    @property
    def takes_the_request(self) -> bool:
        """Whether the project takes the request, and only its answer is spoilt."""
        if self.cut_after_rows is not None:
            return True
        return self.status is None and self.body is None

    def as_json(self) -> dict[str, object]:
        """Return what JSON says of it."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


class Faults(Sequence[Fault]):
    """The faults of a project, in the order in which they were added.

    A request has the first that is due. Any thread may use them.
    """

    def __init__(self) -> None:
        self._faults: dict[int, Fault] = {}
        self._last = 0
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._faults)

    def __iter__(self) -> Iterator[Fault]:
        with self._lock:
            return iter(list(self._faults.values()))

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401 - an int or a slice
        return list(self)[index]

    def __repr__(self) -> str:
        return f"<Faults {list(self)}>"

    def add(
        self,
        *,
        path: str = "*",
        method: str | None = None,
        status: int | None = None,
        after: int = 0,
        times: int | None = None,
        cut_after_rows: int | None = None,
        delay: float = 0.0,
        body: Body = None,
        headers: Mapping[str, str] | None = None,
    ) -> Fault:
        """Let some answers be wrong from now on; `Fault` says what each word means.

        Raises:
            LocalProjectError: If it says nothing of what is wrong, or something that
                cannot be.
        """
        fault = Fault(
            path=path,
            method=method.upper() if isinstance(method, str) else method,
            status=status,
            after=after,
            times=times,
            cut_after_rows=cut_after_rows,
            delay=delay,
            body=body,
            headers=headers if headers else {},
        )
        check_fault(fault)
        fault = replace(fault, headers=dict(fault.headers))
        with self._lock:
            self._last += 1
            fault = self._faults[self._last] = replace(fault, id=self._last)
        return fault

    def clear(self, id: int | None = None) -> None:
        """Forget one fault, or all; answers that are held back are let go.

        Raises:
            LocalProjectError: If there is no fault with this number.
        """
        with self._lock:
            if id is None:
                self._faults.clear()
            elif self._faults.pop(id, None) is None:
                raise LocalProjectError(
                    f"there is no fault {id}; faults lists those there are"
                )

    def take(self, method: str, path: str) -> Fault | None:
        """Return the fault that a request has, and count the request."""
        found = None
        with self._lock:
            for fault in self._faults.values():
                if not fault.concerns(method, path):
                    continue
                hit = found is None and fault.is_due
                counted = replace(fault, seen=fault.seen + 1, hits=fault.hits + hit)
                self._faults[fault.id] = counted
                found = counted if hit else found
        return found

    def has(self, fault: Fault) -> bool:
        """Tell whether a fault is still there."""
        return fault.id in self._faults


def check_fault(fault: Fault) -> None:
    """Refuse a fault that cannot be."""
    checks = (
        (is_path(fault.path), "path", "a path that begins with / or *"),
        (is_method(fault.method), "method", "one such as GET or POST"),
        (is_whole(fault.status, 200, 599), "status", "a number from 200 to 599"),
        (fault.after is not None and is_whole(fault.after, 0), "after", "0 or more"),
        (is_whole(fault.times, 1), "times", "1 or more"),
        (is_whole(fault.cut_after_rows, 0), "cut_after_rows", "0 or more"),
        (is_seconds(fault.delay), "delay", f"seconds from 0 to {LONGEST_DELAY}"),
    )
    for is_right, name, allowed in checks:
        if not is_right:
            given = str(getattr(fault, name))[:80]
            raise LocalProjectError(f"{name} is {given!r}; give {allowed}")
    if not isinstance(fault.headers, Mapping):
        raise LocalProjectError("headers is no mapping; give names and texts")
    for name, value in fault.headers.items():
        if not is_header(name, value):
            raise LocalProjectError(
                f"headers has {str(name)[:40]!r}, which cannot be sent; give names and "
                "texts of ASCII, and not the length of the body"
            )
    if not is_body(fault.body):
        raise LocalProjectError("body is no text and no JSON; give one of them")
    check_together(fault)


def check_together(fault: Fault) -> None:
    """Refuse a fault whose parts do not go together."""
    if fault.status in BODILESS and fault.body is not None:
        raise LocalProjectError(
            f"an answer with status {fault.status} has no body; leave it out"
        )
    if fault.cut_after_rows is not None and fault.status is not None:
        raise LocalProjectError(
            "status and cut_after_rows exclude each other; add two faults"
        )
    if fault.takes_the_request and fault.cut_after_rows is None and not fault.delay:
        raise LocalProjectError(
            "nothing is wrong with this fault; give status, cut_after_rows, delay or "
            "body"
        )


def is_path(value: object) -> bool:
    """Tell whether a value is a path, or a pattern of paths."""
    # Half a character could be kept, but not be listed.
    return (
        isinstance(value, str) and value.startswith(("/", "*")) and value.isprintable()
    )


def is_method(value: object) -> bool:
    """Tell whether a value is None, or can be an HTTP method."""
    return value is None or (
        isinstance(value, str) and value.isascii() and value.isalpha()
    )


def is_whole(value: object, least: int, most: int | None = None) -> bool:
    """Tell whether a value is None, or a whole number in these bounds."""
    if value is None:
        return True
    if isinstance(value, bool) or not isinstance(value, int):
        return False
    return value >= least and (most is None or value <= most)


def is_seconds(value: object) -> bool:
    """Tell whether a value is a time that an answer may be held back."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and 0 <= value <= LONGEST_DELAY


def is_body(value: object) -> bool:
    """Tell whether a value can be sent: as a text, or as JSON."""
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def is_header(name: object, value: object) -> bool:
    """Tell whether a pair can be a header; the server says where a body ends."""
    if not isinstance(name, str) or not isinstance(value, str):
        return False
    return (
        HEADER_NAME.fullmatch(name) is not None
        and name.lower() not in ("content-length", "transfer-encoding")
        and value.isascii()
        and (value.isprintable() and value == value.strip())
    )
