"""docs/reference/errors.md has every counter, reason, state and HTTP status."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest
from tests.reference.error_page import PAGE
from tests.reference.pages import page, rows, section

from mixpanel_pyramid.command.refused import refused
from mixpanel_pyramid.delivery_counts import DeliveryStats
from mixpanel_slack_report.exceptions import (
    CollectionError,
    DeliveryError,
    LedgerError,
    MixpanelSlackReportError,
    OutcomeUnknownError,
    RequestRefusedError,
    SettingsError,
    WindowError,
)
from mixpanel_slack_report.http.custom_report import status_of
from mixpanel_slack_report.http.exchange import HttpAnswer, HttpRequest
from mixpanel_slack_report.http.routes import LARGEST_BODY, Route, answer_request
from mixpanel_slack_report.ledger.entries import Settled, Step

TEXT = page(PAGE)
SOURCES = Path(__file__).parents[2] / "packages/mixpanel-pyramid/src/mixpanel_pyramid"


def first_cells(text: str) -> list[str]:
    """Return what is code in the first cell of each row."""
    return [re.findall("`([^`]+)`", row[0])[0] for row in rows(text)]


def test_the_page_has_every_counter_and_reason() -> None:
    """The fields of the statistics, and the reasons that the sources give."""
    counters = [field.name for field in fields(DeliveryStats)]
    dropped, in_memory = set(reasons("dropped")), set(reasons("in_memory"))

    told = first_cells(section(TEXT, "Counters"))

    assert told[: len(counters)] == counters
    assert set(told[len(counters) :]) == dropped | in_memory


def test_the_page_says_where_a_reason_is_counted() -> None:
    """In what was dropped, or in what waits in memory."""
    told = {
        (re.findall("`([^`]+)`", row[0])[0], row[1].strip("`"))
        for row in rows(section(TEXT, "Counters"))
        if len(row) == 3
    }

    assert told == {
        (reason, counter)
        for counter in ("dropped", "in_memory")
        for reason in reasons(counter)
    }


def reasons(counter: str) -> Iterator[str]:
    """Yield the reasons that the sources of mixpanel-pyramid count under a counter."""
    for source in sorted(SOURCES.glob("*.py")):
        tree = ast.parse(source.read_text(encoding="utf-8"))
        names = {
            node.targets[0].id: node.value.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            for found in reason_nodes(node, counter):
                if isinstance(found, ast.Name):
                    yield from filter(None, [names.get(found.id)])
                elif isinstance(found, ast.Constant):
                    yield str(found.value)


def reason_nodes(node: ast.AST, counter: str) -> Iterator[ast.expr]:
    """Yield what stands for a reason in a node: where it is counted under one."""
    text = ast.unparse(node) if isinstance(node, ast.expr) else ""
    if counter == "in_memory":
        if isinstance(node, ast.Constant) and str(node.value).startswith("outbox "):
            yield from [node] * (len(str(node.value).split()) == 2)
    elif isinstance(node, ast.Subscript) and text.startswith("self.dropped["):
        yield node.slice
    elif isinstance(node, ast.Dict) and re.search(r"\.(dropped|invalid)\}$", text):
        yield from [each for each in node.keys if each is not None]
    elif isinstance(node, ast.Call) and text.startswith("self.drop("):
        yield node.args[0]
    elif isinstance(node, ast.Call) and text.startswith("self.replace("):
        yield node.args[1]


def test_the_page_has_the_states_of_dead_letters() -> None:
    """Those that the command lists."""
    (option,) = (each for each in refused.params if each.name == "state")

    told = first_cells(section(TEXT, "States of dead letters"))

    assert told == list(getattr(option.type, "choices", ()))


def test_the_page_has_the_states_of_the_ledger() -> None:
    """What a run is at, and what became of it."""
    states = [each for each in (*get_args(Step), *get_args(Settled)) if each]

    assert first_cells(section(TEXT, "States in the ledger")) == states


STATUSES = {row[0]: row[1] for row in rows(section(TEXT, "HTTP answers"))}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (WindowError("x"), "400"),
        (OutcomeUnknownError("x"), "409"),
        (SettingsError("x"), "500"),
        (LedgerError("x"), "500"),
        (CollectionError("x"), "502"),
        (DeliveryError("x"), "502"),
    ],
    ids=lambda each: str(type(each).__name__),
)
def test_the_page_has_the_status_of_an_error(
    error: MixpanelSlackReportError, status: str
) -> None:
    """As the endpoint answers it."""
    assert str(status_of(error)) == status
    assert f"`{type(error).__name__}`" in STATUSES[status]


def ask(path: str = "/api/x", method: str = "GET", body: bytes = b"") -> HttpAnswer:
    """Ask an endpoint that refuses everything."""

    def answer(_: HttpRequest) -> HttpAnswer:
        raise RequestRefusedError("no")

    route = Route("/api/x", ("GET",), answer, needs_key=path == "/api/x/")
    request = HttpRequest(method, path, "", {}, body)
    return answer_request(request, [route], report_key="s3cret", note=print)


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (ask(), "400"),
        (ask("/api/x/"), "401"),
        (ask("/api/y"), "404"),
        (ask(method="PUT"), "405"),
        (ask(body=b"x" * (LARGEST_BODY + 1)), "413"),
    ],
)
def test_the_page_has_the_status_of_an_answer(answer: HttpAnswer, status: str) -> None:
    """Each has a line that says what is wrong."""
    assert str(answer.status) == status
    assert status in STATUSES
    assert "error" in json.loads(answer.body)
    assert f"{LARGEST_BODY:,} bytes" in STATUSES["413"]


def test_the_page_has_the_statuses_of_the_sources() -> None:
    """Each number that the endpoints answer with, and no other."""
    folder = SOURCES.parents[2] / "mixpanel-slack-report/src/mixpanel_slack_report/http"
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    code = "\n".join(re.findall(r"^(?! *[#\"]).*$", text, re.MULTILINE))

    found = set(re.findall(r"(?<![\w.$\[:])([45]\d\d)(?![\w.])", code))

    assert found - {"400"} <= set(STATUSES)
    assert set(STATUSES) - found <= {"400"}
