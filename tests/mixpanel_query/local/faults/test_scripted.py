"""Faults: which request has which."""

from __future__ import annotations

from typing import Any

import pytest

from mixpanel_query.local import LocalProjectError
from mixpanel_query.local.faults.scripted import Faults


@pytest.fixture
def faults() -> Faults:
    """Give faults, of which there are none yet."""
    return Faults()


def statuses(faults: Faults, count: int, path: str = "/track") -> list[int | None]:
    """Return the status that each of some requests fails with; None if it does not."""
    found = [faults.take("POST", path) for _ in range(count)]
    return [fault.status if fault else None for fault in found]


def test_a_fault_stays_until_it_is_cleared(faults: Faults) -> None:
    """Without ``times`` every request has it."""
    faults.add(path="/track", status=503)
    assert statuses(faults, 3) == [503, 503, 503]
    faults.clear()

    assert statuses(faults, 1) == [None]


def test_after_and_times_say_which_requests_have_it(faults: Faults) -> None:
    """Here the third and the fourth."""
    faults.add(path="/track", status=503, after=2, times=2)

    assert statuses(faults, 5) == [None, None, 503, 503, None]


def test_faults_of_one_path_come_one_after_the_other(faults: Faults) -> None:
    """A request has the first one that is due."""
    faults.add(path="/track", status=503, times=1)
    faults.add(path="/track", status=429, times=2)

    assert statuses(faults, 4) == [503, 429, 429, None]


def test_other_paths_do_not_count(faults: Faults) -> None:
    """Neither as seen nor as hit."""
    faults.add(path="/track", status=503, after=1)
    assert statuses(faults, 2, "/engage") == [None, None]
    assert statuses(faults, 2) == [None, 503]

    assert [(fault.seen, fault.hits) for fault in faults] == [(2, 1)]


@pytest.mark.parametrize(
    ("pattern", "path", "status"),
    [
        ("/api/query/*", "/api/query/events/top", 500),
        ("*", "/track", 500),
        ("*/export", "/api/2.0/export", 500),
        ("/track", "/track/", None),
        ("/api/query/*", "/api/2.0/export", None),
    ],
)
def test_a_star_stands_for_anything(
    faults: Faults, pattern: str, path: str, status: int | None
) -> None:
    """Slashes too."""
    faults.add(path=pattern, status=500)

    assert statuses(faults, 1, path) == [status]


def test_a_method_may_be_named(faults: Faults) -> None:
    """In any case."""
    faults.add(method="get", status=500)

    assert statuses(faults, 1) == [None]
    assert faults.take("GET", "/track") is not None


def test_one_fault_can_be_cleared(faults: Faults) -> None:
    """By its number; the others stay."""
    first = faults.add(status=500)
    faults.add(status=503)
    faults.clear(first.id)

    assert [(fault.id, fault.status) for fault in faults] == [(2, 503)]
    with pytest.raises(LocalProjectError, match="no fault 1"):
        faults.clear(first.id)


def test_it_is_a_sequence(faults: Faults) -> None:
    """In the order of adding."""
    faults.add(status=500)
    faults.add(delay=0.5)

    assert len(faults) == 2
    assert faults[-1].delay == 0.5
    assert [fault.status for fault in faults[:1]] == [500]
    assert "delay=0.5" in repr(faults)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "nothing is wrong with this fault"),
        ({"after": 1}, "nothing is wrong with this fault"),
        ({"status": 600}, "status is '600'; give a number from 200 to 599"),
        ({"status": True}, "status is 'True'"),
        ({"status": "500"}, "status is '500'"),
        ({"status": 500, "path": "track"}, "path is 'track'; give a path that begins"),
        ({"status": 500, "path": None}, "path is 'None'"),
        ({"status": 500, "times": 0}, "times is '0'; give 1 or more"),
        ({"status": 500, "after": -1}, "after is '-1'; give 0 or more"),
        ({"status": 500, "after": None}, "after is 'None'"),
        ({"cut_after_rows": -1}, "cut_after_rows is '-1'; give 0 or more"),
        ({"cut_after_rows": 1, "status": 500}, "exclude each other"),
        ({"delay": -1}, "delay is '-1'; give seconds from 0 to 3600"),
        ({"delay": float("nan")}, "delay is 'nan'"),
        ({"delay": "1"}, "delay is '1'"),
        ({"status": 500, "path": "/\ud800"}, "path is"),
        ({"status": 500, "method": "GE T"}, "method is 'GE T'; give one such as GET"),
        ({"status": 500, "method": 7}, "method is '7'"),
        ({"status": 500, "headers": {"A": 1}}, "headers has 'A', which cannot be sent"),
        ({"status": 500, "headers": {"A b": "1"}}, "headers has 'A b'"),
        ({"status": 500, "headers": {"Content-Length": "9"}}, "has 'Content-Length'"),
        ({"status": 500, "headers": ["A"]}, "headers is no mapping"),
        ({"status": 204, "body": "x"}, "status 204 has no body; leave it out"),
        ({"status": 500, "body": float("inf")}, "body is no text and no JSON"),
        ({"status": 500, "body": "\ud800"}, "body is no text and no JSON"),
        ({"status": 500, "headers": {"A": "1\r\nB: 2"}}, "headers has 'A'"),
        ({"status": 500, "body": {1, 2}}, "body is no text and no JSON"),
    ],
)
def test_what_cannot_be_is_refused(
    faults: Faults, given: dict[str, Any], problem: str
) -> None:
    """The message says what was given and what is allowed; nothing is added."""
    with pytest.raises(LocalProjectError) as caught:
        faults.add(**given)

    assert problem in str(caught.value)
    assert len(faults) == 0
