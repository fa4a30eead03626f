"""The official library's buffered consumer, made to break nothing, on real sockets."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from mixpanel import BufferedConsumer, Mixpanel, MixpanelException
from structlog.testing import capture_logs

from mixpanel_pyramid import PoliteBufferedConsumer
from mixpanel_pyramid.consumer import PoliteBufferedConsumer as SameConsumer

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Reply, Sink


def urls(base_url: str) -> dict[str, str]:
    """Name a sink to the official library."""
    paths = {"events": "track", "people": "engage", "groups": "groups"}
    return {f"{name}_url": f"{base_url}/{path}" for name, path in paths.items()}


@pytest.fixture
def polite(sink: Sink) -> PoliteBufferedConsumer:
    """A consumer that posts to the sink, once."""
    return PoliteBufferedConsumer(
        **urls(sink.base_url), import_url=f"{sink.base_url}/import", retry_limit=0
    )


def increments(sink: Sink) -> int:
    """Count the increments that the sink applied."""
    return len(sink.accepted("/engage"))


def test_it_is_the_librarys_own() -> None:
    """In both places where pyramid_mixpanel's users look for it."""
    assert issubclass(PoliteBufferedConsumer, BufferedConsumer)
    assert SameConsumer is PoliteBufferedConsumer


def test_everything_arrives_in_order(
    sink: Sink, polite: PoliteBufferedConsumer
) -> None:
    """In batches of 50, of each endpoint in turn."""
    api = Mixpanel("t", consumer=polite)
    for number in range(120):
        api.track("joe", f"Event {number}")
        api.people_increment("joe", {"Count": 1})
    polite.flush()

    assert sink.event_names() == [f"Event {number}" for number in range(120)]
    assert [len(post.messages) for post in sink.posts] == [50, 50, 20] * 2
    assert (polite.waiting, polite.lost) == (0, 0)


def test_lesson_01_the_50th_message_sends_nothing(
    sink: Sink, polite: PoliteBufferedConsumer
) -> None:
    """Only ``flush`` does: the base would post in the middle of the request."""
    for _ in range(170):
        polite.send("events", '{"event":"E","properties":{}}')

    assert sink.posts == []
    assert polite.waiting == 170


