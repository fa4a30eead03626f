"""Log lines that go through structlog."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
import structlog
from pyramid.config import Configurator
from structlog.testing import capture_logs

from mixpanel_pyramid import Events, MixpanelTrack, MockedConsumer
from mixpanel_pyramid.exceptions import MixpanelSettingsError
from mixpanel_pyramid.structured_logging import StructlogHandler

PACKAGE = logging.getLogger("mixpanel_pyramid")


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave logging as it was."""
    yield
    structlog.reset_defaults()
    PACKAGE.handlers.clear()
    PACKAGE.propagate = True
    PACKAGE.setLevel(logging.NOTSET)


def start(**settings: object) -> None:
    """Start an app that records."""
    named = {name.replace("__", "."): value for name, value in settings.items()}
    with Configurator(settings={"mixpanel.token": "no", **named}) as config:
        config.include("mixpanel_pyramid")


@pytest.mark.parametrize("name", ["mixpanel__structlog", "pyramid_heroku__structlog"])
@pytest.mark.parametrize("value", ["true", True])
def test_the_start_up_line_has_fields(name: str, value: object) -> None:
    """As pyramid_mixpanel's has, by either name of the setting."""
    with capture_logs() as lines:
        start(**{name: value})
    (line,) = lines

    assert line.pop("log_level") == "info"
    assert line == {
        "event": "Mixpanel configured",
        "consumer": "none, recording only",
        "region": "us",
        "outbox": "none",
        "events": "Events",
        "event_properties": "EventProperties",
        "profile_properties": "ProfileProperties",
        "profile_meta_properties": "ProfileMetaProperties",
        "group_properties": "GroupProperties",
        "typed_events": "0",
        "customerio": "off",
    }


def test_false_is_false(caplog: pytest.LogCaptureFixture) -> None:
    """For pyramid_mixpanel this text is true."""
    caplog.set_level(logging.INFO)
    with capture_logs() as lines:
        start(pyramid_heroku__structlog="false")

    assert lines == []
    assert caplog.messages[0].startswith("Mixpanel configured: ")


def test_later_lines_go_the_same_way(caplog: pytest.LogCaptureFixture) -> None:
    """Those of a tracker, and no line twice."""
    settings = {"mixpanel.token": "t", "mixpanel.structlog": "on"}
    start(mixpanel__structlog="on")
    start(mixpanel__structlog="on")
    with capture_logs() as lines:
        tracker = MixpanelTrack(settings, "joe", consumer=MockedConsumer())
        tracker.track(Events.page_viewed, distinct_id="anonymous")

    assert len(lines) == 1
    assert lines[0]["event"].startswith("a Mixpanel message is not sent: ")
    assert lines[0]["log_level"] == "error"
    assert caplog.messages == []


def test_a_tracker_made_by_hand_reads_the_setting() -> None:
    """In a script there is no start-up."""
    settings = {"mixpanel.token": "no", "mixpanel.structlog": "on"}
    MixpanelTrack(settings)

    assert [type(handler) for handler in PACKAGE.handlers] == [StructlogHandler]


def test_structlog_that_writes_through_logging_is_no_circle(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """As most apps have configured it."""
    structlog.configure(
        processors=[structlog.stdlib.render_to_log_kwargs],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    caplog.set_level(logging.INFO)
    start(mixpanel__structlog="on")
    logging.getLogger("mixpanel_pyramid.delivery").error("%d lost", 3)

    assert caplog.messages == ["Mixpanel configured", "3 lost"]
    assert caplog.records[1].name == "mixpanel_pyramid.delivery"


def test_lines_below_the_roots_level_stay_out() -> None:
    """Those that structlog writes through logging."""
    structlog.configure(logger_factory=structlog.stdlib.LoggerFactory())
    seen: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = seen.append  # type: ignore[method-assign]
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    try:
        start(mixpanel__structlog="on")
        PACKAGE.warning("careful")
    finally:
        root.removeHandler(handler)
        root.setLevel(level)

    assert len(seen) == 1


def test_an_exception_goes_with_its_line() -> None:
    """As ``exc_info``, which structlog's processors render."""
    start(mixpanel__structlog="on")
    with capture_logs() as lines:
        try:
            _ = 1 / 0
        except ZeroDivisionError:
            PACKAGE.exception("oh no")

    assert lines[0]["event"] == "oh no"
    assert lines[0]["exc_info"][0] is ZeroDivisionError


def test_a_processor_that_fails_breaks_no_request(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is told of on stderr, as logging does it, and the next line is tried again."""

    def fail(logger: object, name: str, event: object) -> object:
        raise LookupError("no such template")

    start(mixpanel__structlog="on")
    structlog.configure(processors=[fail])
    PACKAGE.error("first")
    PACKAGE.error("second")

    told = capsys.readouterr().err
    assert told.count("--- Logging error ---") == 2
    assert told.count("LookupError: no such template") == 2


def test_without_structlog_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """At start-up, by either name of the setting."""
    monkeypatch.setitem(sys.modules, "structlog", None)
    with pytest.raises(MixpanelSettingsError) as caught:
        start(pyramid_heroku__structlog="true")

    assert str(caught.value) == (
        "mixpanel.structlog: is true, but structlog is not installed; "
        'pip install "mixpanel-pyramid[structlog]", or set it to false'
    )


def test_structlog_is_imported_where_it_is_asked_for() -> None:
    """And nowhere else."""
    code = (
        "import sys\n"
        "from mixpanel_pyramid import MixpanelTrack\n"
        "MixpanelTrack({'mixpanel.token': 'no'})\n"
        "print('structlog' in sys.modules)\n"
    )
    output = subprocess.check_output([sys.executable, "-c", code], text=True)

    assert output.strip() == "False"
