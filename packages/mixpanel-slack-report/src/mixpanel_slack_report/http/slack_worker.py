"""A thread that takes orders of slash commands from a queue, one after another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType

from mixpanel_slack_report.exceptions import LedgerError
from mixpanel_slack_report.http.mishaps import mishap_line
from mixpanel_slack_report.http.slack_work import SlackWork
from mixpanel_slack_report.http.work import WorkItem, WorkQueue

__all__ = ["SlackWorker"]

# How long a stop waits for a report that is being made; a report that is cut off is
# begun again by the next start, and the ledger knows whether it was posted.
PATIENCE = 4.0


class SlackWorker:
    """Works in a ``with`` block; any thread may hand in work.

    Args:
        queue: Where the work waits.
        work: Does an item, and raises nothing.
        log: Is told when the queue cannot be used.
        pause: Seconds after which a queue that was empty is looked at again, for what
            another process handed in or left undone.
    """

    def __init__(
        self,
        queue: WorkQueue,
        work: SlackWork,
        *,
        log: Callable[[str], None],
        pause: float = 2.0,
    ) -> None:
        self._queue = queue
        self._work = work
        self._log = log
        self._pause = pause
        self._stopping = False
        self._trouble = ""
        self._awake = threading.Event()
        # A daemon: what hangs for longer than the patience does not keep the process.
        self._thread = threading.Thread(
            target=self._run, name="slack-worker", daemon=True
        )

    def __enter__(self) -> SlackWorker:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopping = True
        self._awake.set()
        self._thread.join(PATIENCE)

    def put(self, item: WorkItem) -> None:
        """Keep an item until it is done, and wake the thread.

        Raises:
            LedgerError: If it cannot be kept.
        """
        self._queue.put(item)
        self._awake.set()

    def _run(self) -> None:
        """Do items until told to stop; sleep while there is none."""
        while True:
            # Cleared before anything is looked at, so that no call is missed.
            self._awake.clear()
            if self._stopping:
                return
            if not self._step():
                self._awake.wait(self._pause)

    def _step(self) -> bool:
        """Do one item; False if there is none, or the queue cannot be used."""
        try:
            taken = self._queue.take()
            if taken is not None:
                self._work.do(taken.item, tries=taken.tries)
                taken.done()
        except LedgerError as error:
            # Said once, and not every two seconds.
            if str(error) != self._trouble:
                self._log(f"slash command: {error}")
            self._trouble = str(error)
            return False
        except Exception as error:  # a thread that ends would take no order any more
            self._log(f"slash command: {mishap_line(error)}")
            return False
        self._trouble = ""
        return taken is not None
