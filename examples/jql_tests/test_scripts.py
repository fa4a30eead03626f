"""JQL scripts, run in a local project with orders whose answers are known by hand."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest

from mixpanel_query import Client, ServiceAccount
from mixpanel_query.exceptions import QueryRefusedError
from mixpanel_query.jql import read_groups
from mixpanel_query.local import LocalProject

FOLDER = Path(__file__).parent
SCRIPTS = FOLDER / "scripts"
WEEK = {"from_date": "2026-11-16", "to_date": "2026-11-22"}


@pytest.fixture
def project(mixpanel_project: LocalProject) -> LocalProject:
    """A project with four orders in the week, one after it, and a search."""
    mixpanel_project.clock = datetime(2026, 11, 24, 9, tzinfo=timezone.utc)
    mixpanel_project.load(FOLDER / "orders.jsonl")
    return mixpanel_project


@pytest.fixture
def client(project: LocalProject) -> Iterator[Client]:
    """A client that asks the local project."""
    account = ServiceAccount("any", "any", project_id=1)
    with Client(account, base_url=project.base_url) as asking:
        yield asking


def test_repeat_buyers_have_at_least_the_orders_asked_for(client: Client) -> None:
    """Ann ordered twice in the week, Bob once in it and once after it."""
    rows = client.jql(SCRIPTS / "repeat_buyers.js", {**WEEK, "least": 2})

    assert rows == [{"key": ["ann"], "value": 2}]


def test_repeat_buyers_are_sorted_by_their_orders(client: Client) -> None:
    """Who ordered most is first."""
    rows = client.jql(SCRIPTS / "repeat_buyers.js", {**WEEK, "least": 1})

    assert [count for _, count in read_groups(rows)] == [2, 1, 1]


def test_revenue_is_split_by_plan(client: Client) -> None:
    """10, 20 and 40 of Pro, 50 of Free; a search has no amount."""
    rows = client.jql(SCRIPTS / "revenue_by_plan.js", WEEK)

    assert dict(read_groups(rows)) == {("Free",): 50, ("Pro",): 70}


def test_an_order_of_the_next_day_belongs_to_the_next_week(client: Client) -> None:
    """Bob's 1000 came in the first second after the week."""
    monday = {"from_date": "2026-11-23", "to_date": "2026-11-23"}

    rows = client.jql(SCRIPTS / "revenue_by_plan.js", monday)

    assert dict(read_groups(rows)) == {("Free",): 1000}


def test_the_mean_order_is_that_of_all_orders(client: Client) -> None:
    """120 in four orders."""
    assert client.jql(SCRIPTS / "mean_order.js", WEEK) == [30]


def test_a_mean_of_means_is_no_mean(client: Client) -> None:
    """The local project reduces parts and merges them, so that the mistake shows."""
    (wrong,) = client.jql(SCRIPTS / "mean_order_unmerged.js", WEEK)

    assert wrong != 30


def test_a_script_needs_its_params(client: Client) -> None:
    """Without days it fails, rather than to count something else."""
    with pytest.raises(QueryRefusedError):
        client.jql(SCRIPTS / "revenue_by_plan.js")


def test_the_readmes_command_runs_the_same_script(project: LocalProject) -> None:
    """It differs only in which project it asks, which the environment says."""
    text = (FOLDER / "README.md").read_text("utf-8").replace("\\\n", " ")
    command = next(line for line in text.splitlines() if " jql " in line)
    program, *arguments = shlex.split(command)

    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "mixpanel_query", *arguments],
        cwd=FOLDER,
        env={
            **os.environ,
            "MIXPANEL_USERNAME": "any",
            "MIXPANEL_SECRET": "any",
            "MIXPANEL_PROJECT_ID": "1",
            "MIXPANEL_BASE_URL": project.base_url,
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert program == "mixpanel-query"
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [{"key": ["ann"], "value": 2}]
