"""Every question of the clients to Mixpanel's own OpenAPI files, served by Prism.

Prism refuses a request that the files do not allow.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from asking import ask_and_await, ask_and_wait
from operations import Operation, operations
from prism import mocked, passed_on
from recording import Recorded, Reply, recording
from table import QUESTIONS, Question

from mixpanel_query.exceptions import UnreadableAnswerError

TEXT = "Sign Up"
DOCUMENTED = [question for question in QUESTIONS if question.is_documented]
# Addresses that the clients ask nothing of.
SENDING = ("/import", "/track", "/engage", "/groups", "/lookup-tables")

# Operations that no method asks for, and why.
NOT_ASKED: dict[str, str] = {}
# Parameters that no method sends, and why.
CSV = "results are read from JSON, which has the same in it"
NOT_SENT: dict[tuple[str, str], str] = {
    (
        "DELETE /api/app/projects/{projectId}/schemas/{entityType}",
        "entity_name",
    ): "whoever ignores it deletes all of the type; the path with the name does not",
    ("GET /api/query/events", "format"): CSV,
    ("GET /api/query/events/properties", "format"): CSV,
    ("GET /api/query/segmentation", "format"): CSV,
}
# Questions whose answer Prism makes up in a way that Mixpanel does not; the request
# counts, the answer is refused.
MADE_UP: dict[str, str] = {
    "export_to": "the events are of other days than those that were asked for",
}


class Contract:
    """Mixpanel, as far as its OpenAPI files say what it is.

    Args:
        base_url: Where it answers.
        requests: What was asked so far.
        statuses: What was answered, request by request.
        asked: What there is to ask.
    """

    def __init__(
        self,
        base_url: str,
        requests: list[Recorded],
        statuses: list[Any],
        asked: list[Operation],
    ) -> None:
        self.base_url = base_url
        self.requests = requests
        self.statuses = statuses
        self.operations = asked

    def operation(self, request: Recorded) -> Operation:
        """The operation that a request asks for."""
        path = request.target.partition("?")[0]
        found = self.operations
        return next(each for each in found if each.is_asked_by(request.method, path))


@pytest.fixture(scope="module")
def contract(
    document: dict[str, Any],
    document_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Contract]:
    """Start a mock server, and one before it that keeps what is asked."""
    found = [each for each in operations(document) if not each.path.startswith(SENDING)]
    statuses: list[Any] = []
    log = tmp_path_factory.mktemp("mock") / "prism.log"
    with mocked(os.environ["MIXPANEL_PRISM"], document_file, log) as port:

        def answer(request: Recorded) -> Reply:
            reply = with_another_page(request, passed_on(request, port))
            statuses.append((request.method, request.target, reply[0], reply[2]))
            return reply

        with recording(answer) as (base_url, requests):
            yield Contract(base_url, requests, statuses, found)


def with_another_page(request: Recorded, reply: Reply) -> Reply:
    """Let another page of profiles follow, an empty one, so that it is asked for."""
    status, headers, content = reply
    if status != HTTPStatus.OK or "/engage" not in request.target:
        return reply
    page = int(dict(request.form).get("page", "0"))
    body = json.loads(content)
    body |= {"page": page, "page_size": 1}
    if page:
        body["results"] = []
    return status, headers, json.dumps(body).encode()


def asked(question: Question, folder: Path) -> Callable[[Any], Any]:
    """Put a question with a plain text."""
    return lambda client: question.ask(client, TEXT, folder)


@pytest.mark.parametrize("outcomes", [ask_and_wait, ask_and_await])
@pytest.mark.parametrize("question", DOCUMENTED, ids=str)
def test_no_request_is_refused(
    contract: Contract,
    question: Question,
    outcomes: Callable[..., Any],
    tmp_path: Path,
) -> None:
    """Prism takes every request, and its answer is read where it can be Mixpanel's."""
    contract.statuses.clear()
    (error,) = outcomes([asked(question, tmp_path)], contract.base_url)

    assert contract.statuses
    refused = [each for each in contract.statuses if not 200 <= each[2] < 300]
    assert refused == []
    if str(question) in MADE_UP:
        assert isinstance(error, UnreadableAnswerError)
    else:
        assert error is None


@pytest.mark.parametrize("outcomes", [ask_and_wait, ask_and_await])
def test_every_operation_is_asked_with_every_parameter(
    contract: Contract, outcomes: Callable[..., Any], tmp_path: Path
) -> None:
    """No operation and no parameter is left out, but for those named with a reason."""
    contract.requests.clear()
    asks = [
        asked(question, tmp_path / str(number))
        for number, question in enumerate(DOCUMENTED)
    ]
    outcomes(asks, contract.base_url)

    sent: dict[Operation, set[str]] = {}
    for request in contract.requests:
        operation = contract.operation(request)
        names = sent.setdefault(operation, set())
        names.update(name for name, _ in [*request.params, *request.form])
        names.update(request.document or ())
        names.update({"Accept-Encoding"} & operation.parameters)
    missing = {str(each) for each in contract.operations if each not in sent}
    assert missing == set(NOT_ASKED)
    unsent = {
        (str(operation), name)
        for operation, names in sent.items()
        for name in operation.parameters - names
    }
    assert unsent == set(NOT_SENT)
