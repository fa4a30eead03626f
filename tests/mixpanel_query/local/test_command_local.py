"""The command ``mixpanel-query local serve``, typed as a user types it."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import httpx
import pytest

from mixpanel_query.command.local import local

from .served_projects import LINE, run

COMMAND = [sys.executable, "-c", "from mixpanel_query.command import main; main()"]


@contextmanager
def served(*arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """Run the command, and end it if the test did not."""
    process = subprocess.Popen(
        [*COMMAND, "local", "serve", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def introduction(process: subprocess.Popen[str]) -> str:
    """Return what the command prints before it waits."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    return "".join(lines)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_project_serves_until_it_is_stopped(tmp_path: Path, number: int) -> None:
    """It says where it is and what it holds; Ctrl-C ends it without a traceback."""
    path = tmp_path / "events.jsonl"
    path.write_text(LINE * 3)
    with served("--data", str(path), "--timezone", "Europe/London") as process:
        said = introduction(process)
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert found is not None
        answer = httpx.get(
            f"{found[0]}/api/query/segmentation",
            params={"event": "A", "from_date": "2020-09-13", "to_date": "2020-09-13"},
            trust_env=False,
        )
        process.send_signal(number)
        rest, problems = process.communicate(timeout=60)

    assert answer.json()["data"]["values"] == {"A": {"2020-09-13": 3}}
    assert said.splitlines() == [
        f"Local Mixpanel project at {found[0]}, days in Europe/London",
        f"Its page, with events as they arrive: {found[0]}/",
        "Apps send to that address, instead of to api.mixpanel.com.",
        f"Loaded 3 events or profiles from {path}",
        "",
        "For mixpanel-query and mixpanel-slack-report, in another terminal:",
        f"  export MIXPANEL_BASE_URL={found[0]}",
        "  export MIXPANEL_USERNAME=local-account",
        "  export MIXPANEL_SECRET=local-secret",
        "  export MIXPANEL_PROJECT_ID=1",
        "Any username and secret are taken, as none were given here.",
        "Then, for example: mixpanel-query event-names "
        "--from 2020-09-13 --to 2020-09-13",
        "",
        "Batches that arrive are shown here. Press Ctrl-C to stop.",
    ]
    assert (process.returncode, rest, problems) == (0, "", "Stopped.\n")


def test_ctrl_c_while_loading_is_clean_too(tmp_path: Path) -> None:
    """A load that is interrupted ends the command without a traceback."""
    path = tmp_path / "events.jsonl"
    os.mkfifo(path)
    # Whoever opens the pipe for writing waits until the command reads it.
    with served("--data", str(path)) as process, path.open("w") as pipe:
        pipe.write(LINE)
        pipe.flush()
        process.send_signal(signal.SIGINT)
        said, problems = process.communicate(timeout=60)

    assert (process.returncode, said, problems) == (0, "", "Stopped.\n")


def test_secret_is_checked_and_never_printed() -> None:
    """Given credentials are asked for; the secret may come from the environment."""
    given = ("--sample", "--username", "me", "--project-id", "7", "--token", "t0ken")
    with served(*given, MIXPANEL_LOCAL_SECRET="hush-hush") as process:
        said = introduction(process)
        found = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert found is not None
        url = f"{found[0]}/api/query/events/names?type=general&project_id=7"
        wrong = httpx.get(url, auth=("me", "wrong"), trust_env=False)
        right = httpx.get(url, auth=("me", "hush-hush"), trust_env=False)

    assert (wrong.status_code, right.status_code) == (401, 200)
    assert "Purchase" in right.json()
    assert "Then, for example: mixpanel-query event-names\n" in said
    assert "MIXPANEL_USERNAME=me\n" in said
    assert "MIXPANEL_PROJECT_ID=7\n" in said
    assert re.search(r"^Loaded [0-9,]+ made-up events$", said, re.MULTILINE)
    assert "Any username" not in said
    assert "hush" not in said
    assert "t0ken" not in said


def test_serving_ends_with_a_signal(tmp_path: Path) -> None:
    """In this process too, SIGTERM ends the command, and its old handler is back."""
    path = tmp_path / "events.jsonl"
    path.write_text(LINE)
    before = signal.getsignal(signal.SIGTERM)
    said = io.StringIO()

    def stop_when_ready() -> None:
        deadline = time.monotonic() + 60
        while "Ctrl-C" not in said.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGTERM)

    stopper = threading.Thread(target=stop_when_ready)
    stopper.start()
    with redirect_stdout(said):
        local.main(
            ["serve", "--port", "0", "--data", str(path), "--sample"],
            standalone_mode=False,
        )
    stopper.join()

    assert f"Loaded 1 event or profile from {path}\nLoaded " in said.getvalue()
    assert signal.getsignal(signal.SIGTERM) is before


def test_data_may_be_kept_in_a_file(tmp_path: Path) -> None:
    """What one run loads, the next one has."""
    path, store = tmp_path / "events.jsonl", str(tmp_path / "project.duckdb")
    path.write_text(LINE)
    with served("--db", store, "--data", str(path)) as process:
        introduction(process)
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
    with served("--db", store) as process:
        found = re.search(r"http://127\.0\.0\.1:\d+", introduction(process))
        assert found is not None
        answer = httpx.get(
            f"{found[0]}/api/2.0/export",
            params={"from_date": "2020-09-13", "to_date": "2020-09-13"},
            trust_env=False,
        )

    assert json.loads(answer.text)["event"] == "A"


