"""Folders that an export filled, in each format, are loaded whole or not at all."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest

from mixpanel_query import Client, ServiceAccount
from mixpanel_query.export_files.day_files import FileFormat
from mixpanel_query.local import LocalProject
from mixpanel_query.local.exceptions import LocalProjectError

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
FORMATS: tuple[FileFormat, ...] = ("jsonl", "jsonl.gz", "parquet")
WINDOW = {"from_date": "2026-11-19", "to_date": "2026-11-22"}
ODD: dict[str, Any] = {
    "big": 12345678901234567890123,
    "whole": 3.0,
    "small": 1e-7,
    "fraction": 0.1,
    "yes": True,
    "nothing": None,
    "text": 'č東😀"\\\u2028',
    "digits": "007",
    "day": "2026-11-01T00:00:00",
    "nested": {"null": None, "list": [1, 2.5, {"z": None}], "a.b": 1},
    "list": ["a", 1, None, True],
    "": "no name",
    "$os": "iOS",
}
QUESTIONS = [
    ("segmentation", {"event": "A", "on": 'properties["kind"]'}),
    ("segmentation", {"event": "A", "where": 'properties["yes"] == true'}),
    ("segmentation", {"event": "A", "on": 'properties["text"]'}),
    ("segmentation/sum", {"event": "A", "on": 'properties["whole"]'}),
    ("segmentation/numeric", {"event": "A", "on": 'properties["n"]'}),
    ("events/properties/top", {"event": "A"}),
    ("events/properties/values", {"event": "A", "name": "list"}),
    ("stream/query", {"distinct_ids": '["u1", "17"]'}),
    ("retention", {"unit": "day", "born_event": "A"}),
]
SCRIPT = """function main() {
    return Events({from_date: "2026-11-19", to_date: "2026-11-22"});
}"""


def made_up() -> list[dict[str, Any]]:
    """Return events of four days, of which one is odd, and one has a number as id."""
    start = int(datetime(2026, 11, 19, tzinfo=timezone.utc).timestamp())
    events = []
    for number in range(60):
        properties = {
            "time": start + number * 5000,
            "distinct_id": 17 if number == 5 else f"u{number % 3}",
            "$insert_id": f"i{number}",
            "n": number,
            "kind": ["x", 1, 1.5, None, True][number % 5],
            **(ODD if number % 10 == 0 else {}),
        }
        events.append({"event": "A", "properties": properties})
    return events


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with an export in each format, and the answers of its project."""
    folder = tmp_path_factory.mktemp("exports")
    lines = folder / "made-up.jsonl"
    lines.write_text("".join(json.dumps(event) + "\n" for event in made_up()))
    account = ServiceAccount("anybody", "anything", project_id=1)
    with (
        LocalProject(clock=NOW) as project,
        Client(account, base_url=project.base_url) as client,
    ):
        assert project.load(lines) == 60
        for format in FORMATS:
            client.export_to(folder / format, *WINDOW.values(), format=format)
        (folder / "answers.json").write_text(json.dumps(answers(project)))
    return folder


def answers(project: LocalProject) -> list[Any]:
    """Return the export of a project, line by line, and what it answers."""
    with httpx.Client(base_url=project.base_url, trust_env=False) as http:
        export = http.get("/api/2.0/export", params=WINDOW).text
        found: list[Any] = [sorted(export.strip().split("\n"))]
        for path, asked in QUESTIONS:
            answer = http.get(f"/api/query/{path}", params={**WINDOW, **asked})
            assert answer.status_code == 200, (path, answer.text)
            found.append(answer.json())
        answer = http.post("/api/query/jql", data={"script": SCRIPT})
        found.append(sorted(map(json.dumps, answer.json())))
        return found


@pytest.mark.parametrize("format", FORMATS)
def test_everything_is_as_it_was(exported: Path, format: str) -> None:
    """Each format gives the same export, byte for byte, and the same answers."""
    expected = json.loads((exported / "answers.json").read_text())
    with LocalProject(clock=NOW) as project:
        assert project.load(exported / format) == 60
        found = answers(project)

    assert len(expected[0]) == 60
    assert json.loads(json.dumps(found)) == expected


