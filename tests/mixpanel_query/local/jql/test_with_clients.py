"""Our own clients and command against a local project that runs scripts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest

from mixpanel_query import AsyncClient, Client, ServiceAccount, jql
from mixpanel_query.command.program import run as run_command
from mixpanel_query.exceptions import (
    CredentialsRefusedError,
    MultipleProfilesFoundException,
    QueryRefusedError,
)
from mixpanel_query.jql import reducer
from mixpanel_query.local import LocalProject
from mixpanel_query.pyramid_settings import MixpanelQuery

ACCOUNT = ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 12345)
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)

# What pyramid_mixpanel sent to find somebody by an address.
BY_EMAIL = """
function main() {
  return People({user_selectors: [{selector: 'user["$email"] == "joe@example.com"'}]})
    .map(function (user) {
      return {distinct_id: user.distinct_id, email: user.properties.$email};
    });
}
"""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[LocalProject]:
    """Give a project with three profiles, two of which have one address."""
    addresses = {"joe": "joe@example.com", "o": 'o"neil@example.com', "al": "x@y.org"}
    addresses["al2"] = addresses["al"]
    rows = [
        {"$distinct_id": user, "$properties": {"$email": email}}
        for user, email in addresses.items()
    ]
    rows_of_events = [
        {
            "event": "Sign Up",
            "properties": {
                "distinct_id": f"user-{number % 1000}",
                "time": 1794211200 + number,  # from 2026-11-09 08:00 UTC on
                "$insert_id": str(number),
            },
        }
        for number in range(5000)
    ]
    with LocalProject(clock=lambda: NOW, credentials=ACCOUNT) as serving:
        for name, lines in (("profiles", rows), ("events", rows_of_events)):
            file = tmp_path / f"{name}.jsonl"
            file.write_text("".join(json.dumps(line) + "\n" for line in lines))
            serving.load(file)
        yield serving


@pytest.fixture
def client(project: LocalProject) -> Iterator[Client]:
    """Give a client of the project."""
    with Client(ACCOUNT, base_url=project.base_url) as serving:
        yield serving


QUERY = jql.events("2026-11-09", "2026-11-09").group_by_user(reducer.count())


def test_rows_of_a_query(client: Client) -> None:
    """Thousands of rows arrive, all at once or one by one."""
    rows = client.jql(QUERY)

    assert len(rows) == 1000
    assert rows[0] == {"key": ["user-0"], "value": 5}
    assert list(client.iter_jql(QUERY)) == rows


def test_rows_for_the_async_client(project: LocalProject) -> None:
    """They are the same."""

    async def ask() -> list[object]:
        async with AsyncClient(ACCOUNT, base_url=project.base_url) as client:
            return [row async for row in client.iter_jql(QUERY.reduce(reducer.count()))]

    assert asyncio.run(ask()) == [1000]


def test_error_of_a_script_arrives(client: Client) -> None:
    """With what JavaScript said, and where."""
    script = "function main() {\n  return Evens(params);\n}"

    with pytest.raises(
        QueryRefusedError,
        match=r"\(412\): ReferenceError: Evens is not defined \(line 2",
    ):
        client.jql(script)


def test_script_of_pyramid_mixpanel(client: Client) -> None:
    """The script that finds somebody by an address runs as it was."""
    assert client.jql(BY_EMAIL) == [{"distinct_id": "joe", "email": "joe@example.com"}]


def test_profile_by_email(client: Client) -> None:
    """Whoever has an address is found, whatever signs it holds."""
    found = client.profile_by_email('o"neil@example.com')

    assert found == {"distinct_id": "o", "email": 'o"neil@example.com'}
    assert client.profile_by_email("nobody@example.com") is None


def test_two_profiles_with_one_address(client: Client) -> None:
    """They are an error that names both."""
    with pytest.raises(MultipleProfilesFoundException, match="al2"):
        client.profile_by_email("x@y.org")


def test_settings_of_pyramid_mixpanel(project: LocalProject) -> None:
    """Who comes from pyramid_mixpanel asks the same, by the settings of the app."""
    settings = {
        "mixpanel.service_account.username": ACCOUNT.username,
        "mixpanel.service_account.secret": ACCOUNT.secret,
        "mixpanel.service_account.project_id": "12345",
        "mixpanel.base_url": project.base_url,
    }
    query = MixpanelQuery(settings)

    assert query.profile_by_email("joe@example.com") == {
        "distinct_id": "joe",
        "email": "joe@example.com",
    }
    assert len(query.jql(BY_EMAIL)) == 1


def test_command_runs_a_file(
    project: LocalProject,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """``mixpanel-query jql FILE`` prints the rows."""
    monkeypatch.setenv("MIXPANEL_USERNAME", ACCOUNT.username)
    monkeypatch.setenv("MIXPANEL_SECRET", ACCOUNT.secret)
    monkeypatch.setenv("MIXPANEL_PROJECT_ID", "12345")
    monkeypatch.setenv("MIXPANEL_BASE_URL", project.base_url)
    file = tmp_path / "users.js"
    file.write_text(
        "function main() { return People().map(u => [u.distinct_id, params.word]); }"
    )

    assert run_command(["jql", str(file), "--param", "word=x", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0] == ["al", "x"]


def test_stranger_may_not_run_scripts(project: LocalProject) -> None:
    """Scripts want the credentials that all questions want."""
    stranger = ServiceAccount("somebody", "wrong-wrong", 12345)
    with (
        Client(stranger, base_url=project.base_url) as client,
        pytest.raises(CredentialsRefusedError, match="401"),
    ):
        client.jql(BY_EMAIL)
