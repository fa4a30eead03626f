"""Which rules an answer rests on: the header, the list, and the refusal."""

from __future__ import annotations

import httpx
import pytest

from mixpanel_query.local import LocalProject
from mixpanel_query.local.rules.basis import rests_on
from mixpanel_query.local.rules.table import RULES, TABLE

BROKEN_SCRIPT = {"script": "function main() { throw new Error('no'); }"}


def test_each_rule_has_a_name_of_its_own() -> None:
    """No rule hides another one, and each says what it rests on."""
    assert len(RULES) == len(TABLE)
    assert all(rule.behaviour and rule.source for rule in TABLE)


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


def test_outside_of_an_answer_nothing_is_noted() -> None:
    """Code that is called by itself may use any rule of the table, and no other."""
    rests_on("jql-error-status")

    with pytest.raises(KeyError):
        rests_on("no-such-rule")
