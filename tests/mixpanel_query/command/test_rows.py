"""Tests of the commands profiles and jql, against a server on a real socket."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pyarrow.parquet
import pytest

from mixpanel_query.command.jql import read_params
from mixpanel_query.command.program import run
from mixpanel_query.command.streamed_rows import write_rows

Make = Callable[..., Any]
Output = pytest.CaptureFixture[str]
SCRIPT = "function main() { return People(); }"
PROFILES = [
    {"$distinct_id": "ann", "$properties": {"$email": "č@example.com", "Plan": "Pro"}},
    {"$distinct_id": "bob", "$properties": {"tags": ["a", 1], "Plan": None}},
]
PAGE = {"page": 0, "page_size": 1000, "session_id": "S", "results": PROFILES}
GROUPS = [{"key": ["Pro", "US"], "value": 3}, {"key": ["Free", None], "value": 1.5}]


@pytest.fixture
def answering(scripted: Make, reply: Make, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Start a server that answers with a document, and point the environment at it."""
    for name in os.environ:
        if name.startswith("MIXPANEL_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("MIXPANEL_USERNAME", "reports.1a2b3c")
    monkeypatch.setenv("MIXPANEL_SECRET", "hunter2-hunter2")
    monkeypatch.setenv("MIXPANEL_PROJECT_ID", "12345")
    monkeypatch.setenv("MIXPANEL_ATTEMPTS", "1")

    def start(document: object, **options: Any) -> Any:  # noqa: ANN401 - conftest's own
        server = scripted(reply(json.dumps(document).encode(), **options))
        monkeypatch.setenv("MIXPANEL_BASE_URL", server.base_url)
        return server

    return start


@pytest.fixture
def script(tmp_path: Path) -> str:
    """A file that holds a script."""
    file = tmp_path / "people.js"
    file.write_text(SCRIPT)
    return str(file)


def test_profiles_as_lines(answering: Make, capsys: Output) -> None:
    """Profiles are written as Mixpanel has them, a line each, in ASCII."""
    answering(PAGE)

    assert run(["profiles"]) == 0
    shown = capsys.readouterr()
    assert [json.loads(line) for line in shown.out.splitlines()] == PROFILES
    assert shown.out.isascii()
    assert shown.err == "2 profiles\n"


def test_profiles_as_a_table(answering: Make, capsys: Output) -> None:
    """A table has a column for each property that there is."""
    answering(PAGE)

    assert run(["profiles", "--format", "table"]) == 0
    assert capsys.readouterr().out == (
        "$distinct_id  $email         Plan  tags\n"
        "ann           č@example.com  Pro\n"
        'bob                                ["a", 1]\n'
    )


def test_profiles_as_a_file(answering: Make, tmp_path: Path) -> None:
    """A CSV file has the columns that were asked for."""
    answering(PAGE)
    file = tmp_path / "profiles.csv"
    options = ["--property", "$email", "--property", "Plan"]

    assert run(["profiles", *options, "--format", "csv", "-o", str(file)]) == 0
    assert file.read_text("utf-8") == (
        "$distinct_id,$email,Plan\nann,č@example.com,Pro\nbob,,\n"
    )


def test_failed_file_is_left_as_it_was(answering: Make, tmp_path: Path) -> None:
    """Profiles that did not all come replace nothing."""
    answering({**PAGE, "results": [*PROFILES, None]})
    file = tmp_path / "profiles.jsonl"
    file.write_text("old\n")

    assert run(["profiles", "-o", str(file)]) == 1
    assert file.read_text() == "old\n"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (["--include-all-users"], "give --cohort"),
        (["--format", "table", "-o", "x"], "write FILE as jsonl, json, csv or parquet"),
        (["--where", " "], "where ' ' is no expression"),
        (["--data-group-id", "company"], "is no number"),
    ],
)
def test_profiles_typed_wrong(
    answering: Make, capsys: Output, typed: list[str], problem: str
) -> None:
    """What cannot be right is a mistake in what was typed."""
    answering(PAGE)

    assert run(["profiles", *typed]) == 2
    assert problem in capsys.readouterr().err


def test_script_as_a_table(answering: Make, script: str, capsys: Output) -> None:
    """Groups have a column for each component of their key."""
    answering(GROUPS)

    assert run(["jql", script, "--param", "plan=Pro"]) == 0
    shown = capsys.readouterr()
    assert shown.out == (
        "key 1  key 2  value\nPro    US         3\nFree            1.5\n"
    )
    assert shown.err == "2 rows\n"


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("csv", "key 1,key 2,value\nPro,US,3\nFree,,1.5\n"),
        (
            "jsonl",
            '{"key":["Pro","US"],"value":3}\n{"key":["Free",null],"value":1.5}\n',
        ),
    ],
)
def test_script_in_other_forms(
    answering: Make, script: str, capsys: Output, shape: str, expected: str
) -> None:
    """Programs get rows as CSV or JSON."""
    answering(GROUPS)

    assert run(["jql", script, "--format", shape]) == 0
    assert capsys.readouterr().out == expected


