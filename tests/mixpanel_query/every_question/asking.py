"""Puts questions to a server through a client that waits, or one that awaits."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from mixpanel_query import AsyncClient, Client, RetryPolicy, ServiceAccount
from mixpanel_query.exceptions import MixpanelQueryError

Outcome = MixpanelQueryError | None
Asks = Iterable[Callable[[Any], Any]]
OPTIONS: dict[str, Any] = {
    "credentials": ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 12345),
    "retry": RetryPolicy(attempts=1),
    "workspace_id": 678,
}


def ask_and_wait(asks: Asks, base_url: str) -> list[Outcome]:
    """Ask one question after the other; return the error of each that failed."""
    with Client(**OPTIONS, base_url=base_url) as client:
        return [waited(client, ask) for ask in asks]


def waited(client: Client, ask: Callable[[Client], Any]) -> Outcome:
    """Ask one question and read all of its answer."""
    try:
        result = ask(client)
        if inspect.isgenerator(result):
            list(result)
    except MixpanelQueryError as error:
        return error
    return None


def ask_and_await(asks: Asks, base_url: str) -> list[Outcome]:
    """The same, awaited."""

    async def ask_all() -> list[Outcome]:
        async with AsyncClient(**OPTIONS, base_url=base_url) as client:
            return [await awaited(client, ask) for ask in asks]

    return asyncio.run(ask_all())


async def awaited(client: AsyncClient, ask: Callable[[AsyncClient], Any]) -> Outcome:
    """Ask one question and read all of its answer."""
    try:
        result = ask(client)
        if isinstance(result, Awaitable):
            await result
        else:
            async for _ in result:
                pass
    except MixpanelQueryError as error:
        return error
    return None
