"""Tests of the client that awaits, under trio: what streams, and what is asked once."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest
import trio

from mixpanel_query import AsyncClient, RetryPolicy

Make = Callable[..., Any]
ONCE = RetryPolicy(attempts=1)
AGAIN = RetryPolicy(attempts=2, first_pause=0)


def line(number: int) -> bytes:
    """One line of an export."""
    properties = {"time": 1_795_694_400 + number, "$insert_id": str(number)}
    return json.dumps({"event": "Sign Up", "properties": properties}).encode() + b"\n"


def test_question(scripted: Make, reply: Make, account: Any) -> None:  # noqa: ANN401
    """A question is answered."""
    server = scripted(reply(b'["Sign Up"]'))

    async def ask() -> list[str]:
        async with AsyncClient(account, base_url=server.base_url, retry=ONCE) as client:
            return await client.event_names()

    assert trio.run(ask) == ["Sign Up"]


def test_export_that_is_cut_once(
    scripted: Make,
    reply: Make,
    account: Any,  # noqa: ANN401
) -> None:
    """What the first fetch did not have comes with the second one, nothing twice."""
    rows = [line(number) for number in range(3)]
    server = scripted(reply(rows[0] + rows[1][:20]), reply(b"".join(rows)))

    async def export() -> list[str | None]:
        async with AsyncClient(
            account, base_url=server.base_url, retry=AGAIN
        ) as client:
            events = client.export("2026-11-26", "2026-11-26")
            return [event.insert_id async for event in events]

    assert trio.run(export) == ["0", "1", "2"]


# httpx leaves closing the generators of its own stream to the collector of garbage.
@pytest.mark.filterwarnings("ignore:Async generator 'http:ResourceWarning")
def test_export_that_is_left(scripted: Make, reply: Make, account: Any) -> None:  # noqa: ANN401
    """Whoever stops early closes the connection, and the client goes on."""
    rows = b"".join(line(number) for number in range(1000))
    server = scripted(reply(rows), reply(b'["Sign Up"]'))

    async def export() -> tuple[str | None, list[str]]:
        async with AsyncClient(account, base_url=server.base_url, retry=ONCE) as client:
            async with aclosing(client.export("2026-11-26", "2026-11-26")) as events:
                first = await anext(events)
            return first.insert_id, await client.event_names()

    assert trio.run(export) == ("0", ["Sign Up"])


def test_rows_of_jql(scripted: Make, reply: Make, account: Any) -> None:  # noqa: ANN401
    """The rows of a script come one by one."""
    server = scripted(reply(b'[{"key": ["a"], "value": 1}, 2, [3]]'))

    async def run() -> list[object]:
        async with AsyncClient(account, base_url=server.base_url, retry=ONCE) as client:
            script = "function main() { return People() }"
            return [row async for row in client.iter_jql(script)]

    assert trio.run(run) == [{"key": ["a"], "value": 1}, 2, [3]]


def test_export_into_a_folder(
    scripted: Make,
    reply: Make,
    account: Any,  # noqa: ANN401
    tmp_path: Any,  # noqa: ANN401
) -> None:
    """A day is exported into its file."""
    server = scripted(reply(line(0)))

    async def export() -> None:
        async with AsyncClient(account, base_url=server.base_url, retry=ONCE) as client:
            await client.export_to(tmp_path, "2026-11-26", "2026-11-26")

    trio.run(export)
    [file] = tmp_path.glob("*.jsonl")
    assert file.read_bytes() == line(0)
