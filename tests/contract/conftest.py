"""A local project with data, and Prism with Mixpanel's OpenAPI files before it.

``nox -s contract`` runs what is here, and brings what it needs: the variable
MIXPANEL_OPENAPI names the folder of the files, MIXPANEL_PRISM the program.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from mixpanel_query.local import LocalProject

HERE = Path(__file__).parent
IS_EQUIPPED = {"MIXPANEL_OPENAPI", "MIXPANEL_PRISM"} <= os.environ.keys()
PRISM = os.environ.get("MIXPANEL_PRISM", "")
collect_ignore_glob = [] if IS_EQUIPPED else ["test_*.py"]
# The questions of the clients have a table there, and servers and clients for tests.
EVERY_QUESTION = HERE.parent / "mixpanel_query" / "every_question"
sys.path += [str(HERE), str(EVERY_QUESTION)] if IS_EQUIPPED else []

# Sunday, 2026-11-22, noon.
NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
CREDENTIALS = ("reports.1a2b3c", "hunter2-hunter2")
PROJECT_ID, TOKEN = 12345, "t0ken"


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """Give Mixpanel's OpenAPI files as one, corrected and completed."""
    from overlay import corrected_document

    return corrected_document(Path(os.environ["MIXPANEL_OPENAPI"]))


@pytest.fixture(scope="session")
def document_file(
    document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Give the file that holds the document."""
    file = tmp_path_factory.mktemp("openapi") / "mixpanel.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def sent_rows() -> Iterator[dict[str, Any]]:
    """Yield three users' events of two weeks; a shop's come on top where they are."""
    names = ("page view", "view item", "checkout", "sign up", "true")
    for number in range(600):
        time = NOW - timedelta(minutes=35 * number)
        yield {
            "event": names[number % len(names)],
            "properties": {
                "distinct_id": f"u{number % 3}",
                "time": int(time.timestamp()),
                "$insert_id": f"row{number}",
                "amount": number % 7 + 0.5,
                "plan": ("basic", "pro")[number % 2],
                "true": "true",
            },
        }


def fill(project: LocalProject, folder: Path) -> None:
    """Put into a project what the questions of the tests ask for."""
    rows = folder / "rows.jsonl"
    lines = [json.dumps(row) for row in sent_rows()]
    rows.write_text("\n".join(lines), encoding="utf-8")
    project.load(rows)
    if "SHOP_EVENTS" in os.environ:
        project.load(os.environ["SHOP_EVENTS"])
    project.save_funnel(1, steps=["page view", "view item", "checkout"], name="Buying")
    project.save_cohort(7, name="Buyers", event="checkout")
    days = {"from_date": "2026-11-09", "to_date": "2026-11-15"}
    project.save_report(99, events=["checkout", "sign up"], **days)


@contextmanager
def filled_project(folder: Path) -> Iterator[LocalProject]:
    """Serve a project with events and definitions."""
    with LocalProject(
        clock=lambda: NOW,
        credentials=CREDENTIALS,
        project_id=PROJECT_ID,
        token=TOKEN,
    ) as serving:
        fill(serving, folder)
        yield serving


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    """Give a project with events and definitions."""
    with filled_project(tmp_path_factory.mktemp("project")) as serving:
        yield serving


@pytest.fixture
def new_project(tmp_path: Path) -> Iterator[LocalProject]:
    """Give such a project that no other test has."""
    with filled_project(tmp_path) as serving:
        yield serving


@pytest.fixture(scope="module")
def through_prism(
    project: LocalProject,
    document_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Give the address of Prism, which stands before the project."""
    from prism import proxied

    log = tmp_path_factory.mktemp("prism") / "log"
    with proxied(PRISM, document_file, project.base_url, log) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def through_new_prism(
    new_project: LocalProject, document_file: Path, tmp_path: Path
) -> Iterator[str]:
    """Give the address of Prism before the project that no other test has."""
    from prism import proxied

    log = tmp_path / "prism.log"
    with proxied(PRISM, document_file, new_project.base_url, log) as port:
        yield f"http://127.0.0.1:{port}"
