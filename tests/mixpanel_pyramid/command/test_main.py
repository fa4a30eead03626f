"""The console script ``mixpanel-outbox``, which is there without its extra as well."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from mixpanel_pyramid.command import main
from mixpanel_pyramid.command.program import run

from .outboxes import MAIN, Put, event

PROGRAM = "mixpanel_pyramid.command.program"


@pytest.fixture
def imported_anew(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The command's program is imported when it is first run, as in a new process."""
    monkeypatch.delitem(sys.modules, PROGRAM, raising=False)
    return monkeypatch


@pytest.mark.filterwarnings("default")
def test_without_click_one_line_says_what_to_install(
    imported_anew: pytest.MonkeyPatch,
) -> None:
    """The script is installed with or without the extra."""
    imported_anew.setitem(sys.modules, "click", None)  # as if it were not installed

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == (
        "Error: the command mixpanel-outbox needs click; "
        "pip install 'mixpanel-pyramid[cli]'"
    )


@pytest.mark.filterwarnings("default")
def test_another_library_that_is_missing_is_not_taken_for_click(
    imported_anew: pytest.MonkeyPatch,
) -> None:
    """The extra would not mend a Python that was built without SQLite."""
    imported_anew.setitem(sys.modules, "sqlite3", None)

    with pytest.raises(ModuleNotFoundError, match="sqlite3"):
        main()


class Interrupted:
    """Finds no module: Ctrl-C comes first."""

    def find_spec(self, name: str, *place: object) -> None:
        """Be interrupted in the import of the program."""
        if name == PROGRAM:
            raise KeyboardInterrupt


@pytest.mark.filterwarnings("default")
def test_an_interrupt_while_it_is_loaded_has_its_exit_code(
    imported_anew: pytest.MonkeyPatch,
) -> None:
    """130, and no traceback, as later on."""
    imported_anew.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 130


def test_an_interrupt_while_it_works_has_its_exit_code(
    path: Path, monkeypatch: pytest.MonkeyPatch, put: Put
) -> None:
    """130, and no traceback."""
    put(event("A"))

    def interrupt(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sqlite3, "connect", interrupt)

    assert run(["status", str(path)]) == 130


def test_a_reader_that_has_gone_is_no_error_to_tell_of(path: Path, put: Put) -> None:
    """As ``mixpanel-outbox refused … | head`` has it: exit code 1, and no words."""
    put(event("A"))
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-Wignore", "-c", MAIN, "status", str(path)]
    command += ["--format", "json"]
    done = subprocess.run(
        command,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    os.close(writing)

    assert (done.returncode, done.stderr) == (1, "")


def test_settings_that_cannot_be_read_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what to name in their place."""
    assert run(["send", "--ini", str(tmp_path)]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        f"Error: {tmp_path} cannot be read: Is a directory; name the app's ini file"
    )
