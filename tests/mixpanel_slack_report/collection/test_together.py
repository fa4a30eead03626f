"""Tasks that run at once."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from signal import SIGINT
from textwrap import dedent

import pytest

from mixpanel_slack_report.collection.together import run_together


def nothing() -> None:
    """Do nothing when a task is done."""


def alive() -> list[str]:
    """List the threads of questions."""
    return [t.name for t in threading.enumerate() if t.name == "mixpanel-question"]


def test_results_come_in_the_order_of_the_tasks() -> None:
    """The first task ends last."""
    second_is_done = threading.Event()

    def first() -> int:
        second_is_done.wait(10)
        return 1

    def second() -> int:
        second_is_done.set()
        return 2

    assert run_together([first, second], at_once=2, on_done=nothing) == [1, 2]
    assert alive() == []


def test_no_more_run_at_once_than_allowed() -> None:
    """Mixpanel takes five queries of a project at once."""
    lock, running, most = threading.Lock(), [0], [0]

    def task() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.02)
        with lock:
            running[0] -= 1

    run_together([task] * 12, at_once=5, on_done=nothing)

    assert most == [5]


def test_a_single_task_needs_no_thread() -> None:
    """It runs where it is called."""
    assert run_together([threading.get_ident], at_once=5, on_done=nothing) == [
        threading.get_ident()
    ]


def test_who_calls_is_told_of_each_task() -> None:
    """By its own thread, so that it may write to a terminal."""
    told: list[int] = []

    run_together(
        [lambda: None] * 3,
        at_once=5,
        on_done=lambda: told.append(threading.get_ident()),
    )

    assert told == [threading.get_ident()] * 3


def test_an_error_starts_no_other_task_and_leaves_no_thread() -> None:
    """Those that run are waited for."""
    started: list[int] = []
    failed = threading.Event()

    def fail() -> None:
        failed.set()
        message = "broken"
        raise ValueError(message)

    def slow() -> None:
        failed.wait(10)
        time.sleep(0.05)

    def later(number: int) -> None:
        started.append(number)

    tasks = [fail, slow, *[lambda: later(1)] * 50]
    with pytest.raises(ValueError, match="broken"):
        run_together(tasks, at_once=2, on_done=nothing)

    assert alive() == []
    assert len(started) < 50


def test_an_error_of_who_is_told_ends_it_too() -> None:
    """As when a terminal goes away."""

    def broken() -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        run_together([lambda: None] * 3, at_once=2, on_done=broken)

    assert alive() == []


def test_ctrl_c_does_not_wait_for_answers() -> None:
    """A process whose questions hang ends at once."""
    program = dedent(
        """
        import os, threading
        from mixpanel_slack_report.collection.together import run_together
        def hang():
            os.write(1, b"asked\\n")
            threading.Event().wait(60)
        run_together([hang, hang], at_once=2, on_done=lambda: None)
        """
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert [process.stdout.readline() for _ in range(2)] == ["asked\n", "asked\n"]
    process.send_signal(SIGINT)

    _, complaint = process.communicate(timeout=60)

    assert process.returncode != 0
    assert complaint.splitlines()[-1] == "KeyboardInterrupt"
