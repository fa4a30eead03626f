"""Errors of the local project.

MixpanelQueryError
└ LocalProjectError         a setting, a file or a port that cannot be used
  └ RequestRefusedError     a request that is answered with an error

Every message is one line: what was given, what is allowed, what to do.
"""

from __future__ import annotations

from mixpanel_query.exceptions import MixpanelQueryError

__all__ = ["LocalProjectError", "RequestRefusedError"]


class LocalProjectError(MixpanelQueryError):
    """The local project cannot do what it was told to."""


class RequestRefusedError(LocalProjectError):
    """A request that the local project answers with an error.

    Attributes:
        status: The HTTP status code of the answer.
        message: The text of the answer.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
