"""The reader of the pages: what passes, and above all what does not."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest
from tests.tutorials.page_error import PageError
from tests.tutorials.page_steps import page_steps, with_free_ports
from tests.tutorials.pasted_page import Followed, follow


def followed(folder: Path, text: str, limit: float = 20) -> Followed:
    """Follow a page that is made up."""
    page = folder / "page.md"
    page.write_text(text)
    return follow(page, folder, limit=limit)


def console(*lines: str) -> str:
    """Write a block of commands."""
    return "\n".join(["```console", *lines, "```", ""])


def test_files_and_commands(tmp_path: Path) -> None:
    """A file is written before the commands below it run, folder and all."""
    page = '```python title="shop/names.py"\nprint("hello")\n```\n'

    done = followed(tmp_path, page + console("$ python shop/names.py", "hello"))

    assert done == Followed(commands=1, files=1)


def test_a_later_file_replaces_the_earlier(tmp_path: Path) -> None:
    """A page may write a file again."""
    first = '```text title="a.txt"\none\n```\n' + console("$ cat a.txt", "one")
    second = '```text title="a.txt"\ntwo\n```\n' + console("$ cat a.txt", "two")

    assert followed(tmp_path, first + second).files == 2


def test_one_shell_for_the_page(tmp_path: Path) -> None:
    """A folder and a variable of one block are there in the next."""
    first = console("$ mkdir made && cd made", "$ word=seen")
    second = console("$ echo $word in ${PWD##*/}", "seen in made")

    assert followed(tmp_path, first + second).commands == 3


def test_a_command_of_several_lines(tmp_path: Path) -> None:
    """What follows the sign > belongs to the command above."""
    lines = ("$ for word in a b; do", "> echo $word", "> done", "a", "b")

    assert followed(tmp_path, console(*lines)).commands == 1


def test_dots_stand_for_anything(tmp_path: Path) -> None:
    """Three dots of the page match any text."""
    done = followed(tmp_path, console("$ printf 'a\\nb\\nc\\n'", "a", "...", "c"))

    assert done.commands == 1


@pytest.mark.parametrize(
    "shown",
    [("other",), (), ("seen", "and more"), ("see",), ("1",)],
    ids=["another", "nothing", "more", "less", "number"],
)
def test_a_wrong_output_fails(tmp_path: Path, shown: tuple[str, ...]) -> None:
    """What is printed has to be what the page shows, all of it."""
    with pytest.raises(PageError, match=r"line 2: page\.md: \$ echo seen\n"):
        followed(tmp_path, console("$ echo seen", *shown))


def test_what_goes_to_standard_error_is_seen(tmp_path: Path) -> None:
    """A reader's terminal shows both streams."""
    with pytest.raises(PageError, match="but it printed:\noops"):
        followed(tmp_path, console("$ echo oops >&2"))


def test_a_failing_command_fails(tmp_path: Path) -> None:
    """A command that exits with a code fails the page, also where it prints all."""
    with pytest.raises(PageError, match="failed with 3; got:\nseen"):
        followed(tmp_path, console("$ echo seen; (exit 3)", "seen"))


def test_a_shown_exit_code_may_be_any(tmp_path: Path) -> None:
    """A page may show that a command fails."""
    done = followed(tmp_path, console("$ (exit 3)", "$ echo $?", "3"))

    assert done.commands == 2


def test_a_wrong_exit_code_fails(tmp_path: Path) -> None:
    """The code that the page shows has to be the command's."""
    with pytest.raises(PageError, match=r"\$ echo \$\?"):
        followed(tmp_path, console("$ (exit 3)", "$ echo $?", "1"))


def test_a_hanging_command_is_ended(tmp_path: Path) -> None:
    """A command that takes too long is killed, with what it began, and named."""
    hanging = console("$ echo $$ > shell; sleep 600 & wait", "$ echo never", "never")
    begun = time.monotonic()

    with pytest.raises(PageError, match=r"(?s)sleep 600.*still runs after 1 s"):
        followed(tmp_path, hanging, limit=1)

    assert time.monotonic() - begun < 60
    assert not lives(int((tmp_path / "reader" / "shell").read_text()))


def test_a_command_that_ends_the_shell_fails(tmp_path: Path) -> None:
    """A page cannot close its own terminal unnoticed."""
    with pytest.raises(PageError, match="it ended the shell"):
        followed(tmp_path, console("$ exit 0"))


