"""What every ledger promises; each test runs with a SQLite file and with Azurite."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Literal

import pytest

from mixpanel_slack_report.exceptions import (
    AlreadySentError,
    LedgerError,
    OutcomeUnknownError,
)
from mixpanel_slack_report.ledger.entries import EntryKey, Ledger

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.ledger.conftest import Place

KeyOf = Callable[..., EntryKey]
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=timezone.utc)


def post(
    ledger: Ledger,
    key: EntryKey,
    state: Literal["sent", "refused", "unknown"] = "sent",
    *,
    force: bool = False,
) -> None:
    """Go the whole way of a posting."""
    with ledger.claim(key, force=force) as claim:
        claim.posting()
        claim.settle(state, "")


def is_free(ledger: Ledger, key: EntryKey) -> bool:
    """Tell whether a posting can be claimed."""
    with ledger.claim(key):
        return True


def test_what_was_sent_is_not_sent_again(place: Place, key_of: KeyOf) -> None:
    """The error says what, when, and what sends it all the same."""
    post(place.open(lambda: NOW), key_of())

    with pytest.raises(AlreadySentError) as refused:
        is_free(place.open(), key_of())

    assert str(refused.value) == (
        "the weekly report 2026-11-09 to 2026-11-15 was sent at 2026-11-16 09:00 UTC; "
        "--force sends it again"
    )


def test_what_was_refused_may_be_tried_again(place: Place, key_of: KeyOf) -> None:
    """Nothing was posted."""
    post(place.open(), key_of(), "refused")

    assert is_free(place.open(), key_of())


def test_what_is_unknown_is_not_sent_again(place: Place, key_of: KeyOf) -> None:
    """The error names what to look at, and what to do."""
    with place.open(lambda: NOW).claim(key_of()) as claim:
        claim.posting()
        claim.settle("unknown", "Slack did not answer within 30 seconds")

    with pytest.raises(OutcomeUnknownError) as refused:
        is_free(place.open(), key_of())

    assert str(refused.value) == (
        "whether the weekly report 2026-11-09 to 2026-11-15 was posted at 2026-11-16 "
        "09:00 UTC is not known (Slack did not answer within 30 seconds); look at the "
        "channel, and send it with --force if it is not there"
    )


def test_a_claim_that_was_not_used_is_free_again(place: Place, key_of: KeyOf) -> None:
    """As where Mixpanel gave nothing to post."""
    with pytest.raises(ZeroDivisionError), place.open().claim(key_of()):
        raise ZeroDivisionError

    assert is_free(place.open(), key_of())


def test_a_run_that_is_stopped_while_posting_leaves_unknown(
    place: Place, key_of: KeyOf
) -> None:
    """As Ctrl-C does."""

    def stop() -> None:
        with place.open().claim(key_of()) as claim:
            claim.posting()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()

    with pytest.raises(OutcomeUnknownError, match="the run was stopped while it was"):
        is_free(place.open(), key_of())


@pytest.mark.parametrize("state", ["sent", "unknown"])
def test_force_posts_whatever_is_on_record(
    place: Place, key_of: KeyOf, state: Literal["sent", "unknown"]
) -> None:
    """And puts that on record in its place."""
    post(place.open(), key_of(), state)

    post(place.open(), key_of(), "sent", force=True)

    with pytest.raises(AlreadySentError):
        is_free(place.open(), key_of())


@pytest.mark.parametrize(
    ("state", "error"), [("sent", AlreadySentError), ("unknown", OutcomeUnknownError)]
)
def test_a_forced_claim_that_was_not_used_changes_nothing(
    place: Place,
    key_of: KeyOf,
    state: Literal["sent", "unknown"],
    error: type[LedgerError],
) -> None:
    """What was on record still is."""
    post(place.open(), key_of(), state)
    with place.open().claim(key_of(), force=True):
        pass

    with pytest.raises(error):
        is_free(place.open(), key_of())


def test_killed_runs_leave_what_the_table_says(place: Place, key_of: KeyOf) -> None:
    """One that had claimed is as if it had never been; one that was posting is unknown.

    Where a forced run is killed after its claim, what was there before still holds.
    """
    post(place.open(), key_of("monthly"), "unknown")
    runs = [
        place.held("daily", "claimed"),
        place.held("weekly", "posting"),
        place.held("monthly", "claimed", force=True),
    ]
    for run in runs:
        run.kill()

    assert is_free(place.open(), key_of("daily"))
    with pytest.raises(OutcomeUnknownError, match="a run ended while it was posting"):
        is_free(place.open(), key_of("weekly"))
    with pytest.raises(OutcomeUnknownError):
        is_free(place.open(), key_of("monthly"))


def test_a_killed_run_can_be_forced(place: Place, key_of: KeyOf) -> None:
    """What was not known is sent then."""
    place.held("weekly", "posting").kill()

    post(place.open(), key_of(), force=True)

    with pytest.raises(AlreadySentError):
        is_free(place.open(), key_of())


def test_a_living_run_is_waited_for(place: Place, key_of: KeyOf) -> None:
    """What it did then counts; the other process holds the claim for a second."""
    run = place.held("weekly", "posting")
    timer = threading.Timer(1, run.settle, ["sent"])
    timer.start()

    with pytest.raises(AlreadySentError):
        is_free(place.open(), key_of())

    timer.join()


def test_a_run_outlives_the_lease_that_it_renews(place: Place, key_of: KeyOf) -> None:
    """A lease of 15 seconds is no bound for Mixpanel's answers."""
    with place.open().claim(key_of()) as claim:
        if place.kind == "blob":
            time.sleep(17)
        with pytest.raises(LedgerError, match="another run has been at"):
            is_free(place.open(longest_wait=0), key_of())
        claim.posting()
        claim.settle("sent", "")


