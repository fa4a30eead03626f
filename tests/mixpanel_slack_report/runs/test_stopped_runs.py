"""Runs that are killed or stopped at each step: what is on record, and what comes next.

The table of docs/slack-report/ledger.md, row by row, with real processes. What tells
a step from the next one is where the process waits: for Mixpanel, for Slack, for the
ledger.
"""

from __future__ import annotations

import signal
import socket
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import (
        ScriptedServer,
        ServeAnswers,
        ServeMixpanel,
        ServeWith,
    )
    from tests.mixpanel_slack_report.runs.conftest import Sender

MakeSender = Callable[[str, str], "Sender"]
ServePassage = Callable[..., "ScriptedServer"]
SENT = (0, "Sent the weekly report 2026-11-09 to 2026-11-15.\n", "")
UNKNOWN = "Error: whether the weekly report 2026-11-09 to 2026-11-15 was posted at "
needs_proc = pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="only Linux tells what is open"
)


def webhook(server: ScriptedServer) -> str:
    """Return the address of a webhook that is answered as scripted."""
    return f"{server.url}/services/T1/B2/s3cret"


def kill(process: subprocess.Popen[str], sign: int = signal.SIGKILL) -> None:
    """End a process as nothing can be caught or cleaned up."""
    process.send_signal(sign)
    process.communicate(timeout=60)


@needs_proc
def test_killed_before_the_claim(
    make_sender: MakeSender, serve_mixpanel: ServeMixpanel, serve_answers: ServeAnswers
) -> None:
    """Nothing is on record, and the next run sends."""
    slack = serve_answers((200, {}, "ok"))
    sender = make_sender(serve_mixpanel().url, webhook(slack))
    blocked = sqlite3.connect(sender.ledger, isolation_level=None)
    blocked.execute("BEGIN IMMEDIATE")
    process = sender.start()
    sender.wait_until_open(process)
    kill(process)
    blocked.close()

    assert slack.requests == []
    assert sender.run() == SENT
    assert len(slack.requests) == 1


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_killed_when_it_had_claimed(
    make_sender: MakeSender,
    serve_mixpanel: ServeMixpanel,
    serve_passage: ServePassage,
    serve_answers: ServeAnswers,
    sign: int,
) -> None:
    """The claim is on record, its writer is gone, and the next run sends."""
    mixpanel = serve_passage(serve_mixpanel().url, hang_at=1)
    slack = serve_answers((200, {}, "ok"))
    sender = make_sender(mixpanel.url, webhook(slack))
    process = sender.start()
    sender.wait_until(lambda: len(mixpanel.requests) == 1)
    kill(process, sign)

    assert sender.on_record() == ("claimed", "")
    assert sender.run() == SENT
    assert sender.on_record() == ("", "sent")
    assert len(slack.requests) == 1


