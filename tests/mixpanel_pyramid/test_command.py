"""The command mixpanel-outbox, beside living processes and in one of its own."""

from __future__ import annotations

import json
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from mixpanel_pyramid.accounts import CustomerioAccount
from mixpanel_pyramid.command.output import one_line, span
from mixpanel_pyramid.command.program import COMMANDS, program, run
from mixpanel_pyramid.customerio_mirror import event_item, profile_item
from mixpanel_pyramid.destination import (
    CustomerioDestination,
    MixpanelDestination,
)
from mixpanel_pyramid.election import Candidate, lock_path
from mixpanel_pyramid.message import Message, customerio_message, mixpanel_message
from mixpanel_pyramid.outbox import Outbox
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_rows import Address, OutboxRow
from mixpanel_pyramid.outbox_shelf import OutboxReader, OutboxShelf
from mixpanel_pyramid.services import service_of
from mixpanel_pyramid.shelves import Dead
from mixpanel_schema import Property

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Reply, Sink, Workspace

TOKEN = "0123456789abcdef0123456789abcdef"
SHOP = service_of(MixpanelDestination("https://api.mixpanel.com", token=TOKEN)).address
BLOG = Address("mixpanel-2", "Mixpanel, https://api-eu.mixpanel.com")
MAIN = "import sys; from mixpanel_pyramid.command import main; main()"
DOCUMENTATION = Path(__file__).parents[2] / "docs/pyramid/outbox.md"

Put = Callable[..., None]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The outbox."""
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def put(path: Path) -> Iterator[Put]:
    """Put messages into the outbox."""
    outbox = Outbox(OutboxFile(path))

    def put(*messages: Message, to: Address = SHOP) -> None:
        assert outbox.put([OutboxRow(to, message) for message in messages])

    yield put
    outbox.close()


@pytest.fixture
def ini(tmp_path: Path, sink: Sink) -> Path:
    """The settings of an app that cannot be imported here."""
    ini = tmp_path / "app.ini"
    ini.write_text(
        "[app:main]\nuse = egg:shop\n"
        f"mixpanel.token = {TOKEN}\nmixpanel.base_url = {sink.base_url}\n"
        "mixpanel.events = shop.names.Events\nmixpanel.consumer = shop.own.Consumer\n"
        "mixpanel.outbox = %(here)s/outbox.sqlite\nmixpanel.flush_timeout = 20\n"
    )
    return ini


@pytest.fixture
def start() -> Iterator[Start]:
    """Start the command in a process of its own."""
    started = []

    def begin(*arguments: object, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-Wignore", "-c", MAIN, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def event(name: str, **properties: object) -> Message:
    """Make an event of joe's."""
    props = {"distinct_id": "joe@shop.example", **properties}
    return mixpanel_message("events", {"event": name, "properties": props}, TOKEN)


def increment() -> Message:
    """Make an update that counts."""
    update = {"$distinct_id": "joe@shop.example", "$add": {"Logins": 4711}}
    return mixpanel_message("people", update, TOKEN)


def ask(*arguments: object) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(program, [str(argument) for argument in arguments])


@pytest.fixture
def letters(path: Path, put: Put) -> list[int]:
    """Dead letters: two that were refused, and one that is unknown."""
    put(event("Order Completed", Plan="secret-plan"), event("Order Refunded"))
    put(increment())
    reader = OutboxReader(OutboxFile(path), SHOP, lambda: 1_800_000_000.0)
    orders, counters = OutboxShelf(reader, 0), OutboxShelf(reader, 1)
    orders.batch(10, 10_000)
    orders.settle(
        [
            Dead(0, "refused", "properties.Plan is 'secret-plan' of joe@shop.example"),
            Dead(1, "refused", "properties.time is missing\x1b[2J"),
        ]
    )
    counters.batch(10, 10_000)
    counters.settle([Dead(0, "unknown", "ReadTimeout: timed out")])
    reader.close()
    return [1, 2, 3]


def test_status_says_what_waits_and_who_sends(path: Path, put: Put) -> None:
    """For each destination, by lane."""
    put(event("A"), event("B"), increment())
    put(event("C"), to=BLOG)
    candidate = Candidate(lock_path(path, SHOP.key))
    assert candidate.is_elected()

    result = ask("status", path, "--format", "json")
    candidate.resign()

    assert result.exit_code == 0
    found = json.loads(result.output)
    assert found["file"] == str(path)
    assert found["log_bytes"] > 4096
    shop, blog = found["destinations"]
    assert 0 <= shop.pop("oldest_seconds") < 60
    assert shop == {
        "label": "Mixpanel, https://api.mixpanel.com",
        "waiting": {"events": 2, "profiles": 1},
        "in_flight": 0,
        "dead_letters": {"refused": 0, "unknown": 0},
        "is_sent": True,
        "sender": os.getpid(),
    }
    assert (blog["is_sent"], blog["sender"]) == (False, None)


