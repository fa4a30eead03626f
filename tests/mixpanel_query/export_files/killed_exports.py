"""Runs exports in processes that may be killed; started by test_crashes.py.

Reads a line ``FOLDER STEP`` and exports into the folder in a process of its own, which
kills itself before that step on the files of the folder; step 0 is none. Prints the
number of the process when it begins, and how it ended.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from mixpanel_query import Client, RetryPolicy, ServiceAccount
from mixpanel_query.export_files import spans

STEPS = {"open", "os.rename", "os.remove", "os.mkdir"}


def export(client: Client, folder: Path, step: int) -> None:
    """Export, and be killed before a step."""
    steps = 0

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal steps
        if event in STEPS and str(arguments[0]).startswith(str(folder)):
            steps += 1
            if steps == step:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    client.export_to(folder, "2024-11-01", "2024-11-03", refresh_days=5)


def main() -> None:
    """Run one export after another."""
    account = ServiceAccount("reports.1a2b3c", "hunter2-hunter2", 12345)
    client = Client(account, base_url=sys.argv[1], retry=RetryPolicy(attempts=1))
    spans.CALLS = 2  # type: ignore[misc]  # so that one of three days' spans has two
    for line in sys.stdin:
        folder, step = line.split()
        process = os.fork()
        if process == 0:
            export(client, Path(folder), int(step))
            os._exit(0)
        print(process, flush=True)  # noqa: T201
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
