"""docs/reference/errors.md quotes warnings, and what commands say, as they are."""

from __future__ import annotations

import re
import shlex
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from tests.reference.error_page import PAGE
from tests.reference.pages import page, rows, section

from mixpanel_pyramid.dispatch import Dispatch
from mixpanel_pyramid.settings import read_settings
from mixpanel_pyramid.start_up import look_around
from mixpanel_query import Client, ProjectSecret, ServiceAccount
from mixpanel_query.budget import Budget
from mixpanel_query.wire import Destination

if TYPE_CHECKING:
    from tests.reference.conftest import Run

TEXT = page(PAGE)
ACCOUNT = ServiceAccount("reports", "s3cret", 12345)
ASKED = Destination(ACCOUNT, "us", None, None)


def test_the_page_has_the_warnings_at_start_up(tmp_path: Path) -> None:
    """Of settings that are allowed and probably not meant, and of uWSGI."""
    found = [
        *read_settings({"mixpanel.base_url": "http://collector.example"}).warnings,
        *read_settings(
            {
                "mixpanel.token": "false",
                "mixpanel.header_properties": "token",
                "mixpanel.consumer": "buffered",
                "mixpanel.outbox": str(tmp_path / "outbox.sqlite"),
            }
        ).warnings,
    ]
    with patch.dict(sys.modules, {"uwsgi": SimpleNamespace(opt={})}):
        found += look_around(Dispatch(None, None))  # type: ignore[arg-type]

    told = [row[0] for row in rows(section(TEXT, "Warnings at start-up"))]

    assert [re.sub("^(`+) ?(.*?) ?\\1$", r"\2", cell) for cell in told] == found


def test_the_page_has_the_warnings_of_python(tmp_path: Path) -> None:
    """With their categories."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ProjectSecret("s3cret")
        Client(ACCOUNT, base_url="http://proxy.example")
        notes = tmp_path / "notes.txt"
        notes.write_text("notes of somebody", encoding="utf-8")
        Budget(notes).gate(ASKED).status()
    found = [
        (each.category.__name__, str(each.message).replace(str(tmp_path), "/srv/shop"))
        for each in caught
    ]

    table = rows(section(TEXT, "Python warnings"))

    assert [(row[0].strip("`"), row[1].strip("`")) for row in table] == found


SAID = [
    (row[0].strip("`"), row[1].strip("`"), row[2])
    for row in rows(section(TEXT, "What commands say"))
]


@pytest.mark.parametrize(("command", "message", "code"), SAID)
def test_a_command_says_what_the_page_says(
    command: str, message: str, code: str, run: Run, shop: Path
) -> None:
    """As its last line, with its exit code."""
    done = run(*shlex.split(command))

    stderr = done.stderr.replace(str(shop), "/srv/shop")
    said = " ".join(stderr.partition("Error: ")[2].split())
    assert (said, str(done.returncode)) == (message, code)
