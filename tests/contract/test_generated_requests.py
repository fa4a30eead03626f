"""Requests that schemathesis makes up from Mixpanel's OpenAPI files.

Whatever a local project answers, the files and `overlay` must know.
https://schemathesis.readthedocs.io
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from likely_values import OUR_PROJECT, VALUES, Values, complete, likely
from overlay import corrected_document
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mixpanel_query.local import LocalProject
from mixpanel_query.local.rules.table import RULES

CHECKS = [
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ACCOUNT = ("reports.1a2b3c", "hunter2-hunter2")
NEVER_ANSWERED = {"/lookup-tables", "/lookup-tables/{id}"}
# Of a machine that has much else to do.
SECONDS = 60
schema = schemathesis.openapi.from_dict(
    corrected_document(Path(os.environ["MIXPANEL_OPENAPI"]))
)
OPERATIONS: list[Any] = [each.ok() for each in schema.get_all_operations()]  # type: ignore[union-attr]


def examples(number: int) -> settings:
    """Return settings that make the same examples in every run."""
    return settings(
        max_examples=number,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    """Give connections that are kept open."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def made(project: LocalProject, session: requests.Session) -> Values:
    """Make an annotation and describe an event; give their likely values."""
    app = f"{project.base_url}/api/app/projects/12345"

    def make(path: str, document: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        answer = session.post(f"{app}/{path}", json=document, auth=ACCOUNT)
        answer.raise_for_status()
        return answer.json()

    tag = make("annotations/tags", {"name": "release"})["id"]
    note = {"date": "2026-11-09 12:00:00", "description": "a", "tags": [tag]}
    number = make("annotations", note)["results"]["id"]
    make("schemas/event/checkout", {"description": "Somebody paid."})
    return {"annotationId": [number] * 4 + [99], "tags": [[], [tag], [98]]}


def check(case: Case[Any], project: LocalProject, session: requests.Session) -> int:
    """Send a request, and check the answer; return its status."""
    answer = case.call(
        base_url=project.base_url, session=session, auth=ACCOUNT, timeout=SECONDS
    )
    # Of the statuses from 500 on, the document has 501 alone, and not everywhere.
    case.validate_response(answer, checks=CHECKS)
    if answer.status_code == HTTPStatus.NOT_IMPLEMENTED:
        [rule_id] = re.findall(r"\(rule ([a-z-]+)\)", answer.json()["error"])
        assert RULES[rule_id].grade == "refused"
    return answer.status_code


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_likely_requests(
    project: LocalProject,
    session: requests.Session,
    made: Values,
    operation: Any,  # noqa: ANN401 - of schemathesis
) -> None:
    """Allowed requests get answers that the files know, and some are not refused."""
    statuses: Counter[int] = Counter()
    optional = [each.name for each in operation.query if not each.is_required]

    @examples(40)
    @given(case=operation.as_strategy(), data=st.data())
    def check_all(case: Case[Any], data: st.DataObject) -> None:
        known = OUR_PROJECT
        if data.draw(st.integers(0, 4)):
            known = {**VALUES, **made}
            # Many of them exclude each other.
            for name in optional:
                case.query.pop(name, None)
                if name in VALUES and data.draw(st.booleans()):
                    case.query[name] = VALUES[name][0]
            complete(operation.path, case.query, case.body)
        for part in (case.query, case.path_parameters, case.body):
            likely(data.draw, operation.path, part, known)
        statuses[check(case, project, session)] += 1

    check_all()
    assert statuses[200] + statuses[201] > 0 or operation.path in NEVER_ANSWERED


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_wrong_requests(
    project: LocalProject,
    session: requests.Session,
    operation: Any,  # noqa: ANN401 - of schemathesis
) -> None:
    """Requests that are not allowed get answers that the files know."""
    wrong = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @examples(25)
    @given(case=wrong, data=st.data())
    def check_all(case: Case[Any], data: st.DataObject) -> None:
        for part in (case.query, case.path_parameters):
            likely(data.draw, operation.path, part, OUR_PROJECT)
        check(case, project, session)

    check_all()
