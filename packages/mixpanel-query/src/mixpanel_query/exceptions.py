"""Errors of mixpanel-query.

MixpanelQueryError
├ InvalidQueryError (also ValueError)   refused here, nothing sent
├ NoAnswerError                         sent, nothing came back
│ └ AnswerTimeoutError                  … in the time allowed
├ RefusedError                          an answer said no (402 and the rest)
│ ├ QueryRefusedError                   400, 404, 412, 501: the question is wrong
│ ├ CredentialsRefusedError             401, 403: says which region was asked
│ ├ RateLimitedError                    429: has retry_after
│ └ MixpanelDownError                   5xx, but for 501
├ UnreadableAnswerError                 2xx, but not the documented shape
├ ExportFolderError                     a folder that cannot be exported into
├ ExportTruncatedError                  an export that ended before its last event
└ MultipleProfilesFoundException (also ValueError)   one address, several profiles

Every message is one line: what was given, what is allowed, what to do.
The facts are in attributes, so that nobody has to take a message apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from mixpanel_query.window import Window
    from mixpanel_query.wire import QueryRequest

__all__ = [
    "AnswerTimeoutError",
    "CredentialsRefusedError",
    "ExportFolderError",
    "ExportTruncatedError",
    "InvalidQueryError",
    "MixpanelDownError",
    "MixpanelQueryError",
    "MultipleProfilesFoundException",
    "NoAnswerError",
    "QueryRefusedError",
    "RateLimitedError",
    "RefusedError",
    "UnreadableAnswerError",
]


def restore(
    kind: type[MixpanelQueryError], message: str, facts: dict[str, object]
) -> MixpanelQueryError:
    """Make an error again from what ``__reduce__`` kept of it."""
    error = kind.__new__(kind, message)
    error.__dict__.update(facts)
    return error


class MixpanelQueryError(Exception):
    """Anything that mixpanel-query raises on purpose."""

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes with all facts, as worker pools need it."""
        return restore, (type(self), str(self), dict(self.__dict__))


class InvalidQueryError(MixpanelQueryError, ValueError):
    """A question or a setting that was refused here; nothing was sent."""


class NoAnswerError(MixpanelQueryError):
    """A request that was sent, or could not be, and got no answer.

    Attributes:
        request: What was asked.
    """

    def __init__(self, message: str, *, request: QueryRequest) -> None:
        super().__init__(message)
        self.request = request


class AnswerTimeoutError(NoAnswerError):
    """A request that got no answer in the time allowed."""


class RefusedError(MixpanelQueryError):
    """An answer that said no.

    Attributes:
        request: What was asked.
        status: The HTTP status code.
        body: The text of the answer, without the credentials if it echoed them.
    """

    def __init__(
        self, message: str, *, request: QueryRequest, status: int, body: str
    ) -> None:
        super().__init__(message)
        self.request = request
        self.status = status
        self.body = body


class QueryRefusedError(RefusedError):
    """The question is wrong, or is one this server does not answer.

    The status is 400, 404 or 412; or 501, as a local project answers what only
    Mixpanel can.
    """


class CredentialsRefusedError(RefusedError):
    """The credentials were refused, or may not see this: status 401 or 403."""


class RateLimitedError(RefusedError):
    """The project has used up its queries: status 429.

    A `mixpanel_query.Budget` raises it before anything is sent, where a request would
    wait for too long; then the body is empty, and the message says so.

    Attributes:
        retry_after: Seconds to wait, as Mixpanel asked for, or until the budget lets it
            through; None if nobody can say.
    """

    def __init__(
        self,
        message: str,
        *,
        request: QueryRequest,
        status: int,
        body: str,
        retry_after: float | None,
    ) -> None:
        super().__init__(message, request=request, status=status, body=body)
        self.retry_after = retry_after


class MixpanelDownError(RefusedError):
    """Mixpanel, or something in front of it, failed: status 5xx, but for 501.

    Attributes:
        retry_after: Seconds to wait, as the answer asked for; None if it did not say.
    """

    def __init__(
        self,
        message: str,
        *,
        request: QueryRequest,
        status: int,
        body: str,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message, request=request, status=status, body=body)
        self.retry_after = retry_after


class UnreadableAnswerError(MixpanelQueryError):
    """An answer that said yes, but does not have the documented shape.

    Attributes:
        request: What was asked.
    """

    def __init__(self, message: str, *, request: QueryRequest) -> None:
        super().__init__(message)
        self.request = request


class ExportFolderError(MixpanelQueryError):
    """A folder that holds another export, is in use, or cannot be written.

    Attributes:
        path: The folder.
    """

    def __init__(self, message: str, *, path: Path) -> None:
        super().__init__(message)
        self.path = path


class ExportTruncatedError(MixpanelQueryError):
    """An export that ended before its last event, or holds a line that is no event.

    Attributes:
        request: What was asked.
        window: The days that were asked for; ask for all of them again.
        rows: How many events were handed over before the cut.
        tail: The beginning of the first line that is not an event, at most 200
            characters; empty if the stream was cut between two lines.
    """

    def __init__(
        self,
        message: str,
        *,
        request: QueryRequest,
        window: Window,
        rows: int,
        tail: str,
    ) -> None:
        super().__init__(message)
        self.request = request
        self.window = window
        self.rows = rows
        self.tail = tail


class MultipleProfilesFoundException(MixpanelQueryError, ValueError):
    """An e-mail address that is in several profiles; called as in pyramid_mixpanel.

    Attributes:
        email: The address.
        profile_ids: The profiles, each as ``{"distinct_id": …, "email": …}``, which is
            what pyramid_mixpanel calls so; at most those of one page.
    """

    def __init__(self, email: str, profile_ids: Sequence[object]) -> None:
        super().__init__(
            f"Multiple Mixpanel profiles found for email: {email} - "
            f"Profile IDs: {profile_ids}"
        )
        self.email = email
        self.profile_ids = profile_ids
