"""A process that asks as fast as its budget lets it, eight times at once.

Run as ``python asking_process.py KIND BASE_URL FILE BEGAN``, where KIND is
``threads``, ``asyncio`` or ``trio``, and BEGAN is when the compressed clock began.
"""

from __future__ import annotations

import os
import sys
import threading
import time

import anyio

from mixpanel_query import AsyncClient, Budget, Client, RetryPolicy, ServiceAccount

# Seconds of the compressed clock in a second.
SPEED = 1800
ACCOUNT = ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 12345)
ONCE = RetryPolicy(attempts=1)


def compressed(began: float) -> float:
    """Return the time of a clock on which an hour takes two seconds."""
    return 1e9 + (time.time() - began) * SPEED


def main() -> None:
    """Ask until somebody ends this process."""
    kind, base_url, file, began = sys.argv[1:]
    budget = Budget(file, max_wait=float("inf"), clock=lambda: compressed(float(began)))
    base_url = f"{base_url}/{os.getpid()}"
    if kind != "threads":
        anyio.run(ask_in_tasks, base_url, budget, backend=kind)
        return
    with Client(ACCOUNT, base_url=base_url, budget=budget, retry=ONCE) as client:
        threads = [threading.Thread(target=ask, args=[client]) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def ask(client: Client) -> None:
    """Ask again and again."""
    while True:
        client.event_names()


async def ask_in_tasks(base_url: str, budget: Budget) -> None:
    """Ask again and again, in eight tasks."""
    async with (
        AsyncClient(ACCOUNT, base_url=base_url, budget=budget, retry=ONCE) as client,
        anyio.create_task_group() as tasks,
    ):

        async def ask() -> None:
            while True:
                await client.event_names()

        for _ in range(8):
            tasks.start_soon(ask)


if __name__ == "__main__":
    main()
