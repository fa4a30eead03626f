"""Tests of mixpanel_query.environment."""

from __future__ import annotations

import asyncio

import pytest

from mixpanel_query import AsyncClient, Client
from mixpanel_query.environment import read_environment
from mixpanel_query.exceptions import InvalidQueryError

GOOD = {
    "MIXPANEL_USERNAME": "reports.1a2b3c",
    "MIXPANEL_SECRET": "hunter2-hunter2",
    "MIXPANEL_PROJECT_ID": "12345",
}


def test_defaults() -> None:
    """Without a region it is the US, at Mixpanel's own hosts."""
    found = read_environment(GOOD)

    assert (found.region, found.base_url) == ("us", None)
    assert found.credentials.project_id == 12345


def test_everything() -> None:
    """Region and base URL are read; spaces around a value do not count."""
    found = read_environment(
        {**GOOD, "MIXPANEL_REGION": " EU ", "MIXPANEL_BASE_URL": "http://127.0.0.1:1"}
    )

    assert (found.region, found.base_url) == ("eu", "http://127.0.0.1:1")


def test_all_problems_at_once() -> None:
    """One line names every variable that is missing, empty or wrong."""
    with pytest.raises(InvalidQueryError) as caught:
        read_environment(
            {
                "MIXPANEL_SECRET": "",
                "MIXPANEL_PROJECT_ID": "d41d8cd98f00b204",
                "MIXPANEL_REGION": "uk",
                "MIXPANEL_BASE_URL": "example.com",
            }
        )

    assert str(caught.value) == (
        "MIXPANEL_USERNAME is not set; give the username of a Mixpanel service "
        "account (Organization Settings > Service Accounts); "
        "MIXPANEL_SECRET is not set; give the secret of that service account, shown "
        "once when it is made; "
        "MIXPANEL_PROJECT_ID: project id is not a number; take the Project ID from "
        "Mixpanel's Project Settings > Overview, not the project token; "
        "MIXPANEL_REGION: region 'uk' is unknown; use us, eu or in, as Mixpanel shows "
        "it under Project Settings > Overview > Data Residency; "
        "MIXPANEL_BASE_URL: base_url is no address; it begins with http:// or "
        "https:// and names a host"
    )


def test_secret_is_not_in_the_error() -> None:
    """A secret that stands in the wrong variable is not quoted."""
    wrong = {**GOOD, "MIXPANEL_PROJECT_ID": "hunter2-hunter2"}

    with pytest.raises(InvalidQueryError) as caught:
        read_environment(wrong)

    assert "hunter2" not in str(caught.value)


def test_client_from_a_mapping() -> None:
    """A client can be made from a mapping."""
    with Client.from_env(GOOD) as client:
        assert isinstance(client, Client)


def test_async_client_from_a_mapping() -> None:
    """An async client can, too."""
    client = AsyncClient.from_env(GOOD)
    asyncio.run(client.close())

    assert isinstance(client, AsyncClient)


def test_clients_from_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a mapping the variables of the process count."""
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MIXPANEL_REGION", "nowhere")

    for client in (Client, AsyncClient):
        with pytest.raises(InvalidQueryError, match=r"^MIXPANEL_REGION"):
            client.from_env()


def test_data_view() -> None:
    """The number of a data view is read, for both clients."""
    environ = {**GOOD, "MIXPANEL_WORKSPACE_ID": " 77 "}

    assert read_environment(GOOD).workspace_id is None
    assert read_environment(environ).workspace_id == 77


@pytest.mark.parametrize("given", ["0", "-1", "view", "1.5", "٣", "9" * 19])
def test_no_data_view(given: str) -> None:
    """What is no number of a data view is refused, by the name of its variable."""
    with pytest.raises(InvalidQueryError, match=r"^MIXPANEL_WORKSPACE_ID: "):
        read_environment({**GOOD, "MIXPANEL_WORKSPACE_ID": given})
