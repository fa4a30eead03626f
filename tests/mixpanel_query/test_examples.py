"""Every command that the help or the README shows works on the sample, as printed."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from mixpanel_query.command.program import COMMANDS, program, run
from mixpanel_query.local import LocalProject

README = Path(__file__).parents[2] / "packages/mixpanel-query/README.md"
PATHS = [[], *([name] for name in COMMANDS), ["local", "serve"]]


def help_of(path: list[str]) -> str:
    """Return the help of a command."""
    result = CliRunner().invoke(program, [*path, "--help"])
    assert result.exit_code == 0
    return result.output


def shown_commands() -> list[str]:
    """Return the command lines that are shown, long ones joined."""
    text = "\n".join([README.read_text("utf-8"), *map(help_of, PATHS)])
    joined = re.sub(r" \\\n\s+", " ", text)
    shown = re.findall(r"^ *(?:\$ )?mixpanel-query (.+)$", joined, re.MULTILINE)
    return list(dict.fromkeys(line.split("  #")[0].strip() for line in shown))


@pytest.fixture(scope="module")
def sample() -> Iterator[str]:
    """The address of a local project with the sample."""
    with LocalProject() as project:
        project.load_sample()
        yield project.base_url


@pytest.mark.parametrize(
    "line", [line for line in shown_commands() if not line.startswith("local")]
)
def test_example(
    line: str,
    sample: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What only Mixpanel answers is refused with these words; the rest is answered."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIXPANEL_BASE_URL", sample)
    monkeypatch.setenv("MIXPANEL_USERNAME", "local")
    monkeypatch.setenv("MIXPANEL_SECRET", "local")
    monkeypatch.setenv("MIXPANEL_PROJECT_ID", "1")

    code = run(["--timezone", "UTC", *shlex.split(line)])
    out, err = capsys.readouterr()

    assert "no event" not in err
    if " --on " in line or " --where " in line:
        assert code == 1
        assert "ask without it, or ask Mixpanel itself" in err
    else:
        assert (code, bool(out or list(tmp_path.iterdir()))) == (0, True)


def test_examples_are_found() -> None:
    """The search for examples finds those of the help and those of the README."""
    lines = shown_commands()

    assert "local serve --sample" in lines
    assert any(" --where " in line for line in lines)
    assert len(lines) > 10


@pytest.mark.parametrize("path", PATHS, ids=" ".join)
def test_help_has_no_raw_sign(path: list[str]) -> None:
    r"""No help shows click's own ``\b``, as text or as the sign that it is."""
    shown = help_of(path)

    assert "\\b" not in shown
    assert "\b" not in shown


def test_export_speaks_of_utc_once() -> None:
    """Text and option of the export do not contradict each other."""
    command = program.get_command(click.Context(program), "export")

    assert command is not None
    words = " ".join(help_of(["export"]).split())
    assert "First day counted, in UTC, or in the project's timezone if" in words
    assert "counted, in the project's" not in words
