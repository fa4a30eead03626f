"""Tests of mixpanel_query.json_array: without a network, and on a real socket."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest

from mixpanel_query import AsyncClient, Client, RetryPolicy
from mixpanel_query.exceptions import NoAnswerError, UnreadableAnswerError
from mixpanel_query.json_array import JsonArrayReader
from mixpanel_query.wire import QueryRequest

Make = Callable[..., Any]
REQUEST = QueryRequest("/api/query/jql", method="POST", form={"script": "main"})
ROWS = [{"key": ["č\u2028", number], "value": number * 10**20} for number in range(999)]
BODY = json.dumps(ROWS, ensure_ascii=False).encode()
TWICE = RetryPolicy(attempts=2, first_pause=0.0)


def read(body: bytes, **headers: str) -> list[object]:
    """Read an array that comes in two pieces."""
    reader = JsonArrayReader(REQUEST)
    reader.start("mixpanel.com", {k.replace("_", "-"): v for k, v in headers.items()})
    half = len(body) // 2
    items = [*reader.feed(body[:half]), *reader.feed(body[half:]), *reader.finish()]
    assert reader.rows == len(items)
    return items


def question(client: Client | AsyncClient) -> object:
    """Ask for an array."""
    return client._sender.stream(JsonArrayReader(REQUEST))


@pytest.mark.parametrize("packed", [False, True])
def test_items(packed: bool) -> None:
    """Items come as they are, numbers of any size and letters of any language."""
    body = gzip.compress(BODY) if packed else BODY

    assert read(body, content_encoding="gzip" if packed else "identity") == ROWS


def test_empty_array() -> None:
    """An array may have no items."""
    assert read(b" [ ]\n") == []


def test_error_object() -> None:
    """An error that comes as a success is told as it was said."""
    with pytest.raises(UnreadableAnswerError) as caught:
        read(b'{"error": "the script ran for too long"}')

    assert str(caught.value) == (
        "mixpanel.com answered /api/query/jql not as documented: it is an object, not "
        "an array: the script ran for too long; check base_url, and report it to "
        "mixpanel-query if that is right"
    )
    assert caught.value.request == REQUEST


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "not a JSON array after 0 items (it is empty)"),
        (b"[1, 2", "not a JSON array after 0 items (it ends in the middle) at '2'"),
        (b"[1] 2", "(something follows its end) at '2'"),
        (b"[1, terminated early]", "at 'terminated early]'"),
        (b'["\xff"]', "not UTF-8 (invalid start byte) after 0 items"),
        (b"<html>\n<b>502</b>", "(it is not an array) at '<html> <b>502</b>'"),
    ],
)
def test_what_is_no_array(body: bytes, problem: str) -> None:
    """An answer that is not a whole array is an error that shows where it is not."""
    with pytest.raises(UnreadableAnswerError) as caught:
        read(body)

    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


def test_other_encodings() -> None:
    """An encoding that was not asked for is an error."""
    with pytest.raises(UnreadableAnswerError, match="encoding is 'br', not gzip"):
        read(BODY, content_encoding="br")


def test_broken_gzip() -> None:
    """Bytes that are not gzip are an error."""
    with pytest.raises(UnreadableAnswerError, match="its gzip is broken"):
        read(BODY, content_encoding="gzip")


def test_gzip_without_end() -> None:
    """An array that is whole although its compression is not is no success."""
    with pytest.raises(NoAnswerError, match="its gzip has no end; ask again"):
        read(gzip.compress(b"[1]")[:-8], content_encoding="gzip")


def test_both_clients(ask: Make, scripted: Make, reply: Make) -> None:
    """On a real socket, the items are all there, compressed or not."""
    packed = reply(gzip.compress(BODY), "Content-Encoding: gzip")
    server = scripted(reply(BODY), packed)

    assert ask(question, base_url=server.base_url) == ROWS
    assert ask(question, base_url=server.base_url) == ROWS


def test_cut_before_any_item(ask: Make, scripted: Make, reply: Make) -> None:
    """What was cut before any item was handed over is asked for again."""
    cut = reply(BODY[:100], length=len(BODY))
    server = scripted(cut, reply(BODY))

    rows = ask(question, base_url=server.base_url, retry=TWICE)

    assert rows == ROWS
    assert len(server.requests) == 2


@pytest.mark.parametrize("packed", [False, True])
def test_cut_after_items(
    refused: Make, scripted: Make, reply: Make, packed: bool
) -> None:
    """What was cut later is an error, with how many items there were."""
    body = json.dumps(["x" * 100] * 5000).encode()
    if packed:
        body = gzip.compress(body, 0)
    header = "Content-Encoding: gzip" if packed else "X-Plain: 1"
    server = scripted(*[reply(body[:-5], header, length=len(body))] * 2)

    error = refused(question, base_url=server.base_url, retry=TWICE)

    assert type(error) is UnreadableAnswerError
    assert "was cut after " in str(error)
    assert " 0 items" not in str(error)
    assert len(server.requests) == 1


def test_wrong_item_after_items(refused: Make, scripted: Make, reply: Make) -> None:
    """A text in the middle of an array is an error wherever it is."""
    body = json.dumps(["x" * 100] * 5000).encode()[:-1] + b", export terminated"
    server = scripted(*[reply(body)] * 2)

    error = refused(question, base_url=server.base_url, retry=TWICE)

    assert "'export terminated'" in str(error)
    assert len(server.requests) == 1


def test_pieces_before_the_head_are_a_fault_of_the_caller() -> None:
    """Nobody knows yet how they are packed."""
    with pytest.raises(RuntimeError, match="start comes first"):
        list(JsonArrayReader(REQUEST).feed(b"[1]"))
