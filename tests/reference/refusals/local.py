"""What a local project refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.reference.refusals.refusal import Refusal

from mixpanel_query import ServiceAccount
from mixpanel_query.local import LocalProject
from mixpanel_query.local.exceptions import LocalProjectError, RequestRefusedError
from mixpanel_query.local.parameters.reading import number, one_of, required

__all__ = ["LOCAL"]

Provoke = Callable[[Path], object]


def made(**options: Any) -> Provoke:  # noqa: ANN401  # those of LocalProject
    """Make a local project."""
    return lambda _: LocalProject(**options)


def served(
    work: Callable[[LocalProject], object],
    **options: Any,  # noqa: ANN401  # those of LocalProject
) -> Provoke:
    """Do something with a local project that serves."""

    def provoke(_: Path) -> object:
        with LocalProject(**options) as project:
            return work(project)

    return provoke


def loading(name: str, text: str) -> Provoke:
    """Load a file of one line into a local project."""

    def provoke(folder: Path) -> object:
        (folder / name).write_text(text, encoding="utf-8")
        with LocalProject() as project:
            return project.load(name)

    return provoke


def other_file(folder: Path) -> object:
    """Keep the data in a file that is something else."""
    (folder / "shop.db").write_text("notes", encoding="utf-8")
    with LocalProject("shop.db"):
        return None


def refused(provoke: Provoke, remedy: str) -> Refusal:
    """Make a row about a local project."""
    return Refusal(LocalProjectError, provoke, remedy)


NO_EVENT = json.dumps({"event": 7, "properties": {"time": 1, "distinct_id": "a"}})
LOCAL = [
    refused(made(timezone="London"), "The timezone has another name."),
    refused(made(week_start="mon"), "Weekdays are written out."),
    refused(made(project_id=0), "Numbers of projects begin with 1."),
    refused(made(credentials=("local", "")), "An account has two parts."),
    refused(
        made(credentials=ServiceAccount("local", "s3cret", 1), project_id=2),
        "Two numbers were given, and the account has one.",
    ),
    refused(made(group_keys={"company": 1, "team": 1}), "Two keys have one number."),
    refused(
        lambda _: LocalProject().load_sample(),
        "A project takes data while its `with` lasts.",
    ),
    refused(
        served(lambda project: project.ca_file), "There is a certificate with `tls`."
    ),
    refused(other_file, "The file belongs to another program."),
    refused(
        served(lambda project: project.load("missing.jsonl")),
        "There is no such file.",
    ),
    refused(
        loading("events.jsonl", NO_EVENT),
        "A line of the file is no event, and nothing of the file was loaded.",
    ),
    refused(
        served(lambda project: project.faults.add(path="/track", status=99)),
        "HTTP has no such status.",
    ),
    refused(
        served(lambda project: project.limits(per_hour=0)),
        "A limit lets something through.",
    ),
    Refusal(
        RequestRefusedError,
        lambda _: required({}, "from_date"),
        "A parameter is missing; the status is 400.",
    ),
    Refusal(
        RequestRefusedError,
        lambda _: one_of("unit", "year", ("day", "week", "month")),
        "A parameter has a value that Mixpanel does not know; the status is 400.",
    ),
    Refusal(
        RequestRefusedError,
        lambda _: number({"limit": "many"}, "limit", most=10000),
        "A parameter is no number; the status is 400.",
    ),
]
