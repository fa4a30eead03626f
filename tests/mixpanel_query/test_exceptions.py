"""Tests of mixpanel_query.exceptions."""

from __future__ import annotations

import inspect
import pickle

import pytest

from mixpanel_query import Window, exceptions
from mixpanel_query.exceptions import (
    CredentialsRefusedError,
    ExportTruncatedError,
    InvalidQueryError,
    MixpanelDownError,
    MixpanelQueryError,
    MultipleProfilesFoundException,
    NoAnswerError,
    RateLimitedError,
    RefusedError,
    UnreadableAnswerError,
)
from mixpanel_query.wire import QueryRequest

REQUEST = QueryRequest("/api/query/events", {"event": '["Sign Up"]'})


def test_tree() -> None:
    """Every error is ours, and the tree is as drawn in the module."""
    parents = {
        name: kind.__bases__[0].__name__
        for name, kind in vars(exceptions).items()
        if inspect.isclass(kind) and issubclass(kind, Exception)
    }

    assert parents == {
        "MixpanelQueryError": "Exception",
        "InvalidQueryError": "MixpanelQueryError",
        "NoAnswerError": "MixpanelQueryError",
        "AnswerTimeoutError": "NoAnswerError",
        "RefusedError": "MixpanelQueryError",
        "QueryRefusedError": "RefusedError",
        "CredentialsRefusedError": "RefusedError",
        "RateLimitedError": "RefusedError",
        "MixpanelDownError": "RefusedError",
        "UnreadableAnswerError": "MixpanelQueryError",
        "ExportFolderError": "MixpanelQueryError",
        "ExportTruncatedError": "MixpanelQueryError",
        "MultipleProfilesFoundException": "MixpanelQueryError",
    }


def test_invalid_query_is_a_value_error() -> None:
    """What is refused here is a wrong value to Python too."""
    assert issubclass(InvalidQueryError, ValueError)


@pytest.mark.parametrize(
    "error",
    [
        InvalidQueryError("no"),
        NoAnswerError("no", request=REQUEST),
        RefusedError("no", request=REQUEST, status=402, body="pay"),
        CredentialsRefusedError("no", request=REQUEST, status=401, body="who"),
        RateLimitedError("no", request=REQUEST, status=429, body="", retry_after=1.0),
        MixpanelDownError("no", request=REQUEST, status=503, body="", retry_after=1.0),
        UnreadableAnswerError("no", request=REQUEST),
        ExportTruncatedError(
            "no",
            request=REQUEST,
            window=Window.of("2026-11-09", "2026-11-15"),
            rows=2,
            tail="x",
        ),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_travel_between_processes(error: MixpanelQueryError) -> None:
    """A worker process can hand an error back with all its facts."""
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert type(copy) is type(error)
    assert str(copy) == "no"
    assert vars(copy) == vars(error)


def test_multiple_profiles() -> None:
    """The exception says what pyramid_mixpanel's says, and travels too."""
    found = [{"distinct_id": "1", "email": "joe@example.com"}]

    error = pickle.loads(  # noqa: S301 - our own bytes
        pickle.dumps(MultipleProfilesFoundException("joe@example.com", found))
    )

    assert str(error) == (
        "Multiple Mixpanel profiles found for email: joe@example.com - Profile IDs: "
        "[{'distinct_id': '1', 'email': 'joe@example.com'}]"
    )
    assert (error.email, error.profile_ids) == ("joe@example.com", found)
    assert isinstance(error, ValueError)