def test_status_is_a_table_for_people(path: Path, put: Put, letters: object) -> None:
    """With a hint where nobody sends."""
    put(event("A"), event("B"))

    result = ask("status", path)

    assert result.exit_code == 0
    first, header, row = result.stdout.splitlines()
    assert first.startswith(f"{path}: file 0.0 MB, log 0.")
    assert header.split() == (
        "DESTINATION WAITING IN FLIGHT OLDEST REFUSED UNKNOWN SENDER".split()
    )
    assert row.startswith("Mixpanel, https://api.mixpanel.com  2 events  0 ")
    assert row.split()[-3:] == ["2", "1", "nobody"]
    assert "2 messages wait, and no process sends" in result.stderr


def test_status_counts_one_of_a_kind(path: Path, put: Put) -> None:
    """One event is no events."""
    put(event("A"))

    assert (
        "Mixpanel, https://api.mixpanel.com  1 event  0 " in ask("status", path).stdout
    )


def test_status_shows_what_is_in_flight(path: Path, put: Put) -> None:
    """Or was, when its sender died."""
    put(event("A"), event("B"), event("C"))
    reader = OutboxReader(OutboxFile(path), SHOP)
    shelf = OutboxShelf(reader, 0)
    shelf.batch(2, 10_000)
    shelf.begin()

    found = json.loads(ask("status", path, "--format", "json").output)

    assert found["destinations"][0]["in_flight"] == 2
    reader.close()


def test_refused_says_what_and_why_but_no_values(path: Path, letters: object) -> None:
    """Nor whose they are, nor what a reason quotes, nor what steers a terminal."""
    result = ask("refused", path)

    assert result.exit_code == 0
    header, *rows = result.output.splitlines()
    assert (
        header.split() == "ID WHEN (UTC) STATE ENDPOINT WHAT PROPERTIES REASON".split()
    )
    assert [row.split() for row in rows] == [
        "1 2027-01-15 08:00:00 refused events Order Completed distinct_id, Plan "
        "properties.Plan is '…' of …".split(),
        "2 2027-01-15 08:00:00 refused events Order Refunded distinct_id "
        "properties.time is missing\ufffd[2J".split(),
        "3 2027-01-15 08:00:00 unknown people $add Logins ReadTimeout: timed "
        "out".split(),
    ]


def test_refused_shows_values_when_asked(path: Path, letters: object) -> None:
    """As JSON, the whole message."""
    result = ask("refused", path, "--state", "unknown", "--show-values")
    assert '"$add":{"Logins":4711}' in result.output

    result = ask("refused", path, "--limit", 1, "--show-values", "--format", "json")
    (letter,) = json.loads(result.stdout)
    assert letter["message"]["properties"]["Plan"] == "secret-plan"
    assert letter["when"] == "2027-01-15T08:00:00Z"
    assert "there are more than 1" in result.stderr


def test_refused_as_json_hides_values_too(path: Path, letters: object) -> None:
    """Programs write logs."""
    output = ask("refused", path, "--format", "json").output

    assert "secret-plan" not in output
    assert "joe@" not in output
    assert "4711" not in output
    assert len(json.loads(output)) == 3


@pytest.mark.parametrize(
    ("arguments", "put_back", "warned"),
    [
        (["--all"], 2, False),
        (["--state", "refused"], 2, False),
        (["--state", "unknown"], 1, True),
        (["--state", "unknown", "--all"], 3, True),
        (["2"], 1, False),
        (["3"], 1, True),
    ],
)
def test_retry_puts_back_what_is_named(
    path: Path, letters: object, arguments: list[str], put_back: int, warned: bool
) -> None:
    """What counts and may have been applied only by its state or number."""
    rehearsed = ask("retry", path, *arguments, "--dry-run")
    assert rehearsed.stdout.endswith(" would be put back\n")
    result = ask("retry", path, *arguments)

    noun = "message" if put_back == 1 else "messages"
    assert result.exit_code == 0
    assert result.stdout == f"{put_back} {noun} put back\n"
    assert ("count twice" in result.stderr) == warned
    with closing(sqlite3.connect(path)) as connection:
        waiting = connection.execute("SELECT count(*) FROM messages").fetchone()
        dead = connection.execute("SELECT count(*) FROM dead_letters").fetchone()
    assert (waiting, dead) == ((put_back,), (3 - put_back,))
    assert ask("retry", path, *arguments).stdout == "0 messages put back\n"


