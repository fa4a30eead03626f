"""Every question to Mixpanel's own OpenAPI files, served by Prism.

``nox -s contract -- FOLDER`` runs it, with the folder that holds the files; it needs
node. Prism refuses a request that a file does not allow.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from mixpanel_query.exceptions import UnreadableAnswerError

FOLDER = os.environ["MIXPANEL_CONTRACTS"]
PRISM = os.environ["MIXPANEL_CONTRACTS_PRISM"]
TEXT = "Sign Up"

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
        operations: What there is to ask.
    """

    def __init__(
        self,
        base_url: str,
        requests: list[Any],
        statuses: list[Any],
        operations: Any,  # noqa: ANN401
    ) -> None:
        self.base_url = base_url
        self.requests = requests
        self.statuses = statuses
        self.operations = operations

    def operation(self, request: Any) -> Any:  # noqa: ANN401 - a Recorded
        """The operation that a request asks for; None for none."""
        path = request.target.partition("?")[0]
        for operation in self.operations:
            if operation.is_asked_by(request.method, path):
                return operation
        return None


@pytest.fixture(scope="module")
def contract(
    load: Callable[[str], Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Contract]:
    """Start a mock server for each file, and one in front of them all."""
    operations, servers = load("operations"), load("mock_servers")
    folder = Path(FOLDER)
    work = tmp_path_factory.mktemp("contracts")
    files = {
        name: operations.corrected_file(folder, name, work)
        for name in operations.CONTRACTS
    }
    found = operations.operations(folder)
    statuses: list[Any] = []

    with servers.all_mocked(PRISM, files, work) as port:

        def answer(request: Any) -> Any:  # noqa: ANN401 - a Recorded
            operation = mixpanel.operation(request)
            if operation is None:
                reply = (404, {}, b"no contract has this path")
            else:
                here = port(operation.contract)
                reply = servers.passed_on(request, operation.prefix, here)
                reply = with_another_page(request, reply)
            statuses.append((request.method, request.target, reply[0], reply[2]))
            return reply

        with load("recording").recording(answer) as (base_url, requests):
            mixpanel = Contract(base_url, requests, statuses, found)
            yield mixpanel


def with_another_page(request: Any, reply: Any) -> Any:  # noqa: ANN401
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


def asked(question: Any, folder: Path) -> Callable[[Any], Any]:  # noqa: ANN401
    """Put a question with a plain text."""
    return lambda client: question.ask(client, TEXT, folder)


def test_no_request_is_refused(
    contract: Contract,
    question: Any,  # noqa: ANN401 - a Question
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


def test_every_operation_is_asked_with_every_parameter(
    contract: Contract,
    questions: list[Any],
    outcomes: Callable[..., Any],
    tmp_path: Path,
) -> None:
    """No operation and no parameter is left out, but for those named with a reason."""
    contract.requests.clear()
    asks = [
        asked(question, tmp_path / str(number))
        for number, question in enumerate(questions)
    ]
    outcomes(asks, contract.base_url)

    sent: dict[Any, set[str]] = {}
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
