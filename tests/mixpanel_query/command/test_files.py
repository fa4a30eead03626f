"""Tests of --format and -o, which every command with an answer has."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click
import pyarrow.parquet
import pytest
from click.testing import CliRunner, Result

from mixpanel_query.command.options import format_option
from mixpanel_query.command.output import print_records
from mixpanel_query.command.output_options import replacing

RECORDS: list[dict[str, object]] = [
    {"name": "č, 🦊", "when": date(2026, 11, 9), "tags": ["a"], "ok": True},
    {"name": None, "when": None, "tags": [], "ok": False},
]
COLUMNS = ["name", "when", "tags", "ok"]


@click.command()
@format_option
def show(*, shape: str) -> None:
    """Answer with two records."""
    print_records(RECORDS, COLUMNS, shape=shape)


@click.command()
@format_option
def fail(*, shape: str) -> None:
    """Fail after the first line."""
    click.echo("first line")
    raise click.ClickException("no more")


def typed(*arguments: str | Path, command: click.Command = show) -> Result:
    """Run the command."""
    return CliRunner().invoke(command, list(map(str, arguments)))


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        (
            "csv",
            'name,when,tags,ok\n"č, 🦊",2026-11-09,"[""a""]",True\n,,[],False\n',
        ),
        (
            "jsonl",
            '{"name": "\\u010d, \\ud83e\\udd8a", "when": "2026-11-09", '
            '"tags": ["a"], "ok": true}\n'
            '{"name": null, "when": null, "tags": [], "ok": false}\n',
        ),
        ("txt", "name  when        tags   ok\nč, 🦊  2026-11-09"),
    ],
)
def test_ending_is_the_format(tmp_path: Path, ending: str, text: str) -> None:
    """The ending of the file's name says the format; a table else."""
    file = tmp_path / f"answer.{ending}"

    result = typed("-o", file)

    assert (result.exit_code, result.output) == (0, "")
    assert file.read_text("utf-8").startswith(text)


def test_format_is_stronger_than_the_ending(tmp_path: Path) -> None:
    """A format that was given is not changed by a name."""
    file = tmp_path / "answer.csv"
    typed("-o", file, "--format", "jsonl")

    assert file.read_text().startswith("{")


def test_parquet_columns(tmp_path: Path) -> None:
    """Days are dates, lists are JSON text, what is missing is missing."""
    file = tmp_path / "answer"

    result = typed("--format", "parquet", "--output", file)

    assert (result.exit_code, result.output) == (0, "")
    assert pyarrow.parquet.read_table(file).to_pydict() == {
        "name": ["č, 🦊", None],
        "when": [date(2026, 11, 9), None],
        "tags": ['["a"]', "[]"],
        "ok": [True, False],
    }


@pytest.mark.parametrize("place", [(), ("-o", "-")])
def test_parquet_is_not_printed(place: tuple[str, ...]) -> None:
    """Parquet needs a file."""
    result = typed("--format", "parquet", *place)

    assert result.exit_code == 2
    assert "--format parquet is no text to print; name a file with -o" in result.output


def test_parquet_without_its_library(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The extra is named before anything is asked."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    result = typed("-o", tmp_path / "a.parquet", command=fail)

    assert result.exit_code == 1
    assert "pip install 'mixpanel-query[parquet]'" in result.output
    assert "first line" not in result.output


def test_parquet_of_no_table(tmp_path: Path) -> None:
    """An answer that is no table says so, and leaves no file."""

    @click.command()
    @format_option
    def talk(*, shape: str) -> None:
        """Print a line."""
        click.echo("not a table")

    result = typed("-o", tmp_path / "a.parquet", command=talk)

    assert result.exit_code == 2
    assert "this answer is no table; choose another format" in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_no_answer_leaves_the_old_file(tmp_path: Path, ending: str) -> None:
    """A dry run, which only talks on standard error, changes no file."""

    @click.command()
    @format_option
    def plan(*, shape: str) -> None:
        """Tell what would be asked."""
        click.echo("nothing was sent", err=True)

    file = tmp_path / f"answer.{ending}"
    file.write_text("old")

    assert typed("-o", file, command=plan).exit_code == 0
    assert file.read_text() == "old"


def test_empty_answer_is_an_empty_file(tmp_path: Path) -> None:
    """An answer without records replaces the file of an earlier one."""

    @click.command()
    @format_option
    def nothing(*, shape: str) -> None:
        """Answer with no records."""
        print_records([], COLUMNS, shape=shape)

    file = tmp_path / "answer.jsonl"
    file.write_text("old")
    typed("-o", file, command=nothing)
    typed("-o", tmp_path / "answer.parquet", command=nothing)

    assert file.read_text() == ""
    table = pyarrow.parquet.read_table(tmp_path / "answer.parquet")
    assert table.column_names == COLUMNS


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_failure_leaves_the_old_file(tmp_path: Path, ending: str) -> None:
    """A command that fails changes no file."""
    file = tmp_path / f"answer.{ending}"
    file.write_text("old")

    result = typed("-o", file, command=fail)

    assert result.exit_code == 1
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_stopped_while_writing(tmp_path: Path) -> None:
    """Whoever stops the command keeps the old file, and finds no half of a new one."""
    file = tmp_path / "answer"
    file.write_text("old")

    def write_half() -> None:
        with replacing(file) as path:
            path.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()

    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_link_stays_a_link(tmp_path: Path) -> None:
    """What a link leads to is written, and the link stays."""
    (tmp_path / "link").symlink_to("real")

    typed("-o", tmp_path / "link")

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text("utf-8").startswith("name")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no /dev/null")
def test_device_is_written_to() -> None:
    """What is no file of its own is never replaced."""
    assert typed("-o", "/dev/null").exit_code == 0
    assert not Path("/dev/null").is_file()


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_place_that_is_not_there(tmp_path: Path, ending: str) -> None:
    """A folder that is missing is one clear line."""
    result = typed("-o", tmp_path / "nowhere" / f"a.{ending}")

    assert result.exit_code == 1
    assert "cannot be written: " in result.output
    assert "; choose another place" in result.output


def test_dash_prints() -> None:
    """A dash is the standard output, as everywhere."""
    assert typed("-o", "-", "--format", "csv").output.startswith("name,when")


def test_half_a_character(tmp_path: Path) -> None:
    """What UTF-8 cannot hold does not keep the rest from the file."""

    @click.command()
    @format_option
    def half(*, shape: str) -> None:
        """Print half a character."""
        click.echo("\ud800")

    typed("-o", tmp_path / "a", command=half)

    assert (tmp_path / "a").read_bytes() == b"\\ud800\n"


def test_command_stays_itself() -> None:
    """The option changes neither the name nor the help of a command."""
    names = [parameter.name for parameter in show.params]

    assert (show.name, show.help) == ("show", "Answer with two records.")
    assert names == ["shape", "output"]
