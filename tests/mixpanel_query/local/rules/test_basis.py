"""Which rules an answer rests on: the header, the list, and the refusal."""

from __future__ import annotations

import httpx
import pytest

from mixpanel_query.local import LocalProject
from mixpanel_query.local.rules.basis import rests_on

BROKEN_SCRIPT = {"script": "function main() { throw new Error('no'); }"}


def test_answer_that_rests_on_an_assumption_says_so() -> None:
    """The header names the rule, and the project lists it until it is reset."""
    with LocalProject() as project:
        answer = httpx.post(f"{project.base_url}/api/query/jql", data=BROKEN_SCRIPT)
        listed = httpx.get(f"{project.base_url}/local/assumptions").json()
        used = [rule.rule_id for rule in project.assumptions]
        project.reset()

        assert project.assumptions == []

    assert answer.status_code == 412
    assert answer.headers["Local-Project-Basis"] == "assumed; rule=jql-error-status"
    assert used == ["jql-error-status"]
    assert [rule["rule_id"] for rule in listed["assumptions"]] == used


def test_documented_answer_says_nothing() -> None:
    """There is no header where all is documented."""
    with LocalProject() as project:
        answer = httpx.post(f"{project.base_url}/track", json=[])

        assert project.assumptions == []

    assert "Local-Project-Basis" not in answer.headers


def test_project_that_must_not_assume_answers_501() -> None:
    """The error names the rule, and what would have been assumed."""
    with LocalProject(assume=False) as project:
        answer = httpx.post(f"{project.base_url}/api/query/jql", data=BROKEN_SCRIPT)

        assert project.assumptions == []

    assert answer.status_code == 501
    assert "'jql-error-status', which is assumed, not documented" in answer.text
    assert "The error would be 412: Error: no" in answer.text


def test_error_whose_words_are_not_documented_says_so() -> None:
    """Without assumptions it is a 501 that tells what was wrong all the same."""
    path = "/api/query/events?type=general&unit=day&event=x"
    with LocalProject() as project, LocalProject(assume=False) as strict:
        answer = httpx.get(project.base_url + path)
        refused = httpx.get(strict.base_url + path)
        unknown = httpx.get(f"{project.base_url}/nothing")

    wrong = answer.json()["error"]
    assert (answer.status_code, refused.status_code) == (400, 501)
    assert answer.headers["Local-Project-Basis"] == "assumed; rule=error-texts"
    assert "Local-Project-Basis" not in refused.headers
    assert refused.json()["error"].endswith(f"The error would be 400: {wrong}")
    assert unknown.headers["Local-Project-Basis"] == "assumed; rule=error-texts"


def test_documented_errors_of_imports_need_no_assumption() -> None:
    """Wrong credentials, and records that are too many."""
    account = ("user", "secret")
    with LocalProject(assume=False, credentials=account, project_id=1) as project:
        path = f"{project.base_url}/import?project_id=1"
        unknown = httpx.post(path, json=[])
        many = httpx.post(path, json=[{}] * 2001, auth=account)
        broken = httpx.post(path, content=b"[", auth=account)

    assert (unknown.status_code, many.status_code) == (401, 413)
    assert broken.status_code == 501
    assert "'error-texts'" in broken.json()["error"]


def test_limits_refuse_in_words_that_were_observed() -> None:
    """The header says so, or without assumptions the answer is 501."""
    answers = []
    for assume in (True, False):
        with LocalProject(assume=assume) as project:
            project.limits(per_hour=1)
            path = f"{project.base_url}/api/query/cohorts/list"
            httpx.post(path)
            answers.append(httpx.post(path))

    assert [answer.status_code for answer in answers] == [429, 501]
    basis = answers[0].headers["Local-Project-Basis"]
    assert basis == "observed; rule=rate-limit-errors"
    assert "'rate-limit-errors'" in answers[1].json()["error"]


def test_outside_of_an_answer_nothing_is_noted() -> None:
    """Code that is called by itself may use any rule of the table, and no other."""
    rests_on("jql-error-status")

    with pytest.raises(KeyError):
        rests_on("no-such-rule")