def test_retry_says_which_letters_are_not_there(path: Path, letters: object) -> None:
    """And puts back the others."""
    result = ask("retry", path, 1, 17)

    assert result.exit_code == 1
    assert result.stdout == "1 message put back\n"
    assert result.stderr == "there is no dead letter 17\n"


def test_retry_without_a_choice_changes_nothing(path: Path, letters: object) -> None:
    """It says how to choose."""
    result = ask("retry", path)

    assert result.exit_code == 2
    assert "name letters by ID, or with --state or --all" in result.stderr


def test_retries_at_the_same_time_put_each_letter_back_once(
    path: Path, put: Put, start: Start
) -> None:
    """Four processes, 400 letters."""
    put(*[event(f"E{n}") for n in range(400)])
    reader = OutboxReader(OutboxFile(path), SHOP)
    shelf = OutboxShelf(reader, 0)
    shelf.batch(400, 1_000_000)
    shelf.settle([Dead(index, "refused", "") for index in range(400)])
    reader.close()

    processes = [start("retry", path, "--all") for _ in range(4)]
    said = [process.communicate(timeout=60)[0] for process in processes]

    assert sum(int(text.split()[0]) for text in said) == 400
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT body FROM messages").fetchall()
    assert len(found) == len(set(found)) == 400


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

    _, told = process.communicate(timeout=30)
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

    process.communicate(timeout=30)
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

    process.communicate(timeout=30)
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
    process.communicate(timeout=30)

    assert process.returncode == 0
    assert sink.event_names() == ["A"]


def test_sections_may_build_upon_others(
    path: Path, put: Put, tmp_path: Path, sink: Sink, start: Start
) -> None:
    """As in PasteDeploy; what is nearer wins."""
    put(event("A"))
    (tmp_path / "base.ini").write_text(
        f"[DEFAULT]\nmixpanel.token = {TOKEN}\n"
        f"[app:main]\nuse = egg:shop\nmixpanel.base_url = {sink.base_url}\n"
        "mixpanel.outbox = /nowhere/outbox.sqlite\n"
    )
    ini = tmp_path / "production.ini"
    ini.write_text(
        f"[app:main]\nuse = config:base.ini\nmixpanel.outbox = {path}\n"
        "[app:other]\nuse = main\n"
    )

    process = start("send", "--ini", ini, "--section", "app:other")
    process.communicate(timeout=30)

    assert process.returncode == 0
    assert sink.event_names() == ["A"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[app:shop]\n", "has no [app:main]; it has app:shop: see --section"),
        ("[app:main]\n", "mixpanel.token of [app:main] in"),
        ("[app:main]\nmixpanel.token = off\n", "is missing or off"),
        ("[app:main]\nmixpanel.token = t\n", "has no mixpanel.outbox; set it, or name"),
        ("[app:main]\nmixpanel.token = t\nmixpanel.region = mars\n", "mixpanel.region"),
        ("[app:main]\nuse = main\n", "builds upon itself"),
        ("[app:main]\nx = %(nothing)s\n", "cannot be read"),
        ("no section\n", "cannot be read"),
    ],
)
def test_settings_that_cannot_work_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, problem: str
) -> None:
    """Exit code 2, and nothing of a secret."""
    (tmp_path / "app.ini").write_text(text)

    assert run(["send", "--ini", str(tmp_path / "app.ini")]) == 2

    told = capsys.readouterr().err.splitlines()
    assert problem in told[-1]
    assert told[-1].startswith("Error: ")


