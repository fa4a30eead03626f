"""LocalProject: what a test or a script does with it."""

from __future__ import annotations

import gzip
import socket
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import httpx
import pytest

from mixpanel_query.local import LocalProject, LocalProjectError

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
LINE = '{"event":"A","properties":{"time":1795348800,"distinct_id":"u1"}}\n'
TODAY = {"from_date": "2026-11-22", "to_date": "2026-11-22", "event": "A"}


def ask(project: LocalProject, path: str, **params: str) -> httpx.Response:
    """Ask a project over its socket."""
    return httpx.get(f"{project.base_url}{path}", params=params, trust_env=False)


def test_project_serves_while_with_lasts(tmp_path: Path) -> None:
    """Loaded events are found over the socket, and afterwards nobody listens."""
    path = tmp_path / "events.jsonl"
    path.write_text(LINE)
    with LocalProject(clock=lambda: NOON) as project:
        url = project.base_url
        assert project.load(path) == 1
        assert project.load(str(path)) == 1
        found = ask(project, "/api/query/segmentation", **TODAY).json()

    assert url.startswith("http://127.0.0.1:")
    assert found["data"]["values"] == {"A": {"2026-11-22": 2}}
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


def test_folder(tmp_path: Path) -> None:
    """Of a folder all files of events are loaded, and nothing else."""
    (tmp_path / "2026-11-21.jsonl").write_text(LINE)
    (tmp_path / "2026-11-22.jsonl.gz").write_bytes(gzip.compress(LINE.encode() * 2))
    (tmp_path / "2026-11-23.jsonl").write_text("")
    (tmp_path / ".2026-11-24.jsonl.part").write_text("half")
    (tmp_path / "manifest.json").write_text("{}")
    with LocalProject(clock=lambda: NOON) as project:
        assert project.load(tmp_path) == 3


def test_folder_without_events(tmp_path: Path) -> None:
    """A folder that holds no events is a mistake, and it is said what would be one."""
    (tmp_path / "2026-11-21.csv").write_text("")
    with (
        LocalProject() as project,
        pytest.raises(LocalProjectError, match=r"has no file .*\.jsonl, .*\.parquet"),
    ):
        project.load(tmp_path)


def test_project_leaves_no_thread() -> None:
    """When ``with`` ends, so does the thread."""
    others = set(threading.enumerate())
    with LocalProject():
        (own,) = set(threading.enumerate()) - others
        assert own.name == "mixpanel-local-project"

    assert not own.is_alive()


def test_data_in_memory_are_gone_after_with(tmp_path: Path) -> None:
    """A project may be entered again, and is empty then."""
    path = tmp_path / "events.jsonl"
    path.write_text(LINE)
    project = LocalProject(clock=lambda: NOON)
    with project:
        project.load(path)
    with project:
        found = ask(project, "/api/query/events/names", type="general").json()

    assert found == []


def test_data_in_a_file_stay(tmp_path: Path) -> None:
    """A project in a file has its events when it is opened again."""
    path = tmp_path / "events.jsonl"
    path.write_text(LINE)
    for _ in range(2):
        with LocalProject(tmp_path / "project.duckdb", clock=lambda: NOON) as project:
            project.load(path)
            found = ask(project, "/api/query/segmentation", **TODAY).json()

    assert found["data"]["values"] == {"A": {"2026-11-22": 2}}


def test_clock_may_be_set() -> None:
    """A question about tomorrow is answered once the clock says so."""
    asked = {"event": "A", "from_date": "2026-11-23", "to_date": "2026-11-23"}
    with LocalProject(clock=lambda: NOON) as project:
        before = ask(project, "/api/query/segmentation", **asked)
        project.clock = lambda: NOON + timedelta(days=1)
        after = ask(project, "/api/query/segmentation", **asked)

    assert (before.status_code, after.status_code) == (400, 200)


