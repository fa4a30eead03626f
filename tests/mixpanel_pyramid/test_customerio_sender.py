"""How batches go to Customer.io, and what its answers mean."""

from __future__ import annotations

import base64
import datetime as dt
import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from mixpanel_pyramid.accounts import CustomerioAccount
from mixpanel_pyramid.answers import Outcome
from mixpanel_pyramid.customerio_mirror import event_item, profile_item
from mixpanel_pyramid.customerio_sender import CustomerioSender, read_batch_answer
from mixpanel_pyramid.destination import CustomerioDestination
from mixpanel_pyramid.message import Message, customerio_message
from mixpanel_schema import Property

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Reply, Workspace

MakeSender = Callable[..., CustomerioSender]
NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.timezone.utc)
NAME = Property("$name")


def event(number: int, text: str = "Åsa") -> Message:
    """Make the message of an event."""
    item = event_item("joe", "Paid", {NAME: text}, unique=f"{number:026}", timestamp=1)
    return customerio_message(item, 1.0)


def too_large(number: int) -> Message:
    """Make a message that no call of the tracker makes."""
    item = event_item("joe", "Paid", {}, unique=f"{number:026}", timestamp=1)
    item["attributes"] = {"Note": "n" * 32_768}
    return customerio_message(item, 1.0)


def ids(workspace: Workspace) -> list[int]:
    """Give the numbers of the items that the workspace read."""
    return [int(item["id"]) for item in workspace.items()]


@pytest.fixture
def make_sender() -> Iterator[MakeSender]:
    """Make senders that are closed after the test."""
    made: list[CustomerioSender] = []

    def make(base_url: str, timeout: float = 5.0) -> CustomerioSender:
        account = CustomerioAccount("the-site", "the-key", "eu", base_url)
        destination = CustomerioDestination(
            base_url, request_timeout=timeout, account=account
        )
        made.append(CustomerioSender(destination))
        return made[-1]

    yield make
    for sender in made:
        sender.close()


def errors(*rows: object) -> bytes:
    """Write the body of an answer with errors."""
    return json.dumps({"errors": rows}).encode()


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b"{}", Outcome.ACCEPTED),
        (200, b"", Outcome.ACCEPTED),
        (200, b" \n", Outcome.ACCEPTED),
        (200, b"<html>a portal says</html>", Outcome.AMBIGUOUS),
        (200, b"[1]", Outcome.AMBIGUOUS),
        (207, b'{"errors": []}', Outcome.ACCEPTED),
        (207, b"half an ans", Outcome.REFUSED),
        (207, b"", Outcome.REFUSED),
        (302, b"", Outcome.NOT_APPLIED),
        (400, b'{"errors": [{"reason": "invalid"}]}', Outcome.REFUSED),
        (400, b"", Outcome.REFUSED),
        (401, b"", Outcome.NOT_APPLIED),
        (403, b"", Outcome.NOT_APPLIED),
        (404, b"", Outcome.NOT_APPLIED),
        (408, b"", Outcome.AMBIGUOUS),
        (413, b"", Outcome.TOO_LARGE),
        (429, b"", Outcome.NOT_APPLIED),
        (500, b"", Outcome.AMBIGUOUS),
        (502, b"", Outcome.AMBIGUOUS),
        (503, b"", Outcome.AMBIGUOUS),
    ],
)
def test_an_answer_means_one_thing(status: int, body: bytes, outcome: Outcome) -> None:
    """Done, refused, not applied, or unclear."""
    attempt = read_batch_answer(status, {}, body, NOW, 2)

    assert attempt.outcome is outcome
    assert attempt.refused == ()


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        (
            [{"batch_index": 1, "reason": "invalid", "field": "id", "message": "no"}],
            ((1, "invalid id no"),),
        ),
        (
            [{"batch_index": 2, "reason": "b"}, {"batch_index": 0, "reason": "a"}],
            ((0, "a"), (2, "b")),
        ),
        ([{"batch_index": 1}], ((1, ""),)),
        ([{"batch_index": 1, "message": "x" * 5_000}], ((1, "x" * 200),)),
    ],
    ids=["one", "two", "no words", "many words"],
)
def test_a_207_names_what_was_refused(
    rows: list[dict[str, object]], refused: tuple[tuple[int, str], ...]
) -> None:
    """The rest is done."""
    attempt = read_batch_answer(207, {}, errors(*rows), NOW, 3)

    assert attempt.outcome is Outcome.ACCEPTED
    assert attempt.refused == refused


