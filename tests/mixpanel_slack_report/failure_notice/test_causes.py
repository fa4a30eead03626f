"""Why a report failed, and what mends it."""

from __future__ import annotations

import pytest

from mixpanel_query.exceptions import (
    CredentialsRefusedError,
    MixpanelDownError,
    QueryRefusedError,
    RateLimitedError,
)
from mixpanel_query.wire import QueryRequest
from mixpanel_slack_report.exceptions import (
    CollectionError,
    DeliveryError,
    LedgerError,
    OutcomeUnknownError,
    SettingsError,
    WindowError,
)
from mixpanel_slack_report.failure_notice.causes import (
    cause_digest,
    is_told,
    remedy,
    what_failed,
)

REQUEST = QueryRequest("/api/query/events")


def caused_by(cause: Exception | None, message: str = "no number") -> CollectionError:
    """Make the error of a report that Mixpanel gave nothing for."""
    error = CollectionError(message)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (CollectionError("no number"), True),
        (SettingsError("MIXPANEL_SECRET is not set"), True),
        (OutcomeUnknownError("a run ended while posting"), False),
        (TypeError("a mistake"), True),
        (DeliveryError("Slack answered 404"), False),
        (LedgerError("the ledger cannot be read"), False),
        (WindowError("not over yet"), False),
    ],
)
def test_a_channel_is_told_of_what_it_can_be_told_once(
    error: Exception, told: bool
) -> None:
    """Not through the channel that failed, nor without a memory."""
    assert is_told(error) is told


@pytest.mark.parametrize(
    ("cause", "said"),
    [
        (
            CredentialsRefusedError("no", request=REQUEST, status=401, body=""),
            "Check MIXPANEL_USERNAME, MIXPANEL_SECRET",
        ),
        (
            RateLimitedError(
                "no", request=REQUEST, status=429, body="", retry_after=None
            ),
            "60 questions an hour",
        ),
        (
            MixpanelDownError("no", request=REQUEST, status=503, body=""),
            "Try again later",
        ),
        (
            QueryRefusedError("no", request=REQUEST, status=400, body=""),
            "the number of the project and not its token",
        ),
        (None, "report.toml has names that the project knows"),
    ],
)
def test_the_remedy_follows_from_what_mixpanel_said(
    cause: Exception | None, said: str
) -> None:
    """Each kind of answer has another one."""
    assert said in remedy(caused_by(cause))


def test_every_problem_of_the_settings_is_a_line() -> None:
    """They are mended one by one."""
    error = SettingsError("MIXPANEL_SECRET is not set", "TIMEZONE is 'x'")

    assert what_failed(error) == ("MIXPANEL_SECRET is not set", "TIMEZONE is 'x'")


def test_of_what_nobody_foresaw_only_the_kind_is_said() -> None:
    """Its words may hold anything."""
    assert what_failed(KeyError("the secret")) == (
        "something that nobody foresaw (KeyError)",
    )


def test_numbers_make_no_new_cause() -> None:
    """The same limit asks for another wait each time."""
    assert cause_digest(caused_by(None, "wait 17 s")) == cause_digest(
        caused_by(None, "wait 5 s")
    )


def test_which_question_failed_first_makes_no_new_cause() -> None:
    """Several are asked at once, and all are refused."""
    cause = CredentialsRefusedError("no", request=REQUEST, status=401, body="")

    assert cause_digest(caused_by(cause, "refused /events")) == cause_digest(
        caused_by(cause, "refused /retention")
    )


@pytest.mark.parametrize(
    "other",
    [
        caused_by(None, "another"),
        SettingsError("no number"),
        caused_by(MixpanelDownError("no", request=REQUEST, status=503, body="")),
        caused_by(QueryRefusedError("no", request=REQUEST, status=400, body="")),
    ],
)
def test_another_failure_is_another_cause(other: Exception) -> None:
    """Other words, another error, and another answer behind it."""
    assert cause_digest(other) != cause_digest(caused_by(None, "no number"))