def test_clock_of_the_machine_is_the_default() -> None:
    """Without a clock, yesterday may be asked for."""
    day = (datetime.now(timezone.utc) - timedelta(days=1)).date().isoformat()
    with LocalProject() as project:
        answer = ask(
            project,
            "/api/query/segmentation",
            event="A",
            from_date=day,
            to_date=day,
        )

    assert answer.json()["data"]["values"] == {"A": {day: 0}}


def test_naive_clock_is_an_error_in_the_answer() -> None:
    """A clock without a timezone gets an answer that says what to do."""
    with LocalProject(clock=lambda: NOON.replace(tzinfo=None)) as project:
        answer = ask(project, "/api/query/segmentation", **TODAY)

    assert answer.status_code == 500
    assert "return an aware datetime" in answer.json()["error"]


def test_sample_ends_yesterday() -> None:
    """The sample has thousands of events yesterday and before, and none today."""
    with LocalProject(clock=lambda: NOON, timezone="America/Los_Angeles") as project:
        count = project.load_sample()
        found = ask(
            project,
            "/api/query/segmentation",
            event="Page View",
            from_date="2026-11-21",
            to_date="2026-11-22",
        ).json()["data"]["values"]["Page View"]

    assert 20_000 < count < 40_000
    assert found["2026-11-21"] > 50
    assert found["2026-11-22"] == 0


def test_taken_port_is_one_line() -> None:
    """The error names the port and the option that chooses another one."""
    with LocalProject() as project:
        port = int(project.base_url.rpartition(":")[2])

        with pytest.raises(LocalProjectError) as caught:
            LocalProject(port=port).__enter__()

    assert str(caught.value) == (
        f"port {port} of 127.0.0.1 is taken; choose another one with --port, "
        "or 0 for any free one"
    )


@pytest.mark.parametrize(
    ("host", "port", "message"),
    [
        ("127.0.0.1", 70000, "port 70000 does not exist"),
        ("192.0.2.1", 0, "cannot listen at port 0 of 192.0.2.1"),
        ("no.such.host.invalid", 0, "cannot listen at port 0 of no.such"),
    ],
)
def test_impossible_address_is_one_line(host: str, port: int, message: str) -> None:
    """An address that cannot be had is refused and named."""
    with pytest.raises(LocalProjectError, match=message):
        LocalProject(host=host, port=port).__enter__()


def test_port_is_given_back_when_the_file_cannot_be_opened(tmp_path: Path) -> None:
    """A project that fails to open its file does not keep the port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    for _ in range(2):
        with pytest.raises(LocalProjectError, match="cannot open the project file"):
            LocalProject(tmp_path, port=port).__enter__()


def test_project_is_entered_once() -> None:
    """A project that serves cannot be entered again, and goes on."""
    with LocalProject() as project:
        with pytest.raises(LocalProjectError, match="serves already"):
            project.__enter__()

        assert ask(project, "/nonsense").status_code == 404


def test_project_that_does_not_serve_has_no_url() -> None:
    """Outside of ``with`` there is nothing to ask or to load into."""
    project = LocalProject()
    for use in (lambda: project.base_url, lambda: project.load("x")):
        with pytest.raises(LocalProjectError, match="write 'with LocalProject"):
            use()


def test_repr_says_where_and_tells_no_secret() -> None:
    """The repr has the address and the timezone."""
    project = LocalProject(credentials=("reports", "s3cret"), token="t0ken")
    assert repr(project) == "<LocalProject not serving, days in UTC>"
    with project:
        assert repr(project) == f"<LocalProject {project.base_url}, days in UTC>"


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_project_may_listen_at_an_ipv6_address() -> None:
    """The address stands in brackets in the URL."""
    try:
        with LocalProject(host="::1") as project:
            assert project.base_url.startswith("http://[::1]:")
            assert ask(project, "/nonsense").status_code == 404
    except LocalProjectError as error:
        pytest.skip(f"no IPv6 loopback here: {error}")
