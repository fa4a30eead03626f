"""Every way in which Mixpanel can be away: nobody notices, and nothing is lost."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest
from tests.mixpanel_pyramid.faults.scripted_sink import OK, Fault, answer

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.faults.conftest import MakeRun

BROKEN = answer("500 Internal Server Error", "<h1>oops</h1>")
AWAY = answer("503 Service Unavailable")
LATER = answer("429 Too Many Requests", '{"code": 429}')
PORTAL = answer("200 OK", "<html>Please log in</html>", "Content-Type: text/html")

NOT_APPLIED = {
    "429": Fault(answer=LATER),
    "redirect": Fault(answer=answer("302 Found", "", "Location: http://127.0.0.1/")),
}
UNCLEAR = {
    "500": Fault(answer=BROKEN),
    "500, applied": Fault(answer=BROKEN, applies=True),
    "502": Fault(answer=answer("502 Bad Gateway")),
    "503": Fault(answer=AWAY),
    "503, applied": Fault(answer=AWAY, applies=True),
    "cut at once": Fault(reads="nothing"),
    "cut before the body was read": Fault(reads="head"),
    "cut after the body was read": Fault(),
    "cut after it was applied": Fault(applies=True),
    "half a status line": Fault(applies=True, answer=OK[:9]),
    "half the headers": Fault(applies=True, answer=OK[:30]),
    "half an answer": Fault(applies=True, answer=OK[:-9]),
    "no HTTP": Fault(answer=b"220 mail.example.com ESMTP\r\n\r\n"),
    "captive portal": Fault(answer=PORTAL),
    "hanging": Fault(hangs=True),
    "hanging, applied": Fault(hangs=True, applies=True),
    "hanging after half an answer": Fault(hangs=True, applies=True, answer=OK[:-9]),
}


def test_refused(make_run: MakeRun, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody listens, and then somebody does."""
    run = make_run()
    run.survive()
    run.sink.listen()

    run.assert_all_exact()
    run.assert_logged_once(caplog)


@pytest.mark.parametrize("fault", NOT_APPLIED.values(), ids=NOT_APPLIED)
def test_not_applied(
    make_run: MakeRun, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    """What Mixpanel says it did not take is repeated, counters too, and is exact."""
    run = make_run()
    run.sink.fail(fault)
    run.sink.listen()
    run.survive()
    run.sink.mend()

    run.assert_all_exact()
    run.assert_logged_once(caplog)


@pytest.mark.parametrize("fault", UNCLEAR.values(), ids=UNCLEAR)
def test_unclear(
    make_run: MakeRun, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    """Events are repeated, counters are not: those are exact, or known as unknown."""
    run = make_run(request_timeout="0.3")
    run.sink.fail(fault)
    run.sink.listen()
    run.survive()
    run.sink.mend()

    run.assert_nothing_lost()
    assert run.unknown() > 0
    run.assert_logged_once(caplog)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after(
    make_run: MakeRun, caplog: pytest.LogCaptureFixture, form: str
) -> None:
    """The pause that is asked for is kept, even by a flush."""
    later = datetime.now(timezone.utc) + timedelta(seconds=3)
    wait = "1" if form == "seconds" else format_datetime(later, usegmt=True)
    run = make_run()
    headers = f"Retry-After: {wait}"
    run.sink.fail(Fault(answer=answer("429 Too Many Requests", "", headers)))
    run.sink.listen()
    run.survive()
    run.sink.mend()

    run.assert_all_exact()
    run.assert_logged_once(caplog)
    for path in ("/track", "/engage"):
        first, second, *_ = [when for when, where in run.sink.posts if where == path]
        assert second - first >= 0.95


def test_too_large(make_run: MakeRun) -> None:
    """Batches are halved until they are taken, in order."""
    run = make_run()
    run.visit(12)
    run.sink.fail(Fault(answer=answer("413 Content Too Large"), only_above=4))
    run.sink.listen()

    run.assert_all_exact()


@pytest.mark.parametrize("pause", [0.05, 5], ids=["50 ms", "5 s"])
def test_slow(
    make_run: MakeRun, caplog: pytest.LogCaptureFixture, pause: float
) -> None:
    """A sink that takes its time delays nobody, and is no outage."""
    run = make_run()
    slow = [Fault(answer=OK, applies=True, pause=pause)]
    run.sink.choose = lambda: slow.pop() if slow else None
    run.sink.listen()
    run.visit(16)

    run.assert_all_exact()
    assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []
