"""Tests of profiles through both clients and a server on a real socket."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest

from mixpanel_query import Profile, RetryPolicy
from mixpanel_query.exceptions import (
    InvalidQueryError,
    MultipleProfilesFoundException,
    QueryRefusedError,
)
from mixpanel_query.profiles import find_by_email
from mixpanel_query.wire import Answer

Ask = Callable[..., Any]

HOSTILE = {
    "quotes": """o"neil'@example.com""",
    "backslash": 'a\\"b\\',
    "newline": "a\nb\r\nc",
    "comment": "*/ alert(1) /*",
    "tag": "</script><script>",
    "nul": "a\0b",
    "emoji": "😀@example.com",
    "long": "x" * 10_000,
    "code": "' || true || '",
}


class Engage(BaseHTTPRequestHandler):
    """Answers /engage in pages of three, each in the session of its first page."""

    server: EngageServer

    def do_POST(self) -> None:
        """Answer one page, or what the script says of it."""
        size = int(self.headers["Content-Length"])
        fields = parse_qs(self.rfile.read(size).decode(), keep_blank_values=True)
        form = {name: value for name, (value,) in fields.items()}
        status, body = self.server.answer(form)
        self.server.asked.append((self.path, form))
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class EngageServer(ThreadingHTTPServer):
    """Holds ten profiles, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Engage)
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.script: list[int] = []
        self.ids = [f"user-{number}" for number in range(10)]
        self.sessions = 0
        self.lock = threading.Lock()

    @property
    def base_url(self) -> str:
        """The address to ask at."""
        return f"http://127.0.0.1:{self.server_port}"

    def answer(self, form: dict[str, str]) -> tuple[int, dict[str, object]]:
        """Answer a page; the script says for which later pages to refuse, and how."""
        page = int(form.get("page", 0))
        with self.lock:
            if page and self.script:
                status = self.script.pop(0)
                if status != 200:
                    return status, {"error": "session expired"}
            self.sessions += page == 0
            session = form.get("session_id", f"session-{self.sessions}")
        ids = self.ids[page * 3 : page * 3 + 3]
        rows = [{"$distinct_id": each, "$properties": {"n": each}} for each in ids]
        head = {"page": page, "page_size": 3, "session_id": session, "status": "ok"}
        total = {"total": len(self.ids)} if page == 0 else {}
        return 200, {**head, **total, "results": rows}


@pytest.fixture
def engage() -> Iterator[EngageServer]:
    """A server with ten profiles."""
    with EngageServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_all_profiles(ask: Ask, engage: EngageServer) -> None:
    """Pages are read to their end, with the same filter and session on each."""
    found = ask(lambda client: client.profiles(where="x"), base_url=engage.base_url)

    assert found[0] == Profile("user-0", {"n": "user-0"})
    assert [profile.distinct_id for profile in found] == engage.ids
    path, first = engage.asked[0]
    assert path == "/api/query/engage?project_id=12345"
    assert first == {"where": "x"}
    later = [form for _, form in engage.asked[1:]]
    assert sorted(form.pop("page") for form in later) == ["1", "2", "3"]
    assert all(form == {"where": "x", "session_id": "session-1"} for form in later)


def test_limited_page_is_asked_again_in_its_session(
    ask: Ask, engage: EngageServer
) -> None:
    """A 429 in the middle costs a pause and nothing else."""
    engage.script = [200, 429]

    found = ask(
        lambda client: client.profiles(),
        base_url=engage.base_url,
        retry=RetryPolicy(first_pause=0.01),
    )

    assert [profile.distinct_id for profile in found] == engage.ids
    assert engage.sessions == 1
    assert len(engage.asked) == 5


def test_lost_session_begins_again(ask: Ask, engage: EngageServer) -> None:
    """A session that is refused is replaced; nobody comes twice."""
    engage.ids = [f"user-{number}" for number in range(20)]
    engage.script = [200, 200, 200, 200, 400]

    found = ask(lambda client: client.profiles(), base_url=engage.base_url)

    assert [profile.distinct_id for profile in found] == engage.ids
    assert engage.sessions == 2


def test_refused_for_good(refused: Ask, engage: EngageServer) -> None:
    """What is refused in every session is an error in the end."""
    engage.script = [400] * 99

    error = refused(lambda client: client.profiles(), base_url=engage.base_url)

    assert isinstance(error, QueryRefusedError)
    assert "session expired" in str(error)
    assert engage.sessions == 3


def test_nothing_is_sent_before_the_first_is_asked_for(refused: Ask) -> None:
    """A question that cannot be right is refused when it is put."""
    error = refused(lambda client: client.profiles(distinct_ids=[]))

    assert isinstance(error, InvalidQueryError)


@pytest.mark.parametrize("given", HOSTILE.values(), ids=HOSTILE)
def test_hostile_values_arrive_as_data(
    ask: Ask, engage: EngageServer, given: str
) -> None:
    """Whatever an id, a name or a filter holds, it is one field of the form."""
    engage.ids = []

    ask(
        lambda client: client.profiles(
            where=given, distinct_ids=[given], output_properties=[given]
        ),
        base_url=engage.base_url,
    )

    ((_, form),) = engage.asked
    assert form["where"] == given
    assert json.loads(form["distinct_ids"]) == [given]
    assert json.loads(form["output_properties"]) == [given]


@pytest.mark.parametrize("given", HOSTILE.values(), ids=HOSTILE)
def test_hostile_address(ask: Ask, engage: EngageServer, given: str) -> None:
    """Lesson 19: an e-mail address is a literal of the expression, whatever it is."""
    engage.ids = []

    found = ask(lambda client: client.profile_by_email(given), base_url=engage.base_url)

    assert found is None
    ((_, form),) = engage.asked
    assert form["output_properties"] == '["$email"]'
    literal = form["where"].removeprefix('properties["$email"] == "').removesuffix('"')
    assert read_literal(literal) == given


def read_literal(text: str) -> str:
    """Read what stands between the quotes of a literal; a bare quote would end it."""
    signs, result = iter(text), ""
    for sign in signs:
        assert sign != '"', "the literal ends too early"
        result += next(signs) if sign == "\\" else sign
    return result


def found_by_email(*rows: dict[str, object]) -> object:
    """Return what the address finds in these results."""
    flow = find_by_email("joe@example.com")
    request = next(flow)
    with pytest.raises(StopIteration) as done:
        flow.send(Answer(request, "here", {"results": list(rows)}))
    return done.value.value


def test_one_profile_has_the_address() -> None:
    """The id and the address come back, as pyramid_mixpanel gave them."""
    row = {"$distinct_id": "1", "$properties": {"$email": "joe@example.com"}}

    assert found_by_email(row) == {"distinct_id": "1", "email": "joe@example.com"}
    assert found_by_email(row, row) == found_by_email(row)


def test_several_profiles_have_the_address() -> None:
    """Which one is meant is the caller's to say."""
    rows = [
        {"$distinct_id": each, "$properties": {"$email": "joe@example.com"}}
        for each in ("1", "2")
    ]

    with pytest.raises(MultipleProfilesFoundException) as caught:
        found_by_email(*rows)

    assert caught.value.email == "joe@example.com"
    assert caught.value.profile_ids == [
        {"distinct_id": "1", "email": "joe@example.com"},
        {"distinct_id": "2", "email": "joe@example.com"},
    ]


@pytest.mark.parametrize("email", ["", None, 7])
def test_no_address(email: str) -> None:
    """An address that is missing does not find those who have none."""
    with pytest.raises(InvalidQueryError, match="is no address"):
        next(find_by_email(email))


def test_profile_is_written_as_mixpanel_does() -> None:
    """A profile can go into a file that a project loads."""
    assert Profile("joe", {"a": 1}).to_dict() == {
        "$distinct_id": "joe",
        "$properties": {"a": 1},
    }
    assert hash(Profile("joe", {"a": 1})) == hash(Profile("joe", {"a": 1}))
