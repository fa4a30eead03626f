"""Every question of the clients to a local project, with Prism in between.

Prism refuses what Mixpanel's OpenAPI files do not allow, of requests and of answers.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from asking import ask_and_await, ask_and_wait
from table import QUESTIONS, Question

from mixpanel_query.exceptions import MixpanelQueryError
from mixpanel_query.local import LocalProject

# A name of an event and of a property that is an expression, too.
TEXT = "true"
# The one question that a local project refuses.
UNANSWERED = "profiles behaviors"
# What is asked otherwise: annotations of those that are there, where the tag is the
# first, the annotation the second thing to get a number; and profiles of no group.
INSTEAD: dict[str, Callable[[Any], Any]] = {
    "create_annotation": lambda client: client.create_annotation(
        "2026-11-09", TEXT, tags=[1]
    ),
    "annotation": lambda client: client.annotation(2),
    "update_annotation": lambda client: client.update_annotation(
        2, description=TEXT, tags=[1]
    ),
    "delete_annotation": lambda client: client.delete_annotation(2),
    "profiles distinct_ids": lambda client: client.profiles(distinct_ids=[TEXT, "b"]),
}
ORDER = ["create_annotation_tag", "create_annotation", "upload_lexicon"]


def in_order() -> list[Question]:
    """List the questions: what makes something first, what deletes something last."""
    asked = [each for each in QUESTIONS if each.is_documented]
    asked = [each for each in asked if str(each) != UNANSWERED]
    made = [each for name in ORDER for each in asked if each.method == name]
    rest = [each for each in asked if each not in made]
    return sorted([*made, *rest], key=lambda each: each.method.startswith("delete"))


def question_with(question: Question, folder: Path) -> Callable[[Any], Any]:
    """Put a question with a plain text."""
    return INSTEAD.get(str(question), lambda client: question.ask(client, TEXT, folder))


@pytest.mark.parametrize("outcomes", [ask_and_wait, ask_and_await])
def test_requests_and_answers_are_allowed(
    new_project: LocalProject,
    through_new_prism: str,
    outcomes: Callable[..., list[MixpanelQueryError | None]],
    tmp_path: Path,
) -> None:
    """No question of a client and no answer of the project is refused by Prism."""
    questions = in_order()
    asks = [question_with(each, tmp_path / str(n)) for n, each in enumerate(questions)]
    errors = outcomes(asks, through_new_prism)

    wrong = [f"{q}: {e}" for q, e in zip(questions, errors, strict=True) if e]
    assert not wrong, "\n".join(wrong)
    # Prism makes an answer up in place of one with status 501.
    logged = new_project.requests
    assert len(logged) >= len(questions)
    made_up = [each for each in logged if each.status == HTTPStatus.NOT_IMPLEMENTED]
    assert made_up == []
