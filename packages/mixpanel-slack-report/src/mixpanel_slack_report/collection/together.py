"""Runs a few tasks at once, and leaves no thread behind."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

__all__ = ["run_together"]

Result = TypeVar("Result")


class Team(Generic[Result]):
    """Threads that take tasks from one list until it is empty.

    They are daemons: who interrupts the program does not wait for an answer that may
    take minutes.
    """

    def __init__(self, tasks: Sequence[Callable[[], Result]]) -> None:
        self.waiting = deque(enumerate(tasks))
        self.done: SimpleQueue[tuple[int, Result | BaseException, bool]] = SimpleQueue()
        self.threads: list[Thread] = []

    def start(self, at_once: int) -> None:
        """Start the threads."""
        for _ in range(min(at_once, len(self.waiting))):
            thread = Thread(target=self.work, name="mixpanel-question", daemon=True)
            self.threads.append(thread)
            thread.start()

    def work(self) -> None:
        """Take tasks until there are none; hand over what each returns or raises."""
        while True:
            try:
                number, task = self.waiting.popleft()
            except IndexError:
                return
            try:
                self.done.put((number, task(), False))
            except BaseException as error:  # raised again by who waits for it
                self.waiting.clear()
                self.done.put((number, error, True))

    def end(self) -> None:
        """Start no further task, and wait for those that run."""
        self.waiting.clear()
        for thread in self.threads:
            thread.join()


def run_together(
    tasks: Sequence[Callable[[], Result]],
    *,
    at_once: int,
    on_done: Callable[[], None],
) -> list[Result]:
    """Run tasks in threads, and return what they return, in their order.

    The first task that raises ends it: no other one is started, those that run are
    waited for, and the error is raised. An interruption of the caller, such as
    Ctrl-C, is not held up by those that run.

    Args:
        tasks: What to run; a single one runs in the thread that calls.
        at_once: How many threads there are at most.
        on_done: Called by the thread that calls whenever a task is done.

    >>> run_together([lambda: 1, lambda: 2], at_once=5, on_done=lambda: None)
    [1, 2]
    """
    if len(tasks) == 1:
        only = tasks[0]()
        on_done()
        return [only]
    team = Team(tasks)
    results: dict[int, Result] = {}
    try:
        team.start(at_once)
        while len(results) < len(tasks):
            number, result, is_raised = team.done.get()
            if is_raised and isinstance(result, BaseException):
                raise result
            results[number] = result  # type: ignore[assignment]
            on_done()
    except Exception:
        team.end()
        raise
    except BaseException:
        team.waiting.clear()
        raise
    team.end()
    return [results[number] for number in range(len(tasks))]
