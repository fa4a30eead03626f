"""Emptying a project, and keeping a copy of it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from mixpanel_query.local import LocalProject, LocalProjectError

DAY = {"from_date": "2026-11-22", "to_date": "2026-11-22"}
EVENT = {"event": "A", "properties": {"token": "t", "distinct_id": "u"}}
UPDATE = {"$token": "t", "$distinct_id": "u", "$set": {"a": 1}}
NOTE = {"date": "2026-11-22 00:00:00", "description": "Release"}
NOTES = "/api/app/projects/7/annotations"


def fill(project: LocalProject, http: httpx.Client) -> None:
    """Put one of everything into a project."""
    assert http.post("/track", json=EVENT).text == "1"
    assert http.post("/engage", json=UPDATE).text == "1"
    assert http.post(NOTES, json=NOTE).is_success
    assert http.post(f"{NOTES}/tags", json={"name": "x"}).is_success
    project.save_report(1, events="A", from_date="2026-11-22", to_date="2026-11-22")


def held(http: httpx.Client) -> list[object]:
    """Return how much of each a project holds."""
    return [
        http.get("/api/2.0/export", params=DAY).text.count("\n"),
        http.post("/api/query/engage").json()["total"],
        [note["id"] for note in http.get(NOTES, params=WIDE).json()["results"]],
        len(http.get(f"{NOTES}/tags").json()),
        http.get("/api/query/insights?bookmark_id=1").status_code,
    ]


WIDE = {"fromDate": "2026-11-01", "toDate": "2026-11-30"}


def test_a_reset_leaves_nothing(project: LocalProject, http: httpx.Client) -> None:
    """And numbers begin again, as in a project that was just made."""
    fill(project, http)
    before = held(http)
    project.reset()
    empty = held(http)
    fill(project, http)

    assert empty == [0, 0, [], 0, 404]
    assert held(http) == before
    assert before[0] == 1


def test_a_reset_keeps_the_server(project: LocalProject, http: httpx.Client) -> None:
    """Its address stays, and connections too."""
    url = project.base_url
    project.reset()

    assert (project.base_url, http.get("/api/app/me").status_code) == (url, 200)


def test_a_snapshot_is_a_project(
    project: LocalProject, http: httpx.Client, tmp_path: Path
) -> None:
    """It holds what was there when it was taken, and numbers go on."""
    fill(project, http)
    before = held(http)
    path = tmp_path / "the 'shop'.duckdb"
    project.snapshot(path)
    project.reset()

    assert [each.name for each in tmp_path.iterdir()] == ["the 'shop'.duckdb"]
    with (
        LocalProject(path, clock=project.clock) as copied,
        httpx.Client(base_url=copied.base_url, trust_env=False) as other,
    ):
        assert held(other) == before
        assert other.post(NOTES, json=NOTE).is_success
        notes = held(other)[2]
        assert isinstance(notes, list)
        assert len(set(notes)) == 2


def test_a_snapshot_of_a_file_is_another_file(tmp_path: Path) -> None:
    """A project that keeps its data in a file has snapshots as well."""
    with LocalProject(tmp_path / "a.duckdb") as project:
        httpx.post(f"{project.base_url}/track", json=EVENT, trust_env=False)
        project.snapshot(tmp_path / "b.duckdb")
        httpx.post(f"{project.base_url}/track", json=EVENT, trust_env=False)
    names = "/api/query/events/names?type=general"
    with LocalProject(tmp_path / "b.duckdb") as copied:
        assert httpx.get(copied.base_url + names, trust_env=False).json() == ["A"]


def test_a_snapshot_overwrites_nothing(project: LocalProject, tmp_path: Path) -> None:
    """The file stays as it is."""
    path = tmp_path / "notes.txt"
    path.write_text("mine")

    with pytest.raises(LocalProjectError, match="is there already; name another"):
        project.snapshot(path)
    assert path.read_text() == "mine"


def test_a_snapshot_that_cannot_be_written_leaves_nothing(
    project: LocalProject, tmp_path: Path
) -> None:
    """The error is one line that names the file."""
    with pytest.raises(LocalProjectError, match=r"cannot write .*nowhere/x\.duckdb: "):
        project.snapshot(tmp_path / "nowhere" / "x.duckdb")

    assert list(tmp_path.iterdir()) == []


def test_only_a_project_that_serves_has_data() -> None:
    """Before and after there is nothing to reset or to copy."""
    project = LocalProject()
    with pytest.raises(LocalProjectError, match="does not serve"):
        project.reset()
    with pytest.raises(LocalProjectError, match="does not serve"):
        project.snapshot("x.duckdb")
