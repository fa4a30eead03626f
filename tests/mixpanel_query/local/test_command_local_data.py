"""The data of ``mixpanel-query local serve``: files, all of them loaded first."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from mixpanel_query.command.local import local
from mixpanel_query.local import LocalProject
from mixpanel_query.local.exceptions import LocalProjectError

LINE = '{"event":"A","properties":{"time":1600000000,"distinct_id":"u1"}}\n'
SEGMENTATION = "/api/query/segmentation"
DAY = {"event": "A", "from_date": "2020-09-13", "to_date": "2020-09-13"}
COUNTED = {"A": {"2020-09-13": 1}}


@contextmanager
def served(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run the command, and end it."""
    code = "from mixpanel_query.command import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "local", "serve", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_several_files_follow_data(tmp_path: Path) -> None:
    """``--data`` takes what a pattern of the shell makes, with options behind it."""
    files = [tmp_path / name for name in ("one.jsonl", "two.jsonl")]
    for number, path in enumerate(files, start=1):
        path.write_text(LINE * number)

    with served("--port", "0", "--data", *map(str, files), "--tls") as process:
        assert process.stdout is not None
        said = "".join(iter(process.stdout.readline, "\n"))

    assert re.search(r"at https://127\.0\.0\.1:\d+", said)
    assert f"Loaded 1 event or profile from {files[0]}" in said
    assert f"Loaded 2 events or profiles from {files[1]}" in said


def test_file_without_data_is_told_how() -> None:
    """A file that stands alone is not loaded in silence, nor left out."""
    result = CliRunner().invoke(local, ["serve", "--port", "0", "one.jsonl"])

    assert result.exit_code == 2
    assert "write --data one.jsonl" in result.output


def test_nothing_is_answered_before_everything_is_loaded(tmp_path: Path) -> None:
    """A question that comes while a file is read waits, and is not refused."""
    path = tmp_path / "events.jsonl"
    os.mkfifo(path)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}{SEGMENTATION}"
    # Whoever opens the pipe for writing waits until the command reads it.
    with (
        served("--port", str(port), "--data", str(path)),
        path.open("w"),
        pytest.raises(httpx.ReadTimeout),
    ):
        httpx.get(url, params=DAY, timeout=0.5, trust_env=False)


def test_prepared_data_are_in_the_first_answer(tmp_path: Path) -> None:
    """What ``prepare`` loads is there, and it may be asked where the project is."""
    path = tmp_path / "events.jsonl"
    path.write_text(LINE)
    seen: list[str] = []

    def prepare(project: LocalProject) -> None:
        project.load(path)
        seen.append(project.base_url)

    with LocalProject(prepare=prepare) as project:
        answer = httpx.get(f"{project.base_url}{SEGMENTATION}", params=DAY)
        assert seen == [project.base_url]

    assert answer.json()["data"]["values"] == COUNTED


def test_preparation_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    """Its error is raised, and port and file are free again."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    kept = tmp_path / "shop.duckdb"

    def prepare(project: LocalProject) -> None:
        project.load(tmp_path / "missing.jsonl")

    with pytest.raises(LocalProjectError, match="cannot read"):
        LocalProject(kept, port=port, prepare=prepare).__enter__()

    with LocalProject(kept, port=port) as project:
        assert project.base_url.endswith(f":{port}")


def test_bad_lexicon_document_as_plan_is_one_line(tmp_path: Path) -> None:
    """A document of another kind is named, and says what it should have."""
    path = tmp_path / "plan.json"
    path.write_text('{"a": 1}')

    result = CliRunner().invoke(local, ["serve", "--port", "0", "--plan", str(path)])

    assert result.exit_code == 2
    assert result.output.startswith(f"Error: {path}: a Lexicon document has entries")
    assert result.output.count("\n") == 1
