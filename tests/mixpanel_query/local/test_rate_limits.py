"""Rate limits, with clocks that a test turns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest

from mixpanel_query.local import LocalProjectError
from mixpanel_query.local.rate_limits import Limits, RateLimits, family_of

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


class Turned:
    """Limits, and the two clocks they ask."""

    def __init__(self) -> None:
        self.now = NOON
        self.seconds = 0.0
        self.limits = RateLimits(lambda: self.now, lambda: self.seconds)

    def ask(self, family: str = "query") -> str | None:
        """Ask and get the answer at once; return the error."""
        entered = self.begin(family)
        if isinstance(entered, str):
            return entered
        entered()
        return None

    def begin(self, family: str = "query") -> str | Callable[[], None]:
        """Ask, and return what ends the answer, or the error."""
        return self.limits.enter(family, "7")


@pytest.fixture
def turned() -> Turned:
    """Give limits that are off, at noon."""
    return Turned()


def test_nothing_is_limited_in_the_beginning(turned: Turned) -> None:
    """Nor when limits were switched off."""
    assert [turned.ask() for _ in range(200)] == [None] * 200
    turned.limits(per_hour=1)
    turned.limits.off()

    assert [turned.ask() for _ in range(2)] == [None, None]


def test_the_documented_ones_are_those_without_others(turned: Turned) -> None:
    """60 an hour and 5 at once; exports 3 a second and 100 at once."""
    turned.limits()

    assert turned.limits.now == Limits(60, 5, 3, 100)


def test_the_hour_rolls(turned: Turned) -> None:
    """The first of three counts until an hour has passed; refused ones never do."""
    turned.limits(per_hour=3)
    for _ in range(3):
        assert turned.ask() is None
        turned.now += timedelta(minutes=10)
    assert turned.ask() == (
        "Query rate limit exceeded for project_id: 7. 1/5 queries running "
        "concurrently and 4/3 queries running in the last hour."
    )
    turned.now = NOON + timedelta(minutes=59, seconds=59)
    assert turned.ask() is not None
    turned.now = NOON + timedelta(hours=1)

    assert [turned.ask() is None for _ in range(2)] == [True, False]


def test_a_clock_that_is_put_back_frees_what_came_later(turned: Turned) -> None:
    """It did not happen yet."""
    turned.limits(per_hour=1)
    turned.ask()
    turned.now -= timedelta(days=1)

    assert turned.ask() is None


def test_so_many_run_at_once(turned: Turned) -> None:
    """The sixth is let in when one of the five has its answer."""
    turned.limits()
    running = [turned.begin() for _ in range(5)]
    assert turned.ask() == (
        "Query rate limit exceeded for project_id: 7. 6/5 queries running "
        "concurrently and 6/60 queries running in the last hour."
    )
    assert callable(running[0])
    running[0]()

    assert turned.ask() is None


def test_a_script_of_jql_counts_as_a_question_too(turned: Turned) -> None:
    """But not the other way round."""
    turned.limits(per_hour=2)
    assert turned.ask("jql") is None
    assert turned.ask("query") is None

    assert turned.ask("query") is not None
    assert turned.ask("jql") is not None


def test_exports_are_counted_on_their_own(turned: Turned) -> None:
    """Three in a second, whatever the project's clock shows."""
    turned.limits(per_hour=5)
    assert [turned.ask("export") for _ in range(4)] == [
        *[None] * 3,
        "too many export requests in progress for this project",
    ]
    turned.seconds = 1.0
    assert [turned.ask("export") is None for _ in range(3)] == [True, True, False]

    assert turned.ask("query") is None


def test_none_is_no_limit(turned: Turned) -> None:
    """The error of another one says so."""
    turned.limits(per_hour=None, concurrent=1)
    running = turned.begin()

    assert callable(running)
    assert "2/1 queries running concurrently and 1/any queries" in str(turned.begin())


def test_an_answer_that_ends_after_others_were_set_does_not_count(
    turned: Turned,
) -> None:
    """Counting begins anew."""
    turned.limits(concurrent=1)
    running = turned.begin()
    turned.limits(concurrent=1)
    assert callable(running)
    running()

    assert callable(turned.begin())
    assert isinstance(turned.begin(), str)


@pytest.mark.parametrize("wrong", [0, -1, True, 1.5, "60"])
def test_what_is_no_limit_is_refused(turned: Turned, wrong: object) -> None:
    """The message names it."""
    with pytest.raises(LocalProjectError, match=r"per_hour is '.*'; give 1 or more"):
        turned.limits(per_hour=wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "family"),
    [
        ("/api/query/engage", "query"),
        ("/api/query/jql", "jql"),
        ("/api/2.0/export", "export"),
        ("/api/app/me", None),
        ("/import", None),
    ],
)
def test_which_limits_hold_for_a_path(path: str, family: str | None) -> None:
    """Each page of profiles is a question; what is sent is not limited."""
    assert family_of(path) == family


def test_a_limit_of_an_hour_is_none_of_a_second(turned: Turned) -> None:
    """Each is counted where it is set."""
    turned.limits(per_hour=2)
    hourly = [turned.ask("export") for _ in range(2)]
    turned.limits(exports_per_second=1)
    secondly = turned.ask("export")

    assert hourly == [None, None]
    assert secondly is None
