"""What mixpanel-query refuses, and what Mixpanel's answers become."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from tests.reference.refusals.refusal import Refusal

from mixpanel_query import (
    Client,
    OAuthToken,
    RetryPolicy,
    ServiceAccount,
    Window,
    event_property,
)
from mixpanel_query.budget import Budget
from mixpanel_query.budget.gate import OpenGate
from mixpanel_query.environment import read_environment
from mixpanel_query.exceptions import (
    AnswerTimeoutError,
    CredentialsRefusedError,
    ExportFolderError,
    ExportTruncatedError,
    InvalidQueryError,
    MixpanelDownError,
    MixpanelQueryError,
    MultipleProfilesFoundException,
    NoAnswerError,
    QueryRefusedError,
    RateLimitedError,
    RefusedError,
    UnreadableAnswerError,
)

__all__ = ["QUERY"]

ACCOUNT = ServiceAccount("reports.1a2b3c", "s3cret-of-the-account", 12345)
DAYS = ("2026-11-09", "2026-11-15")
Answer = Callable[[httpx.Request], httpx.Response]


def client(answer: Answer, **options: Any) -> Client:  # noqa: ANN401  # a Client's
    """Make a client of something that answers in Mixpanel's place."""
    return Client(
        ACCOUNT,
        **{
            "transport": httpx.MockTransport(answer),
            "retry": RetryPolicy(attempts=1),
            "budget": OpenGate(),
            **options,
        },
    )


def answered(
    status: int,
    body: object = None,
    **options: Any,  # noqa: ANN401  # a Client's
) -> Callable[[Path], object]:
    """Ask for names of events, and get an answer."""

    def answer(_: httpx.Request) -> httpx.Response:
        if isinstance(body, str):
            return httpx.Response(status, text=body)
        return httpx.Response(status, json=body)

    return lambda _: client(answer, **options).event_names()


def failing(error: type[httpx.HTTPError], text: str) -> Callable[[Path], object]:
    """Ask for names of events, and get no answer."""

    def answer(_: httpx.Request) -> httpx.Response:
        raise error(text)

    return lambda _: client(answer).event_names()


def nothing(_: httpx.Request) -> httpx.Response:
    """Answer what nobody should have asked."""
    raise AssertionError("nothing was to be sent")


def asking(question: Callable[[Client], object]) -> Callable[[Path], object]:
    """Put a question that is refused before anything is sent."""
    return lambda _: question(client(nothing))


def cut_export(_: Path) -> object:
    """Export from a Mixpanel that ends in the middle of a line."""
    line = b'{"event": "Purchase", "properties": {"time": 1795000000, "dis'

    def answer(_: httpx.Request) -> httpx.Response:
        headers = {"Content-Encoding": "gzip"}
        stream = httpx.ByteStream(gzip.compress(line))
        return httpx.Response(200, stream=stream, headers=headers)

    return list(client(answer).export(*DAYS))


def full_folder(folder: Path) -> object:
    """Export into a folder that holds something else."""
    (folder / "events").mkdir()
    (folder / "events" / "2026-11-09.jsonl").write_text("{}")
    return client(nothing).export_to(folder / "events", *DAYS)


class KeptBudget(Budget):
    """A budget whose file another process keeps to itself."""

    def use(self, *_: object) -> None:
        """Get no turn."""


def kept_budget(folder: Path) -> object:
    """Ask what is left of a budget that another process keeps."""
    return client(nothing, budget=KeptBudget(folder / "budget")).budget()


def two_profiles(_: Path) -> object:
    """Look for an address that two profiles have."""
    profiles = [
        {"$distinct_id": name, "$properties": {"$email": "joe@example.com"}}
        for name in ("user-1", "user-2")
    ]
    document = {"results": profiles, "page": 0, "page_size": 1000, "status": "ok"}
    answer = httpx.Response(200, json=document | {"total": 2, "session_id": "1"})
    return client(lambda _: answer).profile_by_email("joe@example.com")


def invalid(provoke: Callable[[Path], object], remedy: str) -> Refusal:
    """Make a row about a question that was refused here."""
    return Refusal(InvalidQueryError, provoke, remedy)


