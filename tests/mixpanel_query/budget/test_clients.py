"""Tests of clients with a budget, and of those that need none."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import respx

from mixpanel_query import AsyncClient, Budget, Client, ProjectSecret, ServiceAccount
from mixpanel_query.exceptions import MixpanelQueryError, RateLimitedError
from mixpanel_query.wire import Destination, QueryRequest

Make = Callable[..., Any]
SOMEONE = ServiceAccount("someone-else", "hunter3-hunter3", 12345)
NAMES = "https://mixpanel.com/api/query/events/names"


def names(client: Client) -> object:
    """Ask for names."""
    return client.event_names()


@respx.mock
def test_clients_share_a_budget_untold(account: ServiceAccount) -> None:
    """What one client asks is used for another one, and for an `AsyncClient`."""
    respx.get(NAMES).respond(json=["a"])
    with Client(account) as client:
        client.event_names()
        client.event_names()

    status = AsyncClient(account).budget()
    assert status.allowance("query").used == 2
    folder = os.environ["XDG_STATE_HOME"]
    assert status.file == str(Path(folder, "mixpanel-query", "budget"))


@respx.mock
def test_sixty_first_question(
    refused: Make, account: ServiceAccount, tmp_path: Path
) -> None:
    """The 61st question of an hour is refused here, and asked no second time."""
    route = respx.get(NAMES).respond(json=[])
    budget = Budget(tmp_path / "b", max_wait=0)
    with Client(account, budget=budget) as client:
        for _ in range(60):
            client.event_names()

    error = refused(names, budget=budget)
    assert isinstance(error, RateLimitedError)
    assert "nothing was sent" in str(error)
    assert route.call_count == 60


def test_this_machine_has_no_limits(account: ServiceAccount, scripted: Make) -> None:
    """A server on this machine is asked without a budget, and no file is made."""
    server = scripted(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
    with Client(account, base_url=server.base_url) as client:
        assert client.event_names() == []

        status = client.budget()
    assert (status.allowances, status.file) == ((), None)
    assert not Path(os.environ["XDG_STATE_HOME"]).exists()


def test_limits_on_this_machine_if_wanted(
    ask: Make,
    scripted: Make,
    reply: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who names a budget file has one for a server on this machine too."""
    monkeypatch.setenv("MIXPANEL_BUDGET_FILE", str(tmp_path / "here" / "b"))
    server = scripted(reply(b"[]"))
    ask(names, base_url=server.base_url)

    client = Client(SOMEONE, base_url=server.base_url)
    assert client.budget().allowance("query").used == 1
    assert (tmp_path / "here" / "b").is_file()


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 500 Oops\r\nContent-Length: 2\r\n\r\nno"],
    ids=["no answer", "refusal"],
)
def test_failures_give_the_place_back(
    refused: Make,
    scripted: Make,
    account: ServiceAccount,
    tmp_path: Path,
    answer: bytes,
) -> None:
    """A question that failed is no longer under way, and counts."""
    budget = Budget(tmp_path / "b")
    server = scripted(answer)
    refused(names, base_url=server.base_url, budget=budget)

    client = Client(account, base_url=server.base_url, budget=budget)
    row = client.budget().allowance("query")
    assert (row.used, row.under_way) == (1, 0)


def test_question_that_cannot_be_sent_costs_nothing(
    refused: Make, account: ServiceAccount, tmp_path: Path
) -> None:
    """What is refused before it is sent is not counted."""
    budget = Budget(tmp_path / "b")
    error = refused(
        lambda client: client.segmentation("a\udcff", "2026-11-09", "2026-11-15"),
        budget=budget,
    )

    assert isinstance(error, MixpanelQueryError)
    assert Client(account, budget=budget).budget().allowance("query").used == 0


def test_secret_is_not_in_the_file(account: ServiceAccount, tmp_path: Path) -> None:
    """The file holds neither secret, nor name, nor the project's number."""
    with pytest.warns(DeprecationWarning, match="2027-03-03"):
        secret = ProjectSecret("hunter2-hunter2")
    for credentials in (account, secret):
        gate = Budget(tmp_path / "b").gate(Destination(credentials))
        gate.enter(QueryRequest("/api/query/events"))

    data = (tmp_path / "b").read_bytes()
    assert len(data) > 16_000
    for text in (b"hunter2", b"reports", b"12345", b"aHVudGVy"):
        assert text not in data
