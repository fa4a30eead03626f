"""What holds of every command of mixpanel-schema."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mixpanel_schema.command import main
from mixpanel_schema.command.program import COMMANDS

if TYPE_CHECKING:
    from tests.mixpanel_schema.command.conftest import Run


def test_help_lists_the_commands_with_examples(command: Run) -> None:
    """The first thing that is typed says what to type next."""
    code, out, _ = command("--help")

    assert code == 0
    assert "mixpanel-schema diff released.json shop.tracking:plan" in out
    assert [line.split()[0] for line in out.split("Commands:\n")[1].splitlines()] == [
        "lint",
        "export",
        "generate",
        "diff",
        "usage",
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_with_examples(command: Run, name: str) -> None:
    """Every command is explained by what one types."""
    code, out, _ = command(name, "--help")

    assert code == 0
    assert "Examples:\n    mixpanel-schema " + name in out


def test_the_help_of_all_commands_loads_none_of_them(folder: Path) -> None:
    """What is not used costs nothing, and the tools are not imported."""
    code = (
        "import sys; from mixpanel_schema.command.program import run; run(['--help']);"
        "loaded = {n for n in sys.modules if n.startswith('mixpanel_schema.')};"
        "sys.exit(str(loaded & {'mixpanel_schema.command.lint',"
        "'mixpanel_schema.lexicon', 'mixpanel_schema.naming'} or '{}'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert done.stderr.strip() == "{}"


def test_a_wrong_option_is_a_usage_error(command: Run) -> None:
    """The exit code tells it from findings."""
    code, _, err = command("export", "shop_plan:plan", "--format", "pdf")

    assert code == 2
    assert "'pdf' is not one of" in err


def test_a_command_that_there_is_not_is_a_usage_error(command: Run) -> None:
    """What was typed is named, and what is near to it."""
    code, out, err = command("lnit", "shop_plan:plan")

    assert (code, out) == (2, "")
    assert err.endswith("Error: No such command 'lnit'. Did you mean 'lint'?\n")


def test_the_script_runs_in_the_current_folder(folder: Path) -> None:
    """As its user starts it: modules of the folder are found, output is clean."""
    script = Path(sys.executable).with_name("mixpanel-schema")
    done = subprocess.run(
        [script, "export", "shop_plan:plan", "--format", "csv"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    )

    assert (done.returncode, done.stderr) == (0, "this is no output\n")
    assert "event,Order Completed,An order was paid.,Amount,number,no,no,\n" in (
        done.stdout
    )


def test_a_reader_that_leaves_is_no_error_with_a_traceback(folder: Path) -> None:
    """``| head -1`` ends the command quietly."""
    script = Path(sys.executable).with_name("mixpanel-schema")
    with subprocess.Popen(
        [script, "export", "shop_plan:plan", "--format", "json-schema"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read().decode()

    assert said == "this is no output\n"


def test_without_click_the_command_says_what_to_install(folder: Path) -> None:
    """The script is there in any installation."""
    code = "import sys; sys.modules['click'] = None; import mixpanel_schema.command"
    done = subprocess.run(
        [sys.executable, "-c", f"{code} as c; c.main()"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == (
        "Error: the command mixpanel-schema needs click; "
        "pip install 'mixpanel-schema[cli]'\n"
    )


def test_an_interrupt_ends_the_command_quietly(command: Run) -> None:
    """Ctrl-C has its own exit code, and no traceback."""
    code, out, err = command("lint", "shop_interrupted:plan")

    assert (code, out) == (130, "")
    assert "Traceback" not in err


def test_main_names_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In this process too."""
    monkeypatch.setitem(sys.modules, "click", None)
    monkeypatch.delitem(sys.modules, "mixpanel_schema.command.program")

    with pytest.raises(SystemExit, match="mixpanel-schema\\[cli\\]"):
        main()


def test_a_broken_installation_is_told_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Installing click would not mend a module of the package that is missing."""
    monkeypatch.setitem(sys.modules, "mixpanel_schema.exceptions", None)
    monkeypatch.delitem(sys.modules, "mixpanel_schema.command.program", raising=False)

    with pytest.raises(ModuleNotFoundError, match=r"mixpanel_schema\.exceptions"):
        main()


class Interrupted:
    """Finds modules no longer, as Ctrl-C arrives."""

    def find_spec(self, *_: object) -> None:
        """Stop, as Python does on Ctrl-C."""
        raise KeyboardInterrupt


def test_an_interrupt_while_modules_are_imported_is_quiet_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It ends as it does later on."""
    monkeypatch.delitem(sys.modules, "mixpanel_schema.command.program", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupted()])

    with pytest.raises(SystemExit) as left:
        main()

    assert left.value.code == 130


def test_main_leaves_with_the_exit_code(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shells and CI see it."""
    monkeypatch.setattr(sys, "argv", ["mixpanel-schema", "lint", "shop_bad_names:plan"])

    with pytest.raises(SystemExit) as left:
        main()

    assert left.value.code == 1


def test_the_module_runs_as_the_command(folder: Path) -> None:
    """``python -m`` serves where scripts are not on the path."""
    done = subprocess.run(
        [sys.executable, "-m", "mixpanel_schema", "lint", "shop_bad_names:plan"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "try" in done.stdout


@pytest.mark.parametrize(
    ("encoding", "output", "code", "told"),
    [
        ("utf-8", "/dev/full", 2, "Error: standard output cannot be used: No space"),
        ("utf-8", "&-", 0, ""),
        ("ascii", "/dev/null", 0, ""),
    ],
    ids=["full", "closed", "ascii"],
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has it")
def test_output_that_takes_nothing_is_no_traceback(
    folder: Path, encoding: str, output: str, code: int, told: str
) -> None:
    """Nor is an encoding that lacks letters of the plan."""
    (folder / "umlauts.py").write_text(
        "from mixpanel_schema import Event, Events, TrackingPlan\n"
        "class Umlauts(Events):\n    size = Event('Gr\\u00f6\\u00dfe')\n"
        "plan = TrackingPlan(events=Umlauts)\n"
    )
    words = [sys.executable, "-m", "mixpanel_schema", "export", "umlauts:plan"]
    done = subprocess.run(
        ["/bin/sh", "-c", f"exec {shlex.join(words)} --format csv >{output}"],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )

    assert done.returncode == code
    assert done.stderr.startswith(told)
    assert "Traceback" not in done.stderr