def test_saved_reports_are_taken_from_a_file(tmp_path: Path) -> None:
    """What was saved is said; a report that is wrong is one line."""
    path = tmp_path / "reports.json"
    report = {
        "bookmark_id": 5,
        "events": ["A"],
        "from_date": "2020-09-13",
        "to_date": "2020-09-13",
    }
    path.write_text(json.dumps([report]))
    with served("--report", str(path)) as process:
        said = introduction(process)
    path.write_text(json.dumps({**report, "unit": "year"}))
    code, problem = run("--report", str(path))

    assert f"Loaded 1 report from {path}" in said
    assert code == 1
    assert problem.splitlines() == [
        f"Error: {path}: report 5: unit 'year' is not one of hour, day, week, month"
    ]


def test_saved_funnels_are_taken_from_a_file(tmp_path: Path) -> None:
    """What was saved is said; a funnel that is wrong is one line."""
    path = tmp_path / "funnels.json"
    path.write_text(json.dumps({"funnel_id": 5, "steps": ["A", "B"]}))
    with served("--funnel", str(path)) as process:
        said = introduction(process)
    path.write_text(json.dumps({"funnel_id": 5, "steps": ["A"]}))
    code, problem = run("--funnel", str(path))

    assert f"Loaded 1 funnel from {path}" in said
    assert code == 1
    assert problem.splitlines() == [
        f"Error: {path}: funnel 5: 1 steps make no funnel; give 2 to 50"
    ]


def test_saved_cohorts_are_taken_from_a_file(tmp_path: Path) -> None:
    """What was saved is said."""
    path = tmp_path / "cohorts.json"
    path.write_text(json.dumps({"cohort_id": 5, "name": "Buyers", "event": "A"}))
    with served("--cohort", str(path)) as process:
        said = introduction(process)

    assert f"Loaded 1 cohort from {path}" in said


@pytest.mark.parametrize(
    ("option", "status"), [("--assume", 400), ("--no-assume", 501)]
)
def test_project_assumes_nothing_if_it_must_not(option: str, status: int) -> None:
    """What an answer would have rested on is a 501 then."""
    with served(option) as process:
        address = introduction(process).split("at ", 1)[1].split(",")[0]
        answer = httpx.get(f"{address}/api/query/events/names?type=nothing")

    assert answer.status_code == status


def test_a_plan_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What arrives is compared with it; one that is not there ends the command."""
    (tmp_path / "shop.py").write_text(
        "from mixpanel_schema import TrackingPlan\nplan = TrackingPlan()\n"
    )
    monkeypatch.chdir(tmp_path)
    event = {"event": "Sung Up", "properties": {"token": "t"}}
    with served("--plan", "shop:plan") as process:
        found = re.search(r"http://127\.0\.0\.1:\d+", introduction(process))
        assert found is not None
        with httpx.Client(base_url=found[0], trust_env=False) as client:
            client.post("/track", json=[event])
            [verdict] = client.get("/local/verdicts").json()["verdicts"]
    code, said = run("--plan", "shop:nothing")

    [problem] = verdict["plan"]
    assert problem.startswith("event 'Sung Up' is not in the plan")
    assert code == 2
    assert said.startswith("Error: shop has no 'nothing'")


def test_group_keys_have_the_numbers_that_are_told() -> None:
    """Questions name the key by it, whatever number it is."""
    update = {"$token": "t", "$group_key": "team", "$group_id": "x", "$set": {}}
    told = ["--group-key", "team", "-71", "--group-key", "company", "8"]
    with served(*told) as process:
        address = introduction(process).split("at ", 1)[1].split(",")[0]
        sent = httpx.post(f"{address}/groups", json=[update]).text
        form = {"data_group_id": "-71"}
        answer = httpx.post(f"{address}/api/query/engage", data=form).json()

    assert sent == "1"
    assert [each["$distinct_id"] for each in answer["results"]] == ["x"]


def test_arrivals_are_lines_on_standard_error() -> None:
    """Each batch is one line with its time, path, number and names; asking is none."""
    first = {"event": "Sign Up", "properties": {"token": "t"}}
    with served() as process:
        found = re.search(r"http://127\.0\.0\.1:\d+", introduction(process))
        assert found is not None
        with httpx.Client(base_url=found[0], trust_env=False) as client:
            client.post("/track", json=[first, first])
            client.get("/api/query/events/names", params={"type": "general"})
            client.post("/engage", json=[])
        process.send_signal(signal.SIGINT)
        _, problems = process.communicate(timeout=60)

    tracked, engaged, stopped = problems.splitlines()
    assert re.fullmatch(r"\d\d:\d\d:\d\d  /track  2 events: Sign Up \(2\)", tracked)
    assert engaged.endswith("  /engage  0 profile updates")
    assert stopped == "Stopped."


@pytest.mark.parametrize("named", [True, False])
def test_project_serves_over_https(tmp_path: Path, named: bool) -> None:
    """It prints what lets other libraries trust it, which then do."""
    path = tmp_path / "the authority.pem"
    given = ["--tls", str(path)] if named else ["--tls"]
    with served(*given, "--sample") as process:
        said = introduction(process)
        url = re.search(r"https://127\.0\.0\.1:\d+", said)
        line = re.search(r"export REQUESTS_CA_BUNDLE=(.+) SSL_CERT_FILE=(.+)", said)
        assert url is not None
        assert line is not None
        assert line[1] == line[2]
        file = line[1].strip("'")
        assert not named or file == str(path)
        trusting = ssl.create_default_context(cafile=file)
        answer = httpx.get(
            f"{url[0]}/api/query/events/names?type=general",
            verify=trusting,
            trust_env=False,
        )
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)

    assert answer.status_code == 200
    assert Path(file).exists() is named
