"""Messages that may and may not be repeated, and what is logged of them."""

from __future__ import annotations

import pytest

from mixpanel_pyramid.message import Message

SET = Message("people", '{"$distinct_id":"joe","$set":{"Plan":"pro"}}', True)

ADD = Message("people", '{"$distinct_id":"joe","$add":{"Logins":1}}', False)


def events(number: int, first: int = 0) -> list[Message]:
    """Make events that can be told apart."""
    return [
        Message("events", f'{{"event":"E{n}"}}', True)
        for n in range(first, first + number)
    ]


def event_names(number: int) -> list[str]:
    """Give the names of such events."""
    return [f"E{n}" for n in range(number)]


def log_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Give what the delivery logged, level first."""
    return [
        f"{record.levelname} {record.getMessage()}"
        for record in caplog.records
        if record.name == "mixpanel_pyramid.delivery"
    ]
