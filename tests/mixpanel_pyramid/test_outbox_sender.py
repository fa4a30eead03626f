"""A sender beside the app: what it says of outboxes that hold nothing for it."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from mixpanel_pyramid.background import BackgroundConsumer
from mixpanel_pyramid.destination import MixpanelDestination
from mixpanel_pyramid.outbox import Outbox
from mixpanel_pyramid.outbox_file import OutboxFile
from mixpanel_pyramid.outbox_sender import (
    OutboxSender,
    count_of,
    first_of,
    sending_settings,
)

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Sink


def test_without_an_outbox_nothing_waits(sink: Sink) -> None:
    """A program that uses the sender by itself need not look first."""
    given = {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
    sender = OutboxSender(sending_settings(given, {}))

    assert sender.finish(Event(), 10.0, print) == []


def test_of_a_file_that_cannot_be_read_nobody_knows_what_waits(tmp_path: Path) -> None:
    """So the sender goes on, as it does for an outbox that is mended."""
    path = tmp_path / "outbox.sqlite"
    path.write_bytes(b"Dear diary, " * 1000)
    outbox = Outbox(OutboxFile(path))
    consumer = BackgroundConsumer(MixpanelDestination("http://127.0.0.1:9"), outbox)

    assert first_of(outbox, consumer) == -1
    assert count_of(outbox, consumer) == 0
