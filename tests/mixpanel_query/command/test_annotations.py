"""Tests of ``mixpanel-query annotations``, against a server on a real socket."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from typing import Any

import click
import pytest

from mixpanel_query.command.annotations import annotations_group
from mixpanel_query.command.program import run

Make = Callable[..., Any]
Captured = pytest.CaptureFixture[str]
ENTRY = {
    "id": 5,
    "date": "2022-02-15 12:00:00",
    "description": "Release 2.0",
    "user": {"id": 7, "first_name": "John", "last_name": "Smith"},
    "tags": [{"id": 3, "name": "release"}, {"id": 4, "name": "web"}],
}
TAGS = [
    {"id": 3, "name": "release", "project_id": 12345, "has_annotations": True},
    {"id": 4, "name": "web", "project_id": 12345, "has_annotations": False},
]
TABLE = [
    "id  date                 description  user        tags",
    "5   2022-02-15 12:00:00  Release 2.0  John Smith  release, web",
]
ROOT = "/api/app/projects/12345/annotations"


class Terminal(io.StringIO):
    """What somebody types."""

    def isatty(self) -> bool:
        """Somebody is there."""
        return True


def ok(results: object) -> dict[str, object]:
    """An answer about something."""
    return {"status": "ok", "results": results}


def asked_for(server: Any) -> list[str]:  # noqa: ANN401 - conftest's own
    """The method and path of every request."""
    return [
        " ".join(request.split(" ")[:2]).removesuffix("?")
        for request in server.requests
    ]


def body_of(request: str) -> object:
    """The JSON of a request's body."""
    return json.loads(request.partition("\r\n\r\n")[2])


def test_list(command_server: Make, sent: Make, capsys: Captured) -> None:
    """Annotations are listed with the names of their tags."""
    server = command_server(ok([ENTRY]))

    assert (
        run(["annotations", "list", "--from", "2022-02-01", "--to", "2022-02-28"]) == 0
    )
    assert capsys.readouterr().out.splitlines() == TABLE
    assert sent(server)[1] == {"fromDate": "2022-02-01", "toDate": "2022-02-28"}


