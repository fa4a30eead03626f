"""What the tests of mixpanel-outbox share: messages, addresses, and how it is asked."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

from click.testing import CliRunner, Result

from mixpanel_pyramid.command.program import program
from mixpanel_pyramid.destination import MixpanelDestination
from mixpanel_pyramid.message import Message, mixpanel_message
from mixpanel_pyramid.services import service_of

TOKEN = "0123456789abcdef0123456789abcdef"
SHOP = service_of(MixpanelDestination("https://api.mixpanel.com", token=TOKEN)).address

MAIN = "import sys; from mixpanel_pyramid.command import main; main()"

Put = Callable[..., None]
Start = Callable[..., "subprocess.Popen[str]"]


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
