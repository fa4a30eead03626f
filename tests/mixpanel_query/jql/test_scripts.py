"""Tests of scripts on their way: the request, and the answer through both clients."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx

import mixpanel_query
from mixpanel_query import jql
from mixpanel_query.exceptions import (
    InvalidQueryError,
    QueryRefusedError,
    UnreadableAnswerError,
)
from mixpanel_query.jql import reducer
from mixpanel_query.jql.scripts import Script, jql_request

Ask = Callable[..., Any]

SCRIPT = "function main() { return People(); }"
QUERY = jql.events("2026-11-09", "2026-11-15").reduce(reducer.count())
URL = "https://mixpanel.com/api/query/jql"


def test_request() -> None:
    """A script counts against both limits, and goes into a form."""
    request = jql_request(SCRIPT, {"word": 'O"Neil'})

    assert (request.method, request.path) == ("POST", "/api/query/jql")
    assert request.form == {"script": SCRIPT, "params": '{"word": "O\\"Neil"}'}
    assert request.limits == ("jql", "query")


def test_script_of_a_file(tmp_path: Path) -> None:
    """A path stands for what the file holds, without the mark of its encoding."""
    file = tmp_path / "people.js"
    file.write_text("\ufeff" + SCRIPT, "utf-8")

    assert jql_request(file).form == {"script": SCRIPT}


def test_built_query() -> None:
    """A query brings its values, and takes more beside them."""
    form = jql_request(QUERY, {"word": "x"}).form or {}

    assert form["script"] == QUERY.script
    assert json.loads(form["params"]) == {**QUERY.params, "word": "x"}


@pytest.mark.parametrize(
    ("script", "params", "problem"),
    [
        ("", None, "script '' has no function main"),
        ("people.js", None, "give the path of a file"),
        ("x" * 1000, None, "xxx.*… has no function main"),
        (7, None, "script 7 has no function main"),
        (Path("no-such-file.js"), None, "no-such-file.js cannot be read: No such file"),
        (SCRIPT, {"a": {1}}, "params cannot be written as JSON"),
        (SCRIPT, [1], r"params \[1\] are no dict"),
        (QUERY, {"query_values": []}, "values of the query already"),
    ],
)
def test_what_is_refused(
    script: Script, params: dict[str, object], problem: str
) -> None:
    """Nothing is sent that cannot be right."""
    with pytest.raises(InvalidQueryError, match=problem):
        jql_request(script, params)


def test_file_that_is_no_text(tmp_path: Path) -> None:
    """A file that is not UTF-8 is named."""
    file = tmp_path / "people.js"
    file.write_bytes(b"\xff\xfe")

    with pytest.raises(InvalidQueryError, match="it is not UTF-8"):
        jql_request(file)


@respx.mock
def test_rows(ask: Ask) -> None:
    """Rows come back as they are."""
    rows = [{"key": ["US"], "value": 3}, [1, "a"], None, 7]
    route = respx.post(URL).respond(json=rows)

    assert ask(lambda client: client.jql(SCRIPT, {"a": 1})) == rows

    request = route.calls.last.request
    assert httpx.QueryParams(request.url.query.decode())["project_id"] == "12345"
    assert dict(httpx.QueryParams(request.content.decode())) == {
        "script": SCRIPT,
        "params": '{"a": 1}',
    }


@respx.mock
def test_rows_while_they_arrive(ask: Ask) -> None:
    """The same rows come one by one."""
    respx.post(URL).respond(json=[{"a": 1}, 2])

    assert ask(lambda client: client.iter_jql(SCRIPT)) == [{"a": 1}, 2]


def test_rows_that_are_cut(
    refused: Ask, scripted: Callable[..., Any], reply: Callable[..., bytes]
) -> None:
    """An answer that ends too early is an error, whoever waits for it."""
    body = b'[{"a": 1}, {"a": 2}'
    for question in (
        lambda client: client.jql(SCRIPT),
        lambda client: client.iter_jql(SCRIPT),
    ):
        server = scripted(reply(body, length=len(body) + 9))

        error = refused(question, base_url=server.base_url)

        assert "was cut" in str(error)


@respx.mock
def test_failing_script(refused: Ask) -> None:
    """What JavaScript says is in the error."""
    said = "TypeError: x is undefined\n  at main (line 2)"
    respx.post(URL).respond(412, json={"error": said})

    error = refused(lambda client: client.jql(SCRIPT))

    assert isinstance(error, QueryRefusedError)
    assert error.status == 412
    assert "(412): TypeError: x is undefined at main (line 2)" in str(error)
    assert json.loads(error.body)["error"] == said


@respx.mock
def test_answer_that_is_no_list(refused: Ask) -> None:
    """Anything but a list is not what a script gives."""
    respx.post(URL).respond(json={"error": "too late"})

    error = refused(lambda client: client.jql(SCRIPT))

    assert isinstance(error, UnreadableAnswerError)


HOSTILE = ["\"'\\\n", "*/ evil() /*", "</script>", "a\0b", "😀", "x" * 10_000]


@pytest.mark.parametrize("given", HOSTILE, ids=lambda text: repr(text)[:20])
@respx.mock
def test_hostile_values(ask: Ask, given: str) -> None:
    """A name or value reaches the server in params, whatever it holds."""
    route = respx.post(URL).respond(json=[])
    query = jql.events("2026-11-09", "2026-11-15", events=given)

    ask(lambda client: client.jql(query, {given: given}))

    form = dict(httpx.QueryParams(route.calls.last.request.content.decode()))
    assert form["script"] == jql.events("2026-11-09", "2026-11-15").script
    params = json.loads(form["params"])
    assert params[given] == given
    (values,) = params["query_values"]
    assert values["event_selectors"] == [{"event": given}]


def test_room_and_method() -> None:
    """``mixpanel_query.jql`` is the room; the method of a client has the same name."""
    assert mixpanel_query.jql is jql
    assert mixpanel_query.Client.jql.__name__ == "jql"


def test_a_file_without_main_is_named(tmp_path: Path) -> None:
    """It may be another file than the one that was meant."""
    file = tmp_path / "people.js"
    file.write_text("function count() {}")

    with pytest.raises(InvalidQueryError) as refused:
        jql_request(file)

    assert str(refused.value) == f"{file} has no function main(); write one in it"
