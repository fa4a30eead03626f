"""A reader who does what a Markdown page says, in an empty folder, and compares.

``page_steps`` says how a page is written. Files are written, commands are run by one
bash, with what the page shows below them as their exact output, in which ``...`` stands
for anything. A command that ends in ``&`` is a job: the page goes on as soon as it has
printed what is shown, and it is ended with the page. A command may fail only where the
page goes on with ``echo $?``. Installations are checked, and not run. A port that the
page names is replaced by a free one, so that pages can be followed side by side.
"""

from __future__ import annotations

import doctest
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.tutorials.installations import installation_problems, is_installation
from tests.tutorials.page_error import PageError
from tests.tutorials.page_shell import PageShell, ShellStoppedError
from tests.tutorials.page_steps import (
    Command,
    WrittenFile,
    page_steps,
    with_free_ports,
)

EXACTLY = doctest.DONT_ACCEPT_BLANKLINE | doctest.DONT_ACCEPT_TRUE_FOR_1
FLAGS = doctest.ELLIPSIS | EXACTLY


@dataclass
class Followed:
    """What a reader has done.

    Attributes:
        commands: How many commands ran.
        files: How many files were written.
        installations: How many commands were checked only.
    """

    commands: int = 0
    files: int = 0
    installations: int = 0


def follow(page: Path, folder: Path, *, limit: float = 120) -> Followed:
    """Do what a page says, and see what it shows.

    Args:
        page: The Markdown file.
        folder: An empty folder for the reader's own folder, home, and jobs' output.
        limit: Seconds that each command may take.

    Raises:
        PageError: If something is not as the page says, or no command ran.
    """
    steps = page_steps(with_free_ports(page.read_text("utf-8")))
    try:
        done = follow_steps(steps, folder, limit)
    except PageError as error:
        raise PageError(error.line, f"{page.name}: {error.problem}") from None
    if not done.commands:
        raise PageError(1, f"{page.name}: no command of the page ran")
    return done


def follow_steps(
    steps: list[WrittenFile | Command], folder: Path, limit: float
) -> Followed:
    """Do one step after another."""
    done = Followed()
    reader, home = folder / "reader", folder / "home"
    for made in (reader, home):
        made.mkdir()
    with PageShell(reader, home) as shell:
        for step in steps:
            if isinstance(step, WrittenFile):
                path = reader / step.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(step.text, "utf-8")
                done.files += 1
            elif is_installation(step.text):
                for problem in installation_problems(step.text):
                    raise PageError(step.line, problem)
                done.installations += 1
            else:
                do = begin_job if step.is_in_background else run_command
                try:
                    do(shell, step, folder, limit)
                except ShellStoppedError as stopped:
                    raise PageError(step.line, f"$ {step.text}\n{stopped}") from None
                done.commands += 1
    return done


def run_command(shell: PageShell, step: Command, _folder: Path, limit: float) -> None:
    """Run a command to its end, and compare."""
    ran = shell.run(step.text, limit)
    if ran.status and not step.may_fail:
        problem = f"$ {step.text}\nfailed with {ran.status}; got:\n{ran.output}"
        raise PageError(step.line, problem)
    if not matches(step.output, ran.output):
        raise PageError(step.line, difference(step, ran.output))


def begin_job(shell: PageShell, step: Command, folder: Path, limit: float) -> None:
    """Begin a job, and wait for what the page shows of it."""
    output = folder / f"job-{step.line}.txt"
    shell.run(step.text, limit, output)
    if not step.output:
        return
    shown = f"{step.output.rstrip()}..."
    begun = wait_for(lambda: matches(shown, output.read_text()), limit)
    if not begun:
        raise PageError(step.line, difference(step, output.read_text()))


def wait_for(is_so: Callable[[], bool], limit: float) -> bool:
    """Tell whether something becomes so within some seconds."""
    until = time.monotonic() + limit
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def matches(shown: str, printed: str) -> bool:
    """Tell whether a command printed what the page shows, ``...`` for anything."""
    checker = doctest.OutputChecker()
    return checker.check_output(trimmed(shown), trimmed(printed), FLAGS)


def trimmed(text: str) -> str:
    """Leave out white space where nobody sees it: at the ends of lines and text."""
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())


def difference(step: Command, printed: str) -> str:
    """Say what the page shows, and what came."""
    return f"$ {step.text}\nthe page shows:\n{step.output}\nbut it printed:\n{printed}"