def test_script_of_standard_input(
    answering: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A script may come through a pipe; a file is JSON Lines unless said otherwise."""
    answering([1, {"a": "b"}])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SCRIPT.encode())))
    file = tmp_path / "rows"

    assert run(["jql", "-", "-o", str(file)]) == 0
    assert file.read_text() == '1\n{"a":"b"}\n'


def test_failing_script(answering: Make, script: str, capsys: Output) -> None:
    """What JavaScript said is shown in one line."""
    answering({"error": "ReferenceError: x\n  at main"}, status="412 No")

    assert run(["jql", script]) == 1
    assert "(412): ReferenceError: x at main;" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (["--format", "table", "-o", "x"], "write FILE as jsonl, json, csv or parquet"),
        (["--param", "plan"], "write NAME=TEXT or NAME:=JSON"),
        (["--param", "n:=x"], "n is no JSON"),
    ],
)
def test_jql_typed_wrong(
    answering: Make, script: str, capsys: Output, typed: list[str], problem: str
) -> None:
    """What cannot be right is a mistake in what was typed."""
    answering([])

    assert run(["jql", script, *typed]) == 2
    assert problem in capsys.readouterr().err


def test_input_that_is_no_text(
    answering: Make, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    """Bytes that are no script are refused before anything is sent."""
    answering([])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe")))

    assert run(["jql", "-"]) == 2
    assert "standard input is not UTF-8" in capsys.readouterr().err


def test_params() -> None:
    """Text is text, whatever it looks like; JSON is JSON."""
    assert read_params(["a=1", "b:=1", "c=x=y", 'd:={"e":[null]}', "f="]) == {
        "a": "1",
        "b": 1,
        "c": "x=y",
        "d": {"e": [None]},
        "f": "",
    }


def test_param_given_twice() -> None:
    """Nobody has to guess which of two values counts."""
    with pytest.raises(click.BadParameter, match="'a' is given twice"):
        read_params(["a=1", "a:=2"])


@pytest.mark.parametrize(
    ("rows", "shape", "expected"),
    [
        ([], "json", "[]\n"),
        ([1, {"a": 2}], "json", '[\n1,\n{"a": 2}\n]\n'),
        ([], "csv", "\n"),
        ([1, [2], None], "csv", 'value\n1\n[2]\n""\n'),
        ([{"a": 1}, {"b": True}], "csv", "a,b\n1,\n,true\n"),
        ([{"key": ["x"], "value": [1, 2]}], "csv", "key,value 1,value 2\nx,1,2\n"),
        ([], "table", ""),
    ],
)
def test_rows_of_every_form(
    rows: list[object], shape: str, expected: str, capsys: Output
) -> None:
    """Rows need not be alike."""
    assert write_rows(rows, Path("-"), shape=shape) == len(rows)
    assert capsys.readouterr().out == expected


def test_profiles_as_parquet(answering: Make, capsys: Output, tmp_path: Path) -> None:
    """In Parquet every property is a column of one type; lists are JSON text."""
    answering(PAGE)
    file = tmp_path / "profiles.parquet"

    assert run(["profiles", "-o", str(file)]) == 0
    assert pyarrow.parquet.read_table(file).to_pydict() == {
        "$distinct_id": ["ann", "bob"],
        "$email": ["č@example.com", None],
        "Plan": ["Pro", None],
        "tags": [None, '["a", 1]'],
    }
    assert capsys.readouterr().err == "2 profiles\n"


def test_jql_as_parquet(
    answering: Make, capsys: Output, script: str, tmp_path: Path
) -> None:
    """In Parquet the parts of a key are columns, and values are numbers."""
    answering(GROUPS)
    file = tmp_path / "groups.parquet"

    assert run(["jql", script, "-o", str(file)]) == 0
    assert pyarrow.parquet.read_table(file).to_pydict() == {
        "key 1": ["Pro", "Free"],
        "key 2": ["US", None],
        "value": [3.0, 1.5],
    }


@pytest.mark.parametrize("typed", [["profiles"], ["jql", "-"]])
def test_parquet_needs_a_file(
    answering: Make, capsys: Output, typed: list[str]
) -> None:
    """Parquet is not printed, and nothing is asked."""
    answering([])

    assert run([*typed, "--format", "parquet"]) == 2
    assert "name a file with -o" in capsys.readouterr().err