def test_waiting_has_a_bound(place: Place, key_of: KeyOf) -> None:
    """Then nothing is posted, and the line says what to look for."""
    with place.open().claim(key_of()), pytest.raises(LedgerError) as refused:
        is_free(place.open(longest_wait=0), key_of())

    assert type(refused.value) is LedgerError
    assert str(refused.value) == (
        "another run has been at the weekly report 2026-11-09 to 2026-11-15 for more "
        "than 0 seconds; nothing was posted; see whether it hangs, or try again later"
    )


def test_of_eight_threads_one_posts(place: Place, key_of: KeyOf) -> None:
    """They share one ledger; the others learn that it was sent."""
    ledger = place.open()
    posted = []

    def run(number: int) -> str:
        try:
            with ledger.claim(key_of()) as claim:
                claim.posting()
                posted.append(number)
                claim.settle("sent", "")
        except AlreadySentError:
            return "already"
        return "posted"

    with ThreadPoolExecutor(8) as pool:
        said = sorted(pool.map(run, range(8)))

    assert said == ["already"] * 7 + ["posted"]
    assert len(posted) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"report": "daily"},
        {"trigger": "slack:1.2.3"},
        {"channel": "#other"},
        {"source": "another project"},
        {"from_date": date(2026, 11, 10)},
    ],
)
def test_other_postings_are_not_held_back(
    place: Place, key_of: KeyOf, other: dict[str, Any]
) -> None:
    """Each part of the key tells one posting from another."""
    post(place.open(), key_of())

    assert is_free(place.open(), key_of(**other))


def test_the_last_time_of_each_report(place: Place, key_of: KeyOf) -> None:
    """Whatever set it off; failure notices, and what is unknown, do not count."""
    later = NOW + timedelta(hours=1)
    post(place.open(lambda: NOW), key_of())
    post(place.open(lambda: later), key_of(trigger="slack:1.2.3"))
    post(place.open(lambda: NOW), key_of("daily"))
    post(place.open(lambda: later), key_of("daily"), "unknown", force=True)
    post(place.open(lambda: NOW), key_of("monthly"), "unknown")
    post(place.open(lambda: NOW), key_of("weekly:failure:1a", trigger="failure"))

    assert dict(place.open().last_sent()) == {"weekly": later, "daily": NOW}


def test_nothing_was_sent_yet(place: Place) -> None:
    """A place where nothing is can be asked."""
    assert dict(place.open().last_sent()) == {}


def test_a_rung_is_remembered_for_thirty_days(place: Place) -> None:
    """Then the best one is tried again."""
    ledger = place.open()
    ledger.remember_rung("#sales", 2, now=NOW)
    ledger.remember_rung("#sales", 1, now=NOW)

    almost = NOW + timedelta(days=29, hours=23)
    assert ledger.accepted_rung("#sales", now=almost) == 1
    assert ledger.accepted_rung("#sales", now=NOW + timedelta(days=30)) is None
    assert ledger.accepted_rung("#other", now=NOW) is None


def test_rung_0_is_not_none(place: Place) -> None:
    """The best rung is a rung."""
    ledger = place.open()
    ledger.remember_rung("#sales", 0, now=NOW)

    assert ledger.accepted_rung("#sales", now=NOW) == 0


def test_the_last_value_is_remembered(place: Place) -> None:
    """With the time of it; a name that nobody remembers is None."""
    later = NOW + timedelta(days=500)
    place.open().remember("timezone:1", "Asia/Tokyo", now=NOW)
    place.open().remember("timezone:1", "Europe/London", now=later)

    assert place.open().recall("timezone:1") == ("Europe/London", later)
    assert place.open().recall("timezone:2") is None


def test_old_postings_are_forgotten_but_not_unknown_ones(
    place: Place, key_of: KeyOf
) -> None:
    """After 400 days, as soon as something else is settled."""
    today = datetime.now(timezone.utc)
    post(place.open(lambda: today), key_of())
    post(place.open(lambda: today), key_of("daily"), "unknown")

    post(place.open(lambda: today + timedelta(days=401)), key_of("monthly"))

    assert is_free(place.open(), key_of())
    with pytest.raises(OutcomeUnknownError):
        is_free(place.open(), key_of("daily"))


def test_postings_of_399_days_are_kept(place: Place, key_of: KeyOf) -> None:
    """A report may be replayed for more than a year."""
    today = datetime.now(timezone.utc)
    post(place.open(lambda: today), key_of())

    post(place.open(lambda: today + timedelta(days=399)), key_of("monthly"))

    with pytest.raises(AlreadySentError):
        is_free(place.open(), key_of())
