"""The console script ``mixpanel-outbox``, which is there without its extra as well."""

from __future__ import annotations

import sys

import pytest

from mixpanel_pyramid.command import main

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
