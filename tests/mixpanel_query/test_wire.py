"""Tests of mixpanel_query.wire."""

from __future__ import annotations

import pytest

from mixpanel_query import OAuthToken, ProjectSecret, ServiceAccount
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.wire import Destination, QueryRequest

ACCOUNT = ServiceAccount("reports", "hunter2-hunter2", 12345)
EVENTS = QueryRequest("/api/query/events", {"unit": "day"})
EXPORT = QueryRequest("/api/2.0/export", {}, "export")


@pytest.mark.parametrize(
    ("region", "events", "export"),
    [
        ("us", "https://mixpanel.com", "https://data.mixpanel.com"),
        ("eu", "https://eu.mixpanel.com", "https://data-eu.mixpanel.com"),
        ("in", "https://in.mixpanel.com", "https://data-in.mixpanel.com"),
    ],
)
def test_hosts(region: str, events: str, export: str) -> None:
    """Each region has a host for queries and one for the export."""
    destination = Destination(ACCOUNT, region)

    assert destination.url(EVENTS) == f"{events}/api/query/events"
    assert destination.url(EXPORT) == f"{export}/api/2.0/export"


def test_base_url_replaces_every_host() -> None:
    """With a base URL nothing goes to Mixpanel."""
    destination = Destination(ACCOUNT, "eu", "http://127.0.0.1:8080/")

    assert destination.url(EVENTS) == "http://127.0.0.1:8080/api/query/events"
    assert destination.url(EXPORT) == "http://127.0.0.1:8080/api/2.0/export"


def test_number_of_the_project_stands_in_the_path() -> None:
    """A path that says which project is asked has its number."""
    schemas = QueryRequest("/api/app/projects/{project_id}/schemas", family="app")

    assert Destination(ACCOUNT).addressed(schemas).path == (
        "/api/app/projects/12345/schemas"
    )
    assert Destination(ACCOUNT).addressed(EVENTS) is EVENTS


@pytest.mark.parametrize("given", ["7&project_id=1", "7", 0, -1, True, 7.0, ""])
def test_workspace_is_a_number(given: object) -> None:
    """What is no number of a data view is refused before anything is sent."""
    with pytest.raises(InvalidQueryError, match="workspace_id"):
        Destination(ACCOUNT, workspace_id=given)  # type: ignore[arg-type]


def test_project_is_named() -> None:
    """A service account must say which project it asks."""
    assert Destination(ACCOUNT).params(EVENTS) == {"unit": "day", "project_id": "12345"}


def test_project_secret_names_no_project() -> None:
    """A project secret belongs to one project."""
    with pytest.warns(DeprecationWarning, match="service account"):
        destination = Destination(ProjectSecret("hunter2"))

    assert destination.params(EVENTS) == {"unit": "day"}


def test_workspace_is_not_for_the_export() -> None:
    """Data views apply to queries only."""
    destination = Destination(ACCOUNT, workspace_id=7)

    assert destination.params(EVENTS)["workspace_id"] == "7"
    assert "workspace_id" not in destination.params(EXPORT)


def test_headers() -> None:
    """Every request carries the credentials and asks for gzip."""
    assert Destination(OAuthToken("abc", 1)).headers() == {
        "Authorization": "Bearer abc",
        "Accept-Encoding": "gzip",
        "User-Agent": "mixpanel-query",
    }


@pytest.mark.parametrize(
    ("base_url", "source"),
    [
        (None, "eu.mixpanel.com (region eu)"),
        ("http://127.0.0.1:8080/x", "127.0.0.1:8080"),
    ],
)
def test_source(base_url: str | None, source: str) -> None:
    """Messages name the host, and the region where it counts."""
    assert Destination(ACCOUNT, "eu", base_url).source(EVENTS) == source


def test_what_are_no_credentials() -> None:
    """A tuple is not taken for credentials, and its secret is not shown."""
    with pytest.raises(InvalidQueryError, match="are a tuple; give a Serv") as caught:
        Destination(("reports", "hunter2"))  # type: ignore[arg-type]

    assert "hunter2" not in str(caught.value)


def test_secret_is_in_no_repr() -> None:
    """Where questions go can be printed."""
    assert "hunter2" not in repr(Destination(ACCOUNT))


def test_half_a_character() -> None:
    """What UTF-8 cannot hold is refused, not a traceback of whoever encodes it."""
    request = QueryRequest("/api/query/segmentation", {"event": "a\udcff"})

    with pytest.raises(InvalidQueryError, match=r"event 'a\\udcff' holds half a char"):
        Destination(ACCOUNT).params(request)