@pytest.mark.parametrize("status", [0, 400, 429, 500, 503])
def test_lesson_01_no_failure_raises(
    sink: Sink,
    polite: PoliteBufferedConsumer,
    reply: type[Reply],
    status: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever Mixpanel answers, or does not."""
    sink.otherwise = reply(status, b"<h1>no</h1>")
    polite.send("events", '{"event":"E","properties":{}}')
    polite.flush()

    assert caplog.record_tuples == [
        (
            "mixpanel_pyramid.consumer",
            logging.ERROR,
            "It seems like Mixpanel is down.",
        )
    ]


def test_lesson_01_a_mixpanel_that_is_not_there_does_not_raise(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The outage is one line, however often it is flushed, and so is its end."""
    polite = PoliteBufferedConsumer(**urls("http://127.0.0.1:9"), retry_limit=0)
    for _ in range(3):
        polite.send("events", '{"event":"E","properties":{}}')
        polite.flush()

    assert len(caplog.records) == 1
    assert polite.waiting == 3


def test_what_the_network_lost_is_sent_with_the_next_flush(
    sink: Sink,
    polite: PoliteBufferedConsumer,
    reply: type[Reply],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Where a repeat changes nothing, as events have insert ids."""
    caplog.set_level(logging.INFO)
    sink.script.append(reply(0))
    api = Mixpanel("t", consumer=polite)
    api.track("joe", "First")
    polite.flush()
    api.track("joe", "Second")
    polite.flush()
    polite.flush()

    assert sink.event_names() == ["First", "Second"]
    assert polite.lost == 0
    assert caplog.messages[-1] == "Mixpanel takes messages again."
    assert len(caplog.messages) == 2


@pytest.mark.parametrize("fails", [0, 1, 2])
@pytest.mark.parametrize("status", [0, 500])
def test_lesson_08_no_counter_is_applied_twice(
    sink: Sink,
    polite: PoliteBufferedConsumer,
    reply: type[Reply],
    fails: int,
    status: int,
) -> None:
    """After a partly failed flush the base sends all batches again."""
    sink.script.extend([reply()] * fails + [reply(status, b"<h1>no</h1>")])
    api = Mixpanel("t", consumer=polite)
    for _ in range(150):
        api.people_increment("joe", {"Count": 1})
    polite.flush()
    polite.flush()

    assert increments(sink) == 100
    assert polite.lost == 50
    assert polite.waiting == 0


def test_lesson_08_what_the_base_does_is_what_is_mended(
    sink: Sink, reply: type[Reply]
) -> None:
    """The day this fails, the official library is mended too."""
    sink.script.extend([reply(), reply(400, b"<h1>no</h1>")])
    base = BufferedConsumer(**urls(sink.base_url), retry_limit=0, max_size=2)
    base._max_size = 100  # so that it does not flush while it is filled
    for _ in range(4):
        base.send("people", '{"$add":{"Count":1}}')
    base._max_size = 2
    for _ in range(2):
        with suppress(MixpanelException):
            base.flush()

    assert increments(sink) == 6


def test_what_mixpanel_refuses_is_lost_and_counted(
    sink: Sink, polite: PoliteBufferedConsumer, reply: type[Reply]
) -> None:
    """It would be refused for ever, and keep others from being sent."""
    sink.script.append(reply(200, b'{"status": 0, "error": "no"}'))
    api = Mixpanel("t", consumer=polite)
    api.track("joe", "Bad")
    polite.flush()
    api.track("joe", "Good")
    polite.flush()

    assert sink.event_names() == ["Good"]
    assert polite.lost == 1


def test_lesson_09_it_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    """The newest are lost, counted, and told of once."""
    polite = PoliteBufferedConsumer(**urls("http://127.0.0.1:9"), retry_limit=0)
    polite.most_waiting = 10
    for number in range(25):
        polite.send("events", f'{{"event":"E{number}","properties":{{}}}}')

    assert (polite.waiting, polite.lost) == (10, 15)
    assert caplog.messages == ["10 messages wait already; new ones are lost"]


def test_identity_travels_alone(sink: Sink, polite: PoliteBufferedConsumer) -> None:
    """And in its place: https://docs.mixpanel.com/docs/tracking-methods/id-management."""
    for name in ("Before", "$create_alias", "After", "Later"):
        polite.send("events", json.dumps({"event": name, "properties": {}}))
    polite.flush()
    batches = [[m["event"] for m in post.messages] for post in sink.posts]

    assert batches == [["Before"], ["$create_alias"], ["After", "Later"]]


def test_imports_keep_their_credentials_apart(
    sink: Sink, polite: PoliteBufferedConsumer
) -> None:
    """The base sends all with those of the last one."""
    api = Mixpanel("t", consumer=polite)
    for secret in ("one", "two"):
        api.import_data(None, "joe", "Old", 1_600_000_000, api_secret=secret)
    polite.flush()

    assert [post.path for post in sink.posts] == ["/import", "/import"]
    assert [post.authorization for post in sink.posts] == [
        "Basic b25lOg==",
        "Basic dHdvOg==",
    ]


def test_it_logs_through_structlog_when_told_to() -> None:
    """As pyramid_mixpanel's does, by its first argument."""
    polite = PoliteBufferedConsumer(True, **urls("http://127.0.0.1:9"), retry_limit=0)
    polite.send("events", '{"event":"E","properties":{}}')
    with capture_logs() as lines:
        polite.flush()

    assert [(line["log_level"], line["event"]) for line in lines] == [
        ("error", "It seems like Mixpanel is down.")
    ]


def test_further_arguments_are_the_librarys() -> None:
    """Positional ones too."""
    polite = PoliteBufferedConsumer(False, 20, "https://events.example")

    assert polite._max_size == 20
    assert polite._consumer._endpoints["events"] == "https://events.example"


@pytest.mark.parametrize("name", ["PoliteBufferedConsumer", "QueuedConsumer"])
def test_naming_a_consumer_imports_it_when_it_is_used(name: str) -> None:
    """The module alone does not import the official library."""
    code = (
        "import sys\n"
        "import mixpanel_pyramid.consumer as consumer\n"
        "print('mixpanel' in sys.modules)\n"
        f"print(consumer.{name}.__name__)\n"
        "print(hasattr(consumer, 'nothing'))\n"
    )
    output = subprocess.check_output([sys.executable, "-c", code], text=True)

    assert output.splitlines() == ["False", name, "False"]