@pytest.mark.parametrize(
    "row",
    [
        {"reason": "invalid"},
        {"batch_index": 3, "reason": "invalid"},
        {"batch_index": -1, "reason": "invalid"},
        {"batch_index": "1", "reason": "invalid"},
        {"batch_index": True, "reason": "invalid"},
        "invalid",
    ],
    ids=str,
)
def test_a_207_that_does_not_say_of_what_is_a_refusal_of_all(
    row: object,
) -> None:
    """So that halves of it are tried, until it is known; ids make that safe."""
    body = errors({"batch_index": 0, "reason": "a"}, row)
    attempt = read_batch_answer(207, {}, body, NOW, 3)

    assert attempt.outcome is Outcome.REFUSED
    assert attempt.reason == "status 207: invalid"
    assert attempt.refused == ()


@pytest.mark.parametrize("status", [301, 307, 401, 403])
def test_wrong_credentials_are_named(status: int) -> None:
    """A workspace of another region answers with a redirect; nothing is lost."""
    attempt = read_batch_answer(status, {}, b"who are you", NOW, 1)

    assert attempt.outcome is Outcome.NOT_APPLIED
    assert attempt.reason == (
        f"status {status}: who are you; check customerio.tracking.site_id, "
        "customerio.tracking.api_key and customerio.tracking.region"
    )


def test_retry_after_is_obeyed() -> None:
    """Customer.io says how long to leave it alone."""
    attempt = read_batch_answer(429, {"retry-after": "7"}, b"", NOW, 1)

    assert attempt.retry_after == 7.0
    assert "customerio.tracking" not in attempt.reason


def test_a_batch_is_one_post(make_sender: MakeSender, workspace: Workspace) -> None:
    """Of items in their order, with the key of the settings, in plain JSON."""
    joe = customerio_message(profile_item("joe", {NAME: "Åsa"}), 1.0)
    attempt = make_sender(workspace.base_url).post([event(1), joe, event(2)])

    (call,) = workspace.calls
    key = base64.b64encode(b"the-site:the-key").decode()
    assert attempt.outcome is Outcome.ACCEPTED
    assert attempt.refused == ()
    assert (call.method, call.path) == ("POST", "/api/v2/batch")
    assert call.headers["authorization"] == f"Basic {key}"
    assert call.headers["content-type"] == "application/json"
    assert "content-encoding" not in call.headers
    assert [item["action"] for item in call.body["batch"]] == [
        "event",
        "identify",
        "event",
    ]
    assert call.body["batch"][1] == {
        "type": "person",
        "action": "identify",
        "identifiers": {"id": "joe"},
        "attributes": {"name": "Åsa"},
    }


def test_refused_items_are_told_by_their_place(
    make_sender: MakeSender, workspace: Workspace, reply: type[Reply]
) -> None:
    """In the batch as it was given, though one never left."""
    body = errors({"batch_index": 1, "reason": "invalid", "field": "name"})
    workspace.script.append(reply(status=207, body=body))
    batch = [too_large(0), event(1), event(2), too_large(3), event(4)]
    attempt = make_sender(workspace.base_url).post(batch)

    size = len(batch[0].text)
    large = f"{size} bytes, at most 32767 are taken; send less"
    assert ids(workspace) == [1, 2, 4]
    assert attempt.outcome is Outcome.ACCEPTED
    assert attempt.refused == ((0, large), (2, "invalid name"), (3, large))


