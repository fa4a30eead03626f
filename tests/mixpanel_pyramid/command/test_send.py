"""``mixpanel-outbox send``, beside living processes and in one of its own."""

from __future__ import annotations

import json
import logging
import os
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from mixpanel_pyramid.accounts import CustomerioAccount
from mixpanel_pyramid.customerio_mirror import event_item
from mixpanel_pyramid.destination import CustomerioDestination
from mixpanel_pyramid.election import Candidate, lock_path
from mixpanel_pyramid.message import customerio_message
from mixpanel_pyramid.services import service_of

from .outboxes import SHOP, TOKEN, Put, Start, ask, event, increment

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Reply, Sink, Workspace


def test_send_delivers_what_waits_and_ends(
    path: Path, put: Put, ini: Path, sink: Sink, start: Start
) -> None:
    """With the token of the ini file, and without importing the app."""
    put(*[event(f"E{n}") for n in range(2500)], increment())

    process = start("send", "--ini", ini)
    output, told = process.communicate(timeout=60)

    assert process.returncode == 0
    assert output == ""
    assert told.splitlines() == [
        f"sending what waits in {path}",
        "2,501 messages delivered by this process",
    ]
    assert sink.event_names() == [f"E{n}" for n in range(2500)]
    assert {m["properties"]["token"] for m in sink.accepted("/track")} == {TOKEN}
    assert sink.accepted("/engage")[0]["$token"] == TOKEN


def test_send_works_in_a_process_that_goes_on(
    path: Path, put: Put, ini: Path, sink: Sink
) -> None:
    """Twice in a row; it leaves no handlers behind."""
    handler = signal.getsignal(signal.SIGTERM)
    for number in (1, 2):
        put(event(f"E{number}"))
        result = ask("send", "--ini", ini)
        assert result.exit_code == 0
        assert f"{number} message" in result.stderr

    assert sink.event_names() == ["E1", "E2"]
    assert signal.getsignal(signal.SIGTERM) is handler
    assert logging.getLogger("mixpanel_pyramid").handlers == []


def test_ctrl_c_ends_send_and_says_what_still_waits(
    path: Path, put: Put, ini: Path, sink: Sink
) -> None:
    """As the timeout does."""
    sink.close()
    put(event("A"))
    timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()

    result = ask("send", "--ini", ini)

    timer.join()
    assert result.exit_code == 1
    assert result.stderr.endswith(
        f"messages for Mixpanel, {sink.base_url} still wait\n"
    )


def test_a_post_that_does_not_end_is_left_behind(
    put: Put, ini: Path, sink: Sink, reply: type[Reply]
) -> None:
    """The end is bounded by the setting, and told."""
    ini.write_text(ini.read_text().replace("timeout = 20", "timeout = 0.2"))
    hold = threading.Event()
    sink.script.append(reply(hold=hold))
    put(increment())
    timer = threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGTERM))
    timer.start()

    result = ask("send", "--ini", ini, "--follow")

    hold.set()
    timer.join()
    assert result.exit_code == 0
    assert "the post under way did not end in time" in result.stderr


def test_send_gives_up_after_a_while_without_progress(
    path: Path, put: Put, ini: Path, sink: Sink, start: Start
) -> None:
    """Exit code 1, and a line that says what still waits; nothing is lost."""
    sink.close()
    put(event("A"), increment())

    process = start("send", path, "--ini", ini, "--timeout", 1)
    _, told = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "takes no messages (ConnectError" in told
    assert told.splitlines()[-1] == f"messages for Mixpanel, {sink.base_url} still wait"
    found = json.loads(ask("status", path, "--format", "json").output)
    (shop,) = found["destinations"]
    assert shop["waiting"] == {"events": 1, "profiles": 1}
    assert shop["in_flight"] <= 1


def test_send_follows_until_told_to_end(
    path: Path, put: Put, ini: Path, sink: Sink, start: Start
) -> None:
    """What comes is sent; SIGTERM ends it with exit code 0."""
    put(event("A"))
    process = start("send", "--ini", ini, "--follow")
    sink.wait_for(1)
    put(event("B"))
    sink.wait_for(2)

    process.send_signal(signal.SIGTERM)

    _, told = process.communicate(timeout=60)
    assert process.returncode == 0
    assert sink.event_names() == ["A", "B"]
    assert told.endswith("2 messages delivered by this process\n")


def test_sigterm_lets_the_post_under_way_end(
    put: Put, ini: Path, sink: Sink, start: Start, reply: type[Reply]
) -> None:
    """A counter whose answer is near is not left unknown, and no other is begun."""
    hold = threading.Event()
    sink.script.append(reply(hold=hold))
    put(*[increment()] * 300)
    process = start("send", "--ini", ini, "--follow")
    sink.wait_for(1)

    process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    assert process.poll() is None
    hold.set()

    process.communicate(timeout=60)
    assert process.returncode == 0
    assert len(sink.posts) == 1
    path = ini.with_name("outbox.sqlite")
    found = json.loads(ask("status", path, "--format", "json").output)
    (shop,) = found["destinations"]
    assert shop["waiting"] == {"profiles": 100}
    assert shop["in_flight"] == 0
    assert shop["dead_letters"] == {"refused": 0, "unknown": 0}


def test_send_waits_for_the_process_that_sends(
    path: Path, put: Put, ini: Path, sink: Sink, start: Start
) -> None:
    """It posts nothing itself while another holds the lock."""
    put(event("A"))
    candidate = Candidate(lock_path(path, SHOP.key))
    assert candidate.is_elected()
    process = start("send", "--ini", ini)
    assert process.stderr is not None
    assert process.stderr.readline().startswith("sending")
    assert process.stderr.readline() == "1 message left\n"
    assert sink.posts == []
    assert process.poll() is None

    candidate.resign()

    process.communicate(timeout=60)
    assert process.returncode == 0
    assert sink.event_names() == ["A"]


def test_send_delivers_to_customerio_too(
    put: Put, ini: Path, sink: Sink, workspace: Workspace, start: Start
) -> None:
    """One service being down does not hold up the other."""
    ini.write_text(
        ini.read_text() + "customerio.tracking.site_id = site\n"
        "customerio.tracking.api_key = hunter2\ncustomerio.tracking.region = eu\n"
        f"customerio.tracking.base_url = {workspace.base_url}\n"
    )
    account = CustomerioAccount("site", "hunter2", "eu", workspace.base_url)
    there = CustomerioDestination(workspace.base_url, account=account)
    item = event_item("joe", "Paid", {}, unique="0" * 26, timestamp=1_800_000_000)
    put(customerio_message(item, 7.0), to=service_of(there).address)
    put(event("A"))
    sink.close()

    process = start("send", "--ini", ini, "--timeout", 2)
    _, told = process.communicate(timeout=60)

    assert process.returncode == 1
    assert [item["name"] for item in workspace.items()] == ["Paid"]
    assert "1 message delivered by this process" in told
    assert told.splitlines()[-1] == f"messages for Mixpanel, {sink.base_url} still wait"


def test_send_takes_credentials_from_the_environment(
    path: Path, put: Put, tmp_path: Path, sink: Sink, start: Start
) -> None:
    """Where the ini file has none."""
    put(event("A"))
    ini = tmp_path / "app.ini"
    ini.write_text("[app:shop]\n")

    process = start(
        *["send", path, "--ini", ini, "--section", "app:shop"],
        MIXPANEL_TOKEN=TOKEN,
        MIXPANEL_BASE_URL=sink.base_url,
    )
    process.communicate(timeout=60)

    assert process.returncode == 0
    assert sink.event_names() == ["A"]
