"""A consumer that keeps messages, and properties that nobody declared."""

from __future__ import annotations

import json
from typing import Any

from mixpanel_pyramid import Property
from mixpanel_pyramid.message import Message

RECORD = {"mixpanel.token": "false"}
UNDECLARED = Property("Undeclared")


class Kept:
    """Collects what a tracker hands over."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def bodies(self) -> list[dict[str, Any]]:
        """Give the messages as data."""
        return [json.loads(message.text) for message in self.messages]
