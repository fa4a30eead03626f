"""Tests of mixpanel_query.pyramid_settings, and of lesson 19."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import respx

from mixpanel_query import MixpanelQuery
from mixpanel_query.exceptions import (
    CredentialsRefusedError,
    InvalidQueryError,
    MultipleProfilesFoundException,
)

ACCOUNT = {
    "mixpanel.service_account.username": "app.1a2b3c",
    "mixpanel.service_account.secret": "hunter2-hunter2",
    "mixpanel.service_account.project_id": "12345",
}
SCRIPT = "function main() { return People(); }"


def old_query(**settings: str) -> MixpanelQuery:
    """Make one with the setting that pyramid_mixpanel has."""
    with pytest.warns(DeprecationWarning, match="2027-03-03"):
        return MixpanelQuery({"mixpanel.api_secret": "hunter2-hunter2", **settings})


def engage_page(*ids: str) -> dict[str, object]:
    """Write the page of profiles that have the same address."""
    rows = [
        {"$distinct_id": each, "$properties": {"$email": "joe@example.com"}}
        for each in ids
    ]
    return {"page": 0, "page_size": 1000, "session_id": "S", "results": rows}


def called(route: respx.Route) -> dict[str, str]:
    """Return the form that was sent."""
    return dict(httpx.QueryParams(route.calls.last.request.content.decode()))


@respx.mock
@pytest.mark.parametrize("name", ["jql", "script"])
def test_script(name: str) -> None:
    """A script is taken under the old name and the new one."""
    rows = [{"distinct_id": "1"}]
    route = respx.post("https://mixpanel.com/api/query/jql").respond(json=rows)

    assert old_query().jql(**{name: SCRIPT}) == rows  # type: ignore[arg-type]

    assert called(route) == {"script": SCRIPT}
    secret = base64.b64encode(b"hunter2-hunter2:").decode()
    assert route.calls.last.request.headers["Authorization"] == f"Basic {secret}"


@respx.mock
def test_script_with_values() -> None:
    """Values go beside the script, in the project and the region of the settings."""
    route = respx.post("https://eu.mixpanel.com/api/query/jql").respond(json=[])

    query = MixpanelQuery({**ACCOUNT, "mixpanel.region": "eu"})

    assert query.jql(SCRIPT, {"email": "x'"}) == []
    assert json.loads(called(route)["params"]) == {"email": "x'"}
    assert route.calls.last.request.url.params["project_id"] == "12345"


@pytest.mark.parametrize("given", [{}, {"jql": SCRIPT, "script": SCRIPT}])
def test_one_script(given: dict[str, Any]) -> None:
    """There is exactly one script."""
    with pytest.raises(InvalidQueryError, match="takes one script"):
        MixpanelQuery(ACCOUNT).jql(**given)


@respx.mock
@pytest.mark.parametrize(
    ("ids", "expected"),
    [((), None), (("1",), {"distinct_id": "1", "email": "joe@example.com"})],
)
def test_profile_by_email(ids: tuple[str, ...], expected: object) -> None:
    """Nobody is None, and one is their id and address."""
    respx.post("https://mixpanel.com/api/query/engage").respond(json=engage_page(*ids))

    assert old_query().profile_by_email("joe@example.com") == expected


@respx.mock
def test_several_profiles() -> None:
    """Several are the exception of pyramid_mixpanel, with the same facts."""
    page = engage_page("1", "2")
    respx.post("https://mixpanel.com/api/query/engage").respond(json=page)

    with pytest.raises(MultipleProfilesFoundException) as caught:
        old_query().profile_by_email("joe@example.com")

    assert caught.value.email == "joe@example.com"
    assert caught.value.profile_ids == [
        {"distinct_id": "1", "email": "joe@example.com"},
        {"distinct_id": "2", "email": "joe@example.com"},
    ]


@respx.mock
def test_address_is_no_code() -> None:
    """Lesson 19: pyramid_mixpanel pastes the address into a script; here it is data."""
    route = respx.post("https://mixpanel.com/api/query/engage")
    route.respond(json=engage_page())

    assert old_query().profile_by_email("' || true || '") is None

    form = called(route)
    assert "script" not in form
    assert form["where"] == '''properties["$email"] == "' || true || '"'''


@respx.mock
def test_refusal_shows_no_secret() -> None:
    """An answer that echoes the secret is shown without it."""
    respx.post("https://mixpanel.com/api/query/jql").respond(
        401, text="bad hunter2-hunter2"
    )

    with pytest.raises(CredentialsRefusedError) as caught:
        old_query().jql(SCRIPT)

    assert "hunter2" not in f"{caught.value} {caught.value.body}"
    assert "hunter2" not in repr(old_query())


def test_base_url(scripted: Callable[..., Any], reply: Callable[..., bytes]) -> None:
    """The address of mixpanel-pyramid's settings is asked for queries too."""
    server = scripted(reply(b"[1]"))

    rows = MixpanelQuery({**ACCOUNT, "mixpanel.base_url": server.base_url}).jql(SCRIPT)

    assert rows == [1]
    assert server.requests[0].startswith("POST /api/query/jql?project_id=12345 ")


def test_service_account_comes_first() -> None:
    """With a service account, nobody is told of the end of secrets."""
    query = MixpanelQuery({**ACCOUNT, "mixpanel.api_secret": "hunter2-hunter2"})

    assert "ServiceAccount" in repr(query)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({}, "or mixpanel.api_secret"),
        ({"mixpanel.api_secret": " "}, "or mixpanel.api_secret"),
        (
            {"mixpanel.service_account.username": "x"},
            "mixpanel.service_account.secret, mixpanel.service_account.project_id are",
        ),
        (ACCOUNT | {"mixpanel.region": "mars"}, "region 'mars' is unknown"),
        (ACCOUNT | {"mixpanel.base_url": "nowhere"}, "base_url is no address"),
    ],
)
def test_settings_that_cannot_work(settings: dict[str, str], problem: str) -> None:
    """What is missing or wrong is named when the object is made."""
    with pytest.raises(InvalidQueryError, match=problem):
        MixpanelQuery(settings)
