"""Why a report failed: what is said of it, and whether it was said before."""

from __future__ import annotations

import re
from hashlib import sha256

from mixpanel_query.exceptions import (
    CredentialsRefusedError,
    MixpanelDownError,
    MixpanelQueryError,
    NoAnswerError,
    QueryRefusedError,
    RateLimitedError,
    UnreadableAnswerError,
)
from mixpanel_slack_report.exceptions import (
    CollectionError,
    DeliveryError,
    LedgerError,
    MixpanelSlackReportError,
    SettingsError,
    WindowError,
)

__all__ = ["cause_digest", "is_told", "remedy", "what_failed"]

CHECK = "mixpanel-slack-report check"
# What mends a failure, by the error of the client that it came from.
REMEDIES: dict[type[Exception], str] = {
    CredentialsRefusedError: "Check MIXPANEL_USERNAME, MIXPANEL_SECRET, "
    f"MIXPANEL_PROJECT_ID and MIXPANEL_REGION: {CHECK} says which is wrong.",
    RateLimitedError: "Mixpanel answers a project 60 questions an hour. Wait for an "
    "hour, and name fewer metrics in report.toml if it happens again.",
    MixpanelDownError: "Mixpanel has trouble of its own. Try again later.",
    NoAnswerError: "Check the network between this machine and Mixpanel, and try "
    "again.",
    UnreadableAnswerError: "Something answered in place of Mixpanel: check "
    "MIXPANEL_BASE_URL and the proxy, and try again.",
    QueryRefusedError: "Check MIXPANEL_PROJECT_ID, which is the number of the project "
    f"and not its token, and the names in report.toml: {CHECK}.",
}


def is_told(error: Exception) -> bool:
    """Whether a channel is told of an error.

    Not of a message that the same channel did not take, nor of what a ledger says or
    cannot say: after a post that may be there, nothing is posted. Nor of days that
    were asked for in a wrong way, as whoever asked is told.
    """
    return not isinstance(error, (DeliveryError, LedgerError, WindowError))


def what_failed(error: Exception) -> tuple[str, ...]:
    """Say what failed, in a line each; of what nobody foresaw, its kind only."""
    if isinstance(error, SettingsError):
        return error.problems or ("the settings cannot be used",)
    if isinstance(error, MixpanelSlackReportError):
        return (str(error),)
    return (f"something that nobody foresaw ({type(error).__name__})",)


def remedy(error: Exception) -> str:
    """Say how to mend it, in a sentence or two."""
    if isinstance(error, SettingsError):
        return "Correct what is named here, and send it."
    for kind, said in REMEDIES.items():
        if isinstance(error.__cause__, kind):
            return said
    if isinstance(error, CollectionError):
        return (
            "Check that the project has data for these days, and that report.toml has "
            f"names that the project knows: {CHECK}."
        )
    return "The log of the run has the rest."


def cause_digest(error: Exception) -> str:
    """Name a cause, the same each time it happens.

    Numbers count for nothing, as in "try again in 17 seconds". Where Mixpanel gave
    nothing, only its kind of answer counts: of several questions at once, another one
    may be the first to fail each time.

    >>> errors = CollectionError("wait 17 s"), CollectionError("wait 5 s")
    >>> len({cause_digest(error) for error in errors})
    1
    """
    cause = error.__cause__
    if isinstance(cause, MixpanelQueryError):
        words = [type(cause).__name__, str(getattr(cause, "status", ""))]
    else:
        words = [re.sub(r"\d+", "0", line) for line in what_failed(error)]
    named = "\n".join([type(error).__name__, *words])
    return sha256(named.encode(errors="replace")).hexdigest()[:12]