@pytest.mark.parametrize("name", ["status", "refused", "retry", "send"])
def test_a_file_that_is_no_outbox_is_one_line(
    name: str, path: Path, ini: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2; a file that is missing is not made, others are left alone."""
    arguments = {"retry": ["--all"], "send": ["--ini", str(ini)]}.get(name, [])

    def told() -> str:
        assert run([name, str(path), *arguments]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        (line,) = captured.err.splitlines()
        return line

    assert told() == (
        f"Error: there is no outbox {path}; name the file of mixpanel.outbox"
    )
    assert not path.exists()
    path.write_bytes(b"Dear diary, " * 1000)
    assert told().endswith("not a database); name the file of mixpanel.outbox")
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE users (name TEXT)")
    assert "is a database of something else" in told()
    path.unlink()
    with closing(OutboxFile(path).connect(1.0)) as newer:
        newer.execute("PRAGMA user_version = 99")
    assert "has format 99; this version reads up to 1" in told()


def test_nothing_but_its_own_words_is_told(path: Path, put: Put) -> None:
    """Not that Pyramid imports something that is out of date."""
    put(event("A"))
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONWARNINGS"}
    command = [sys.executable, "-c", MAIN, "refused", str(path)]
    told = subprocess.run(
        command, capture_output=True, text=True, env=environment, timeout=60, check=True
    )

    assert (told.stdout, told.stderr) == ("", "no dead letters\n")


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_each_command_explains_itself_as_the_documentation_has_it(name: str) -> None:
    """With examples to copy."""
    arguments = [name, "--help"] if name else ["--help"]
    result = CliRunner().invoke(
        program, arguments, prog_name="mixpanel-outbox", terminal_width=80
    )

    assert result.exit_code == 0
    assert "Examples:" in result.stdout
    assert result.stdout in DOCUMENTATION.read_text()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "-"),
        (0, "0 s"),
        (61, "1 min 1 s"),
        (3_720, "1 h 2 min"),
        (200_000, "2 d 7 h"),
    ],
)
def test_spans_of_time_are_for_people(seconds: int | None, text: str) -> None:
    """In two units."""
    assert span(seconds) == text


def test_cells_are_one_clean_line() -> None:
    """What comes from outside steers no terminal, and fits."""
    assert one_line("Order\a Completed", longest=10) == "Order\ufffd Co…"


def test_a_reader_that_has_gone_is_no_error(
    path: Path, letters: object, start: Start
) -> None:
    """As ``head`` is when it has seen enough."""
    process = start("refused", path, "--format", "json")
    assert process.stdout is not None
    process.stdout.close()

    assert process.stderr is not None
    assert process.stderr.read() == ""
    assert process.wait(30) in {0, 1}


def test_an_outbox_with_nothing_in_it_is_no_error(path: Path) -> None:
    """Everything says so."""
    OutboxFile(path).connect(1.0).close()

    status = ask("status", path)
    assert (status.exit_code, len(status.output.splitlines())) == (0, 1)
    refused = ask("refused", path)
    assert (refused.exit_code, refused.stderr) == (0, "no dead letters\n")
    assert ask("refused", path, "--format", "json").stdout == "[]\n"
    assert ask("retry", path, "--all").stdout == "0 messages put back\n"


def test_dead_letters_of_customerio_say_what_they_are(path: Path, put: Put) -> None:
    """Events by their name, people by what is done."""
    event = event_item("joe", "Paid", {}, unique="0" * 26, timestamp=1_800_000_000)
    person = profile_item("joe", {Property("$name"): "Joe"})
    put(customerio_message(event, 7.0), customerio_message(person, 7.0))
    reader = OutboxReader(OutboxFile(path), SHOP)
    shelf = OutboxShelf(reader, 2)
    shelf.batch(10, 10_000)
    shelf.settle([Dead(0, "refused", "no"), Dead(1, "refused", "no")])
    reader.close()

    found = json.loads(ask("refused", path, "--format", "json").stdout)

    assert [letter["what"] for letter in found] == ["Paid", "identify"]
    assert [letter["properties"] for letter in found] == [[], ["name"]]


def test_a_shell_completes_the_commands(start: Start) -> None:
    """As click does it."""
    process = start(
        _MIXPANEL_OUTBOX_COMPLETE="bash_complete",
        COMP_WORDS="mixpanel-outbox re",
        COMP_CWORD="1",
    )
    output, _ = process.communicate(timeout=30)

    assert output.split() == ["plain,refused", "plain,retry"]


def test_nothing_that_is_secret_is_in_the_outboxs_files(
    put: Put, ini: Path, sink: Sink, start: Start, reply: type[Reply]
) -> None:
    """Neither token nor credentials, in the file, its log, its memory, its lock."""
    secrets = ["hunter2-hunter2", "account.1a2b3c", TOKEN]
    ini.write_text(
        ini.read_text() + "mixpanel.service_account.username = account.1a2b3c\n"
        "mixpanel.service_account.secret = hunter2-hunter2\n"
        "mixpanel.service_account.project_id = 12345\n"
    )
    hold = threading.Event()
    sink.script.append(reply(hold=hold))
    put(increment(), event("A", token=TOKEN))
    process = start("send", "--ini", ini, "--follow")
    sink.wait_for(1)

    files = sorted(each for each in ini.parent.iterdir() if each != ini)
    found = {each.name: each.read_bytes() for each in files if each.is_file()}
    hold.set()
    process.kill()

    assert len(found) == 5
    assert b"joe@shop.example" in found["outbox.sqlite-wal"]
    for content in found.values():
        for secret in secrets:
            assert secret.encode() not in content