QUERY = [
    invalid(
        lambda _: read_environment({"MIXPANEL_REGION": "de"}),
        "Settings are missing or wrong; all of them are named. See "
        "[settings](settings.md#variables-of-mixpanel-query).",
    ),
    invalid(
        lambda _: ServiceAccount("reports", "", 12345),
        "A credential is missing. Its value is never shown.",
    ),
    invalid(
        lambda _: ServiceAccount("reports:s3cret", "s3cret", 12345),
        "Name and secret were given in one.",
    ),
    invalid(
        lambda _: ServiceAccount("reports", "s3cret", "0123abcd"),
        "The token was given for the project's number.",
    ),
    invalid(
        lambda _: OAuthToken("Bearer s3cret", 12345),
        "The word before the token was copied too.",
    ),
    invalid(lambda _: Client(ACCOUNT, "de"), "Mixpanel has three regions."),
    invalid(
        lambda _: Client(ACCOUNT, base_url="mixpanel.example"),
        "An address has a scheme and a host.",
    ),
    invalid(lambda _: Client(ACCOUNT, timeout=0), "An answer takes more than no time."),
    invalid(
        lambda _: Client(ACCOUNT, timezone="London"),
        "The timezone has another name.",
    ),
    invalid(
        lambda _: RetryPolicy(attempts=0), "Every question is asked once at least."
    ),
    invalid(
        lambda _: Window.ending("2026-11-15", days=0),  # type: ignore[arg-type]
        "A window has a day at least.",
    ),
    invalid(
        asking(lambda c: c.events(["Purchase"], "2026-11-15", "2026-11-09")),
        "The days were given the wrong way round.",
    ),
    invalid(
        asking(lambda c: c.events(["Purchase"], "yesterday", "today")),
        "Words for days are for the command.",
    ),
    invalid(asking(lambda c: c.events([], *DAYS)), "Nothing was asked for."),
    invalid(
        asking(lambda c: c.events(["Purchase"], *DAYS, unit="year")),  # type: ignore[arg-type]
        "The question has no such choice.",
    ),
    invalid(
        asking(lambda c: c.events(["Purchase"], *DAYS, type="unique", unit="hour")),
        "Mixpanel counts users by days.",
    ),
    invalid(
        asking(lambda c: c.segmentation("Purchase", *DAYS, limit=5)),
        "A limit is about a breakdown.",
    ),
    invalid(asking(lambda c: c.event_names(limit=0)), "A limit is a number above 0."),
    invalid(
        asking(lambda c: c.profiles(distinct_ids=[]).__next__()),
        "The list that was given is empty.",
    ),
    invalid(
        lambda _: event_property("Amount") > "many",  # type: ignore[operator]
        "The two sides cannot be compared.",
    ),
    Refusal(
        NoAnswerError,
        failing(httpx.ConnectError, "connection refused"),
        "Nothing listens there, or nothing lets the request through.",
    ),
    Refusal(
        AnswerTimeoutError,
        failing(httpx.ReadTimeout, "timed out"),
        "A heavy question, or a slow network.",
    ),
    Refusal(
        QueryRefusedError,
        answered(400, {"error": "from_date is not a valid date"}),
        "Mixpanel read the question, and says what is wrong with it.",
    ),
    Refusal(
        CredentialsRefusedError,
        answered(401, {"error": "Invalid service account credentials"}),
        "Wrong credentials, or a project of another region.",
    ),
    Refusal(
        CredentialsRefusedError,
        answered(403, {"error": "User is not a member of the project"}),
        "The account may not see the project.",
    ),
    Refusal(
        RateLimitedError,
        answered(429, {"error": "Query rate limit exceeded"}),
        "Others use the same project, or the budget is not shared. "
        "See [the budget](../query/budget.md).",
    ),
    Refusal(
        MixpanelDownError,
        answered(503, {"error": "Service unavailable"}),
        "Mixpanel has trouble of its own. The client has asked again, as its "
        "`RetryPolicy` says.",
    ),
    Refusal(
        RefusedError,
        answered(402, {"error": "Feature not in your plan"}),
        "The answer has a status that no other class stands for.",
    ),
    Refusal(
        UnreadableAnswerError,
        answered(200, "<html>Sign in to the proxy</html>"),
        "Something else than Mixpanel answered.",
    ),
    Refusal(
        UnreadableAnswerError,
        answered(200, {"names": []}),
        "The answer is JSON, but not the documented one.",
    ),
    Refusal(
        ExportTruncatedError,
        cut_export,
        "Mixpanel, or something on the way, cut the export short.",
    ),
    Refusal(
        ExportFolderError,
        full_folder,
        "The folder holds something else.",
    ),
    Refusal(
        MultipleProfilesFoundException,
        two_profiles,
        "Several profiles have the address. Choose by `error.profile_ids`.",
    ),
    Refusal(
        MixpanelQueryError,
        kept_budget,
        "A process was stopped while it held the file of the budget.",
    ),
]
