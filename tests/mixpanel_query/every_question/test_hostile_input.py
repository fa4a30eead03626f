r"""Every question with hostile text: whatever a name holds, it arrives as data.

Each question is put to a server on a real socket, once with a plain text and once
with a hostile one. Taken apart as a server takes them apart, the two requests must be
the same but for that text: same method and path, same parameters, each once, same
JSON, same expressions and scripts around it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from mixpanel_query import AsyncClient, Client
from mixpanel_query.exceptions import InvalidQueryError, UnreadableAnswerError

PLAIN = "plain"
HOSTILE = {
    "quotes": "\"'`",
    "closed literal": '"] == "" or properties["',
    "backslash at the end": "a\\",
    "backslashes": '\\"\\\\"',
    "newlines": "a\nb\r\nc: d\r\n\r\n",
    "comment": "*/ alert(1) /* // #",
    "script": "</script><script>main()",
    "template": "${1} {{2}} %s {0} {project_id}",
    "NUL": "a\0b",
    "emoji": "💥👩‍👩‍👧",
    "separators": "\u2028\u2029\u0085\ufeff",
    "query": "a&project_id=1&type=general#x?y=;z+%20%00",
    "path": "../../../%2e%2e/%2F\\..",
    "JSON": '","x":["\\u0000"]}',
    "blank ends": " a ",
    "10,000 characters": 'a"\\' + "x" * 9_997,
}
IN_PATH = "/schemas/event/"
LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
EXPRESSIONS = ("where", "born_where", "on", "selector")
# What an answer has to hold so that a question asks on.
ANSWERS: list[tuple[str, object]] = [
    ("/schemas", {"results": [{"entityType": "event", "name": "b", "schemaJson": {}}]}),
    ("/engage", {"results": [], "page_size": 1000, "session_id": "s", "page": 0}),
    ("/jql", []),
    ("/stream/query", {"status": "ok", "results": {"events": []}}),
]


def answered(request: Any) -> tuple[int, dict[str, str], bytes]:  # noqa: ANN401
    """Answer so that every question asks all it has to ask."""
    path = request.target.partition("?")[0]
    found = next((body for part, body in ANSWERS if part in path), {})
    reply = b"" if path.endswith("/export") else json.dumps(found).encode()
    return 200, {"Content-Type": "application/json"}, reply


def taken_apart(request: Any, text: str) -> object:  # noqa: ANN401 - a Recorded
    """Take a request apart as a server does, with PLAIN for the text."""
    return plain(
        {
            "method": request.method,
            "path": request.path,
            "params": [[name, parsed(name, value)] for name, value in request.params],
            "form": [[name, parsed(name, value)] for name, value in request.form],
            "document": request.document,
        },
        text,
    )


def parsed(name: str, value: object) -> object:
    """Read a parameter as Mixpanel reads it: JSON, an expression, or a text."""
    if not isinstance(value, str):
        return value
    if value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            pass
    if name in EXPRESSIONS:
        return ["expression", value, *LITERAL.split(value)]
    return value


def plain(value: object, text: str) -> object:
    """Put PLAIN where the text stands, whole, or cut where Mixpanel cuts names."""
    if isinstance(value, dict):
        return {
            str(plain(key, text)): plain(parsed(key, inner), text)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        if value[:1] == ["expression"]:
            return plain_expression(value, text)
        return [plain(inner, text) for inner in value]
    return PLAIN if value in (text, text[:255]) else value


def plain_expression(parts: list[Any], text: str) -> object:
    """Put PLAIN where an expression is the text, or where a literal in it is."""
    if parts[1] == text:
        return PLAIN
    unescaped = [re.sub(r"\\(.)", r"\1", part, flags=re.DOTALL) for part in parts[2:]]
    return [
        PLAIN if place % 2 and part == text else part
        for place, part in enumerate(unescaped)
    ]


def test_every_method_is_here(questions: list[Any], no_questions: set[str]) -> None:
    """A new method of either client has to be put to the test too."""
    asked = {question.method for question in questions}
    public = {
        name
        for client in (Client, AsyncClient)
        for name in dir(client)
        if not name.startswith("_")
    }

    assert public - no_questions == asked


def test_hostile_text_arrives_as_data(
    question: Any,  # noqa: ANN401 - a Question
    outcomes: Callable[..., Any],
    recording: Callable[..., Any],
    tmp_path: Path,
) -> None:
    """The request is the plain one, but for the text in the text's own place."""
    texts = [PLAIN, *HOSTILE.values()]
    marks: list[int] = []

    with recording(answered) as (base_url, requests):

        def asking(number: int, text: str) -> Callable[[Any], Any]:
            def ask(client: Any) -> Any:  # noqa: ANN401 - either client
                marks.append(len(requests))
                return question.ask(client, text, tmp_path / str(number))

            return ask

        asks = [asking(number, text) for number, text in enumerate(texts)]
        errors = outcomes(asks, base_url)
    marks.append(len(requests))
    sent = [
        [taken_apart(request, text) for request in requests[start:end]]
        for text, (start, end) in zip(texts, pairwise(marks), strict=True)
    ]

    assert sent[0] != []
    assert (PLAIN in json.dumps(sent[0])) == question.takes_text
    for name, found in zip(HOSTILE, sent[1:], strict=True):
        assert found == sent[0], name
    assert {type(error) for error in errors} <= {type(None), UnreadableAnswerError}


@pytest.mark.parametrize("text", ["\ud800", "a\udcff"])
def test_half_a_character_breaks_nothing(
    questions: list[Any],
    outcomes: Callable[..., Any],
    recording: Callable[..., Any],
    tmp_path: Path,
    text: str,
) -> None:
    """What UTF-8 cannot hold is refused in one line, or escaped where JSON can."""
    asked = [question for question in questions if question.takes_text]

    with recording(answered) as (base_url, _):
        asks = [
            lambda client, question=question: question.ask(client, text, tmp_path)
            for question in asked
        ]
        errors = outcomes(asks, base_url)

    for question, error in zip(asked, errors, strict=True):
        escaped = isinstance(error, UnreadableAnswerError) or error is None
        assert escaped or isinstance(error, InvalidQueryError), question
        assert "\n" not in str(error)


def test_question_that_is_too_long(
    questions: list[Any],
    outcomes: Callable[..., Any],
    recording: Callable[..., Any],
    tmp_path: Path,
) -> None:
    """A text too long for an address is refused, and the error says what to do."""
    question = next(each for each in questions if each.method == "segmentation")

    with recording(answered) as (base_url, requests):
        asks = [lambda client: question.ask(client, "x" * 70_000, tmp_path)]
        (error,) = outcomes(asks, base_url)

    assert isinstance(error, InvalidQueryError)
    assert "is too long for an address" in str(error)
    assert str(error).endswith("; ask for less at once, or filter by something shorter")
    assert requests == []


@pytest.mark.parametrize("name", [".", "..", "", " ", "\n"])
@pytest.mark.parametrize(
    "method", ["lexicon_entry", "upload_lexicon_entry", "delete_lexicon_entry"]
)
def test_no_name_becomes_the_path_of_all(
    questions: list[Any],
    outcomes: Callable[..., Any],
    recording: Callable[..., Any],
    name: str,
    method: str,
) -> None:
    """A name that a path would swallow does not reach the schemas of all events."""
    (question,) = (each for each in questions if each.method == method)

    with recording(answered) as (base_url, requests):
        asks = [lambda client: question.ask(client, name, Path())]
        (error,) = outcomes(asks, base_url)

    assert isinstance(error, InvalidQueryError)
    assert requests == []