def test_killed_before_the_first_byte_of_the_message(
    make_sender: MakeSender, serve_mixpanel: ServeMixpanel
) -> None:
    """The next run cannot know that nothing left, and posts nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        # It never answers the greeting of TLS, which comes before any of the message.
        port = listener.getsockname()[1]
        sender = make_sender(
            serve_mixpanel().url, f"https://127.0.0.1:{port}/services/x"
        )
        process = sender.start()
        listener.settimeout(60)
        connection, _ = listener.accept()
        kill(process)
        connection.close()

    assert sender.on_record() == ("posting", "")
    code, out, err = sender.run()
    assert (code, out) == (1, "")
    assert err.startswith(UNKNOWN)
    assert "send it with --force if it is not there" in err
    assert sender.on_record() == ("posting", "")


def test_killed_when_the_message_had_left(
    make_sender: MakeSender,
    serve_mixpanel: ServeMixpanel,
    serve_answers: ServeAnswers,
) -> None:
    """The next run posts nothing; --force sends it."""
    slack = serve_answers("hang", (200, {}, "ok"))
    mixpanel = serve_mixpanel()
    sender = make_sender(mixpanel.url, webhook(slack))
    process = sender.start()
    sender.wait_until(lambda: len(slack.requests) == 1)
    kill(process)
    asked = len(mixpanel.requests)

    assert sender.on_record() == ("posting", "")
    code, _, err = sender.run()
    assert (code, err[: len(UNKNOWN)]) == (1, UNKNOWN)
    assert len(mixpanel.requests) == asked
    assert len(slack.requests) == 1
    assert sender.run("--force") == SENT
    assert sender.on_record() == ("", "sent")


@needs_proc
def test_killed_between_the_answer_and_the_record_of_it(
    make_sender: MakeSender,
    serve_mixpanel: ServeMixpanel,
    serve_with: ServeWith,
) -> None:
    """The message is there, which the next run cannot know."""
    blocking: list[sqlite3.Connection] = []
    ledger: list[Path] = []

    def answer(
        server: ScriptedServer, path: str, body: str
    ) -> tuple[int, dict[str, str], str]:
        if not blocking:
            connection = sqlite3.connect(
                ledger[0], isolation_level=None, check_same_thread=False
            )
            connection.execute("BEGIN IMMEDIATE")
            blocking.append(connection)
        return 200, {}, "ok"

    slack = serve_with(answer)
    sender = make_sender(serve_mixpanel().url, webhook(slack))
    ledger.append(sender.ledger)
    process = sender.start()
    sender.wait_until(lambda: bool(blocking))
    sender.wait_until_open(process)
    kill(process)
    blocking[0].close()

    assert sender.on_record() == ("posting", "")
    code, _, err = sender.run()
    assert (code, err[: len(UNKNOWN)]) == (1, UNKNOWN)


def test_a_forced_run_that_is_killed_early_changes_nothing(
    make_sender: MakeSender,
    serve_mixpanel: ServeMixpanel,
    serve_passage: ServePassage,
    serve_answers: ServeAnswers,
) -> None:
    """What was sent is still on record as sent."""
    # Of the second run, the first question is the third that is asked.
    mixpanel = serve_passage(serve_mixpanel().url, hang_at=3)
    slack = serve_answers((200, {}, "ok"))
    sender = make_sender(mixpanel.url, webhook(slack))
    assert sender.run() == SENT
    assert len(mixpanel.requests) == 2
    process = sender.start("--force")
    sender.wait_until(lambda: len(mixpanel.requests) == 3)
    kill(process)

    code, out, err = sender.run()
    assert (code, out) == (0, "")
    assert err.startswith("Nothing sent: the weekly report 2026-11-09 to 2026-11-15 ")
    assert len(slack.requests) == 1


def test_ctrl_c_while_mixpanel_is_asked_gives_the_claim_back(
    make_sender: MakeSender,
    serve_mixpanel: ServeMixpanel,
    serve_passage: ServePassage,
    serve_answers: ServeAnswers,
) -> None:
    """The next run sends."""
    mixpanel = serve_passage(serve_mixpanel().url, hang_at=1)
    slack = serve_answers((200, {}, "ok"))
    sender = make_sender(mixpanel.url, webhook(slack))
    process = sender.start()
    sender.wait_until(lambda: len(mixpanel.requests) == 1)
    process.send_signal(signal.SIGINT)

    code, out, err = sender.ended(process)
    assert (code, out, err.strip()) == (130, "", "Stopped.")
    assert sender.on_record() is None
    assert sender.run() == SENT


def test_ctrl_c_while_posting_is_unknown(
    make_sender: MakeSender,
    serve_mixpanel: ServeMixpanel,
    serve_answers: ServeAnswers,
) -> None:
    """The message may be there."""
    slack = serve_answers("hang", (200, {}, "ok"))
    sender = make_sender(serve_mixpanel().url, webhook(slack))
    process = sender.start()
    sender.wait_until(lambda: len(slack.requests) == 1)
    process.send_signal(signal.SIGINT)

    code, out, err = sender.ended(process)
    assert (code, out, err.strip()) == (130, "", "Stopped.")
    assert sender.on_record() == ("", "unknown")
    code, _, err = sender.run()
    assert (code, err[: len(UNKNOWN)]) == (1, UNKNOWN)
    assert "(the run was stopped while it was posting)" in err


def test_a_run_waits_for_one_that_lives(
    make_sender: MakeSender,
    serve_mixpanel: ServeMixpanel,
    serve_passage: ServePassage,
    serve_answers: ServeAnswers,
) -> None:
    """It learns that the other one sent, and asks nobody."""
    mixpanel = serve_passage(serve_mixpanel().url, hang_at=1)
    slack = serve_answers((200, {}, "ok"))
    sender = make_sender(mixpanel.url, webhook(slack))
    first = sender.start()
    sender.wait_until(lambda: len(mixpanel.requests) == 1)
    second = sender.start()
    with pytest.raises(subprocess.TimeoutExpired):
        second.wait(3)
    mixpanel.released.set()  # The answer is cut, and asked for again.

    assert sender.ended(first) == SENT
    code, out, err = sender.ended(second)
    assert (code, out) == (0, "")
    assert err.startswith("Nothing sent: the weekly report")
    assert len(slack.requests) == 1


def test_of_those_that_wait_for_a_run_that_is_killed_one_sends(
    make_sender: MakeSender,
    serve_mixpanel: ServeMixpanel,
    serve_passage: ServePassage,
    serve_answers: ServeAnswers,
) -> None:
    """It had claimed; one of three takes over, and the others wait for that one."""
    mixpanel = serve_passage(serve_mixpanel().url, hang_at=1)
    slack = serve_answers((200, {}, "ok"))
    sender = make_sender(mixpanel.url, webhook(slack))
    first = sender.start()
    sender.wait_until(lambda: len(mixpanel.requests) == 1)
    others = [sender.start() for _ in range(3)]
    with pytest.raises(subprocess.TimeoutExpired):
        others[0].wait(3)
    kill(first)

    outcomes = [sender.ended(other) for other in others]
    assert [code for code, _, _ in outcomes] == [0, 0, 0]
    assert sorted(out for _, out, _ in outcomes) == ["", "", SENT[1]]
    assert len(slack.requests) == 1


def test_those_that_wait_for_a_run_that_is_killed_while_posting_send_nothing(
    make_sender: MakeSender, serve_mixpanel: ServeMixpanel, serve_answers: ServeAnswers
) -> None:
    """None of them can know."""
    slack = serve_answers("hang", (200, {}, "ok"))
    sender = make_sender(serve_mixpanel().url, webhook(slack))
    first = sender.start()
    sender.wait_until(lambda: len(slack.requests) == 1)
    others = [sender.start() for _ in range(2)]
    with pytest.raises(subprocess.TimeoutExpired):
        others[0].wait(3)
    kill(first)

    for code, out, err in [sender.ended(other) for other in others]:
        assert (code, out, err[: len(UNKNOWN)]) == (1, "", UNKNOWN)
    assert len(slack.requests) == 1


def test_nothing_secret_is_left_behind(
    make_sender: MakeSender, serve_mixpanel: ServeMixpanel, serve_answers: ServeAnswers
) -> None:
    """Neither in what a failing run prints, nor in the files beside it."""
    slack = serve_answers((503, {}, "down"))
    sender = make_sender(serve_mixpanel().url, webhook(slack))
    first = sender.run("--force")
    code, out, err = sender.run()

    assert code == 1
    files = b"".join(path.read_bytes() for path in sender.folder.glob("ledger*"))
    for secret in ("right-s3cret", "B2/s3cret", "/services/T1"):
        assert secret not in out + err + str(first)
        assert secret.encode() not in files