def test_an_item_that_is_too_large_is_refused_alone(
    make_sender: MakeSender, workspace: Workspace
) -> None:
    """Nothing is posted for it."""
    attempt = make_sender(workspace.base_url).post([too_large(0)])

    assert attempt.outcome is Outcome.ACCEPTED
    assert [place for place, _ in attempt.refused] == [0]
    assert workspace.calls == []


def test_an_item_that_is_too_large_waits_with_the_others(
    make_sender: MakeSender, workspace: Workspace, reply: type[Reply]
) -> None:
    """Nothing is settled of a batch that did not arrive."""
    workspace.script.append(reply(status=429, headers={"Retry-After": "3"}))
    attempt = make_sender(workspace.base_url).post([too_large(0), event(1)])

    assert attempt.outcome is Outcome.NOT_APPLIED
    assert attempt.retry_after == 3.0
    assert attempt.refused == ()


def test_the_largest_batch_is_within_the_limit(
    make_sender: MakeSender, workspace: Workspace
) -> None:
    """Of 500 kB, whichever kB that are."""
    sender = make_sender(workspace.base_url)
    one = event(1, "n" * 900)
    number = sender.most_bytes // (len(one.text) + 1)
    sender.post([one] * number)

    (call,) = workspace.calls
    assert number > 400
    assert 490_000 < int(call.headers["content-length"]) < 500_000
    assert sender.largest == 1_000


def test_a_connection_is_kept(make_sender: MakeSender, workspace: Workspace) -> None:
    """A new one for each batch would cost more than the batch."""
    sender = make_sender(workspace.base_url)
    sender.post([event(1)])
    sender.post([event(2)])

    assert ids(workspace) == [1, 2]
    assert len({call.client for call in workspace.calls}) == 1


def test_a_refused_connection_is_not_applied(make_sender: MakeSender) -> None:
    """Nothing was read by anybody."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    attempt = make_sender(f"http://127.0.0.1:{port}").post([event(1)])
    assert attempt.outcome is Outcome.NOT_APPLIED


def test_a_service_that_hangs_is_given_up(
    make_sender: MakeSender, workspace: Workspace, reply: type[Reply]
) -> None:
    """After the timeout; the batch may have been taken, and may be repeated."""
    hold = threading.Event()
    workspace.script.append(reply(hold=hold))
    attempt = make_sender(workspace.base_url, 0.1).post([event(1)])
    hold.set()

    assert attempt.outcome is Outcome.AMBIGUOUS


def test_a_cut_connection_is_unclear(
    make_sender: MakeSender, workspace: Workspace, reply: type[Reply]
) -> None:
    """The service read the batch, and said nothing."""
    workspace.script.append(reply(status=0))
    attempt = make_sender(workspace.base_url).post([event(1)])

    assert attempt.outcome is Outcome.AMBIGUOUS


def test_no_redirect_is_followed(
    make_sender: MakeSender, workspace: Workspace, reply: type[Reply]
) -> None:
    """The key goes where the settings say, and nowhere else."""
    elsewhere = {"Location": f"{workspace.base_url}/elsewhere"}
    workspace.script.append(reply(status=307, headers=elsewhere))
    attempt = make_sender(workspace.base_url).post([event(1)])

    assert attempt.outcome is Outcome.NOT_APPLIED
    assert len(workspace.calls) == 1


def test_the_key_is_in_no_repr_and_in_no_reason(
    make_sender: MakeSender, workspace: Workspace, reply: type[Reply]
) -> None:
    """They are logged."""
    sender = make_sender(workspace.base_url)
    workspace.script.append(reply(status=401, body=b"no"))
    attempt = sender.post([event(1)])

    assert "the-key" not in f"{sender!r} {attempt!r}"