def test_a_job_runs_beside_the_page_and_ends_with_it(tmp_path: Path) -> None:
    """The page goes on when the job has printed what is shown."""
    job = "$ (sleep 0.3; echo ready; echo more; exec sleep 600) &"
    page = console(job, "ready", "$ echo $! > job", "$ echo on", "on")

    assert followed(tmp_path, page).commands == 3

    assert not lives(int((tmp_path / "reader" / "job").read_text()))


def test_a_job_that_does_not_print_what_is_shown_fails(tmp_path: Path) -> None:
    """A job has the time of a command to print it."""
    with pytest.raises(PageError, match=r"(?s)ready.*but it printed:\nbroken"):
        followed(tmp_path, console("$ echo broken &", "ready"), limit=1)


def test_a_job_can_be_ended_by_the_page(tmp_path: Path) -> None:
    """The reader's shell knows its jobs."""
    page = console("$ sleep 600 &", "$ kill %1; wait", "$ jobs")

    assert followed(tmp_path, page).commands == 3


def test_ports_are_free_and_the_same_everywhere(tmp_path: Path) -> None:
    """A port that the page names is another one, in files, commands and output."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        page = (
            f'```ini title="a.ini"\nurl = http://127.0.0.1:{port}\n```\n'
            + console("$ cat a.ini", f"url = http://127.0.0.1:{port}")
            + console(f"$ python -m http.server --bind 127.0.0.1 {port} &")
        )

        free = with_free_ports(page)

        assert str(port) not in free
        assert len({step.split()[0] for step in free.split("127.0.0.1:")[1:]}) == 1
        assert followed(tmp_path, page).commands == 2


def test_installations_are_not_run(tmp_path: Path) -> None:
    """An environment is made and filled by the reader only."""
    made = console(
        "$ python3 -m venv .venv && . .venv/bin/activate",
        "$ pip install -q 'mixpanel-query[cli,local]>=0.1' mixpanel-pyramid waitress",
        "$ ls -a | wc -l",
        "2",
    )

    assert followed(tmp_path, made) == Followed(commands=1, installations=2)


@pytest.mark.parametrize(
    ("installed", "problem"),
    [
        ("mixpanel-query[clli]", "mixpanel-query has no extra 'clli'; it has"),
        ("mixpanel-querry", "mixpanel-querry is not installed where"),
        ("waitress && rm -rf made", "'rm -rf made' goes untested: give it a line"),
    ],
    ids=["extra", "package", "more than an installation"],
)
def test_a_wrong_installation_fails(
    tmp_path: Path, installed: str, problem: str
) -> None:
    """What a page installs has to be there, with the extras that it names."""
    with pytest.raises(PageError, match=problem):
        followed(tmp_path, console(f"$ pip install {installed}", "$ echo a", "a"))


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        ("```python\nx = 1\n```", "line 1: a block of python would go untested"),
        ("```\nx = 1\n```", "a block of no language would go untested"),
        ("```console\nls\n```", "line 2: a console block begins with a command"),
        ("```console\n```", "line 1: a console block begins with a command"),
        ("```text\nno end", "line 1: the block has no end"),
        ('```text title="/etc/x"\n```', "the title '/etc/x' is no file"),
        ('```text title="../x"\n```', "the title '../x' is no file"),
    ],
    ids=["python", "none", "no command", "empty", "open", "absolute", "above"],
)
def test_a_block_that_would_go_untested_fails(block: str, problem: str) -> None:
    """Each block is a file, commands, a doctest, or in a language of display."""
    with pytest.raises(PageError, match=problem):
        page_steps(block)


def test_doctests_and_displayed_blocks_are_left(tmp_path: Path) -> None:
    """Doctest has its own runner, and some blocks are only looked at."""
    left = "```python\n>>> 1 + 1\n3\n```\n\n    ```ini\n    a = b\n    ```\n"

    done = followed(tmp_path, left + console("$ echo a", "a"))

    assert done == Followed(commands=1)


def test_a_page_without_commands_fails(tmp_path: Path) -> None:
    """A page that asks for nothing is not said to work."""
    with pytest.raises(PageError, match=r"page\.md: no command of the page ran"):
        followed(tmp_path, '```text title="a.txt"\none\n```\n')


def test_the_reader_has_nothing_of_the_tester(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Credentials of whoever runs the tests are not the reader's, nor is the home."""
    monkeypatch.setenv("MIXPANEL_SECRET", "mine")

    page = console("$ echo ${MIXPANEL_SECRET-none}; ls -A ~ | wc -l", "none", "0")

    assert followed(tmp_path, page).commands == 1


def lives(process: int) -> bool:
    """Tell whether a process runs; one that waits to be reaped does not."""
    try:
        os.kill(process, 0)
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False
    return state != "Z"