def test_list_of_all_time_as_json(
    command_server: Make, sent: Make, capsys: Captured
) -> None:
    """Neither day is needed; as JSON, tags are a list."""
    server = command_server(ok([ENTRY]))

    assert run(["annotations", "list", "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["date"] == "2022-02-15T12:00:00"
    assert row["tags"] == ["release", "web"]
    assert sent(server)[1] == {}


def test_show(command_server: Make, capsys: Captured) -> None:
    """One annotation is a table of one row."""
    server = command_server(ok(ENTRY))

    assert run(["annotations", "show", "5"]) == 0
    assert capsys.readouterr().out.splitlines() == TABLE
    assert asked_for(server) == [f"GET {ROOT}/5"]


def test_create(command_server: Make, capsys: Captured) -> None:
    """Tags are given by name or number, and looked up once."""
    server = command_server(TAGS, ok(ENTRY))
    typed = ["2022-02-15 12:00", "Release 2.0", "--tag", "release", "--tag", "99"]

    assert run(["annotations", "create", *typed]) == 0
    assert capsys.readouterr().out.splitlines() == TABLE
    assert asked_for(server) == [f"GET {ROOT}/tags", f"POST {ROOT}"]
    assert body_of(server.requests[1]) == {
        "date": "2022-02-15 12:00:00",
        "description": "Release 2.0",
        "tags": [3, 99],
    }


def test_dry_run(command_server: Make, capsys: Captured) -> None:
    """A dry run shows what would be made, and makes nothing."""
    server = command_server()

    assert run(["annotations", "create", "2022-02-15", "Released", "--dry-run"]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines() == [
        "date                 description  tags",
        "2022-02-15 00:00:00  Released     []",
    ]
    assert captured.err == "nothing was sent\n"
    assert server.requests == []


def test_day_in_words(command_server: Make, capsys: Captured) -> None:
    """Days may be words, as elsewhere."""
    command_server()

    assert run(["annotations", "create", "7d", "A", "--dry-run"]) == 0
    assert " 00:00:00  A " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "answers", "document"),
    [
        (["--description", "New"], [], {"description": "New"}),
        (["--tag", "web"], [TAGS], {"tags": [4]}),
        (["--no-tags"], [], {"tags": []}),
    ],
)
def test_update(
    command_server: Make, typed: list[str], answers: list[object], document: object
) -> None:
    """Only what was typed is changed."""
    server = command_server(*answers, ok(ENTRY))

    assert run(["annotations", "update", "5", *typed]) == 0
    assert asked_for(server)[-1] == f"PATCH {ROOT}/5"
    assert body_of(server.requests[-1]) == document


def test_delete_asks(
    command_server: Make, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Whoever deletes sees what, and may change their mind."""
    server = command_server(ok(ENTRY), ok(ENTRY), ok({"id": 5}))
    monkeypatch.setattr(sys, "stdin", Terminal("n\ny\n"))

    assert run(["annotations", "delete", "5"]) == 1
    assert asked_for(server) == [f"GET {ROOT}/5"]
    said = capsys.readouterr().err
    assert (
        "Delete annotation 5, 'Release 2.0' of 2022-02-15 12:00:00, from proj" in said
    )
    assert said.endswith("Error: nothing was deleted\n")

    assert run(["annotations", "delete", "5"]) == 0
    assert asked_for(server)[1:] == [f"GET {ROOT}/5", f"DELETE {ROOT}/5"]
    assert capsys.readouterr().err.endswith("annotation 5 deleted\n")


def test_delete_without_asking(command_server: Make, capsys: Captured) -> None:
    """With --yes one request is sent, and where nobody is there, none without."""
    server = command_server(ok({"id": 5}))

    assert run(["annotations", "delete", "5", "--yes"]) == 0
    assert asked_for(server) == [f"DELETE {ROOT}/5"]


def test_delete_where_nobody_is(
    command_server: Make, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """Without --yes and without a terminal, nothing is sent."""
    server = command_server()
    monkeypatch.setattr(sys, "stdin", io.StringIO())

    assert run(["annotations", "delete", "5"]) == 2
    assert "nobody is there to be asked; give --yes" in capsys.readouterr().err
    assert server.requests == []


def test_tags(command_server: Make, capsys: Captured) -> None:
    """Tags are listed."""
    command_server(TAGS)

    assert run(["annotations", "tags"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "id  name     has_annotations",
        "3   release  True",
        "4   web      False",
    ]


def test_create_tag(command_server: Make, capsys: Captured) -> None:
    """A tag is made of its name."""
    server = command_server(TAGS[0])

    assert run(["annotations", "create-tag", "release", "--format", "csv"]) == 0
    assert capsys.readouterr().out == (
        "id,name,has_annotations,project_id\n3,release,True,12345\n"
    )
    assert body_of(server.requests[0]) == {"name": "release"}


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        (["create", "noon", "A"], "date 'noon' is no time"),
        (["create", "2022-02-15", ""], "description '' is no text"),
        (["create", "2022-02-15", "A", "--tag", "nope"], "there are 'release', 'web'"),
        (["update", "5"], "nothing of annotation 5 would change"),
        (
            ["update", "5", "--tag", "web", "--no-tags"],
            "--tag and --no-tags contradict",
        ),
        (["show", "0"], "0 is not in the range"),
        (["update", "0", "--no-tags"], "0 is not in the range"),
        (["delete", "0", "--yes"], "0 is not in the range"),
        (["list", "--from", "soon"], "'soon' is no day"),
    ],
)
def test_what_was_typed_wrong(
    command_server: Make, capsys: Captured, typed: list[str], problem: str
) -> None:
    """What cannot be done is a mistake in what was typed, and nothing is changed."""
    server = command_server(TAGS)

    assert run(["annotations", *typed]) == 2
    assert problem in capsys.readouterr().err
    assert [each for each in asked_for(server) if not each.startswith("GET")] == []


@pytest.mark.parametrize("name", list(annotations_group.commands))
def test_every_option_has_help(name: str) -> None:
    """No command is without an example, and no option without a word on it."""
    command = annotations_group.commands[name]
    options = [item for item in command.params if isinstance(item, click.Option)]

    assert "Examples:" in (command.help or "")
    assert [option.name for option in options if not option.help] == []
