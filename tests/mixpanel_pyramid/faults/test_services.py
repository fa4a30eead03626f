"""Faults of one service, or of one way to it, and what they mean for the others."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from tests.mixpanel_pyramid.faults.scripted_sink import Fault, ScriptedSink, answer

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.faults.conftest import MakeRun

ACCOUNT = {
    "mixpanel.service_account.username": "robot",
    "mixpanel.service_account.secret": "s3cret",
    "mixpanel.service_account.project_id": "4711",
}
FAULTS = {
    "429": Fault(answer=answer("429 Too Many Requests")),
    "503, applied": Fault(answer=answer("503 Service Unavailable"), applies=True),
    "cut after it was applied": Fault(applies=True),
    "half an answer": Fault(
        applies=True, answer=answer("200 OK", '{"code": 200}')[:-3]
    ),
}


@pytest.fixture
def mirror() -> Iterator[ScriptedSink]:
    """A Customer.io that refuses connections until it listens."""
    sink = ScriptedSink()
    yield sink
    sink.close()


def customerio(mirror: ScriptedSink) -> dict[str, str]:
    """Write the settings of an app that sends to Customer.io as well."""
    return {
        "customerio.tracking.site_id": f"site-{mirror.port}",
        "customerio.tracking.api_key": "key",
        "customerio.tracking.region": "eu",
        "customerio.tracking.base_url": f"http://127.0.0.1:{mirror.port}",
    }


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_imports(
    make_run: MakeRun, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    """With a service account the same holds: everything arrives."""
    run = make_run(more=ACCOUNT, request_timeout="0.3")
    run.sink.fail(fault)
    run.sink.listen()
    run.survive()
    run.sink.mend()

    run.assert_nothing_lost()
    run.assert_logged_once(caplog)
    assert {path for _, path in run.sink.posts} == {"/import", "/engage"}


@pytest.mark.parametrize("fault", [None, Fault(hangs=True)], ids=["refused", "hanging"])
def test_customerio_away(
    make_run: MakeRun,
    mirror: ScriptedSink,
    caplog: pytest.LogCaptureFixture,
    fault: Fault | None,
) -> None:
    """Mixpanel gets everything while Customer.io is away, and Customer.io later."""
    run = make_run(more=customerio(mirror), request_timeout="0.3")
    if fault is not None:
        mirror.fail(fault)
        mirror.listen()
    run.sink.listen()
    run.survive()
    asked = sum(run.asked().values())
    run.wait_until(lambda: len(run.sink.holdings.events) == asked)
    run.wait_until(lambda: run.sink.holdings.sums.total() == asked)
    assert mirror.holdings.mirrored == {}
    mirror.mend()
    if fault is None:
        mirror.listen()

    run.assert_all_exact()
    run.assert_logged_once(caplog)
    assert len(mirror.holdings.mirrored) == asked


def test_mixpanel_away(
    make_run: MakeRun, mirror: ScriptedSink, caplog: pytest.LogCaptureFixture
) -> None:
    """Customer.io gets everything while Mixpanel is away, and Mixpanel later."""
    run = make_run(more=customerio(mirror))
    mirror.listen()
    run.survive()
    asked = sum(run.asked().values())
    run.wait_until(lambda: len(mirror.holdings.mirrored) == asked)
    run.sink.listen()

    run.assert_all_exact()
    run.assert_logged_once(caplog)
    assert set(mirror.holdings.mirrored.values()) == {1}


def test_a_forgotten_password(
    make_run: MakeRun, caplog: pytest.LogCaptureFixture
) -> None:
    """Wrong credentials lose nothing: somebody mends them."""
    run = make_run(more=ACCOUNT)
    run.sink.fail(Fault(answer=answer("401 Unauthorized", "s3cret is wrong")))
    run.sink.listen()
    run.survive()
    run.sink.mend()

    run.assert_all_exact()
    run.assert_logged_once(caplog)
    assert [r for r in caplog.records if r.levelno > logging.WARNING] == []