def copied(exported: Path, tmp_path: Path, format: str) -> Path:
    """Return a copy of a folder, to spoil."""
    folder = tmp_path / format
    folder.mkdir()
    for file in (exported / format).iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    return folder


def refusal(folder: Path) -> str:
    """Return why a folder is refused, of which nothing is loaded."""
    with LocalProject(clock=NOW) as project:
        with pytest.raises(LocalProjectError) as caught:
            project.load(folder)
        names = httpx.get(
            f"{project.base_url}/api/query/events/names?type=general", trust_env=False
        )
        assert names.json() == []
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("format", FORMATS)
def test_leftovers_of_a_run_are_not_loaded(
    exported: Path, tmp_path: Path, format: str
) -> None:
    """Half of a file, and files that are none of its days, stay out."""
    folder = copied(exported, tmp_path, format)
    (folder / f".2026-11-20.{format}.part").write_text("half")
    (folder / f"2027-01-01.{format}").write_text("half")
    (folder / "notes.jsonl").write_text("no JSON")
    with LocalProject(clock=NOW) as project:
        assert project.load(folder) == 60


@pytest.mark.parametrize("state", ["pending", "replacing"])
def test_an_export_that_was_stopped_is_refused(
    exported: Path, tmp_path: Path, state: str
) -> None:
    """The days that are not complete are named, and what to do."""
    folder = copied(exported, tmp_path, "jsonl")
    manifest = json.loads((folder / "manifest.json").read_text())
    for day in ("2026-11-20", "2026-11-22"):
        manifest["days"][day]["state"] = state
    (folder / "manifest.json").write_text(json.dumps(manifest))

    assert refusal(folder) == (
        f"{folder} holds an export that is not whole: 2 of 4 days are missing or were "
        "changed (2026-11-20, 2026-11-22); go on with the export, into the same folder"
    )


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("spoil", ["gone", "cut", "longer"])
def test_a_file_that_is_not_the_one_that_was_written_is_refused(
    exported: Path, tmp_path: Path, format: str, spoil: str
) -> None:
    """It is seen before anything is loaded."""
    folder = copied(exported, tmp_path, format)
    file = folder / f"2026-11-21.{format}"
    text = file.read_bytes()
    file.unlink()
    if spoil != "gone":
        file.write_bytes(text[:-1] if spoil == "cut" else text + b"\n")

    assert "1 of 4 days are missing or were changed (2026-11-21)" in refusal(folder)


@pytest.mark.parametrize("format", FORMATS)
def test_a_spoilt_last_file_takes_the_others_back(
    exported: Path, tmp_path: Path, format: str
) -> None:
    """Nothing stays of a folder of which a file cannot be loaded."""
    folder = copied(exported, tmp_path, format)
    file = folder / f"2026-11-22.{format}"
    size = file.stat().st_size
    start = b"PAR1" if format == "parquet" else b""
    file.write_bytes(start.ljust(size, b"x"))

    assert str(file) in refusal(folder)


def test_a_manifest_that_cannot_be_read(exported: Path, tmp_path: Path) -> None:
    """A version of later, and one that is no text, are named."""
    folder = copied(exported, tmp_path, "jsonl")
    file = folder / "manifest.json"
    file.write_text(file.read_text().replace('"version": 1', '"version": 2'))
    assert "manifest.json: its version is 2, not 1" in refusal(folder)
    file.write_bytes(b"\xff")
    assert f"cannot read {file}" in refusal(folder)


def test_the_same_day_twice_is_refused(tmp_path: Path) -> None:
    """Without a manifest nobody knows which of two formats is meant."""
    for ending in ("jsonl", "parquet"):
        (tmp_path / f"2026-11-21.{ending}").write_text("")

    assert "has both 2026-11-21.jsonl and 2026-11-21.parquet" in refusal(tmp_path)
