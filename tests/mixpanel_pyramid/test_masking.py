"""What a server repeats of what was sent to it is not repeated by us."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from mixpanel_pyramid.accounts import CustomerioAccount, ServiceAccount
from mixpanel_pyramid.answers import Attempt, Outcome
from mixpanel_pyramid.customerio_sender import CustomerioSender
from mixpanel_pyramid.destination import CustomerioDestination, MixpanelDestination
from mixpanel_pyramid.masking import Mask
from mixpanel_pyramid.message import customerio_message, mixpanel_message
from mixpanel_pyramid.mixpanel_sender import MixpanelSender

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Reply, Sink, Workspace

TOKEN = "5f1e0b7c9d2a4e6f8a0b1c2d3e4f5a6b"
SECRET = "sEcReT/+of an account%"
BASIC = base64.b64encode(f"robot:{SECRET}".encode()).decode()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"no project {TOKEN}, try another", "no project …, try another"),
        ('{"$token": "' + TOKEN[:20], '{"$token": "…'),
        ("a=sEcReT%2F%2Bof%20an%20account%25&b", "a=…&b"),
        (f"Authorization: Basic {BASIC}", "Authorization: Basic …"),
        ("nothing of it: 5f1", "nothing of it: 5f1"),
    ],
)
def test_secrets_are_masked_in_each_of_their_forms(text: str, masked: str) -> None:
    """Plain, in a form, in a header, and cut by the end of the text."""
    mask = Mask([TOKEN, SECRET, None], [("robot", SECRET)])

    assert mask.text(text) == masked


def test_what_is_too_short_to_be_a_secret_masks_nothing() -> None:
    """A token of a test would be in any text."""
    assert Mask(["t", ""]).text("status 400") == "status 400"


def test_reasons_of_single_messages_are_masked_too() -> None:
    """They are kept with the message."""
    attempt = Attempt(Outcome.ACCEPTED, refused=((0, f"not for {TOKEN}"),))

    assert Mask([TOKEN]).attempt(attempt).refused == ((0, "not for …"),)


@pytest.mark.parametrize("status", [200, 400, 404])
@pytest.mark.parametrize("has_account", [False, True])
def test_an_echo_of_mixpanel_tells_no_secret(
    sink: Sink, reply: type[Reply], status: int, has_account: bool
) -> None:
    """Of a wrong address, or of a proxy that shows what it could not pass on."""
    sink.script.append(reply(status, f"{TOKEN} {SECRET} Basic {BASIC}".encode()))
    account = ServiceAccount("robot", SECRET, "1") if has_account else None
    sender = MixpanelSender(
        MixpanelDestination(
            sink.base_url, token=TOKEN, api_secret=SECRET, service_account=account
        )
    )
    message = mixpanel_message("events", {"event": "A", "properties": {}}, TOKEN)

    attempt = sender.post([message])
    sender.close()

    assert attempt.reason.partition(": ")[2].startswith("… … ")
    assert not any(secret in attempt.reason for secret in (TOKEN, SECRET))
    assert has_account == (BASIC not in attempt.reason)


def test_an_echo_of_an_import_does_not_tell_the_secret_that_it_came_with(
    sink: Sink, reply: type[Reply]
) -> None:
    """It is of that message alone."""
    sink.script.append(reply(400, b"who is import-secret-of-the-app?"))
    sender = MixpanelSender(MixpanelDestination(sink.base_url, token=TOKEN))
    event = {"event": "Old", "properties": {"time": 5}}
    credentials = (None, "import-secret-of-the-app")
    message = mixpanel_message("imports", event, TOKEN, credentials)

    attempt = sender.post([message])
    sender.close()

    assert attempt.reason == "status 400: who is …?"


def test_an_echo_of_customerio_tells_no_secret(
    workspace: Workspace, reply: type[Reply]
) -> None:
    """The key goes there as a password."""
    basic = base64.b64encode(b"site-1:key-of-the-track-api").decode()
    workspace.script.append(reply(404, f"key-of-the-track-api {basic}".encode()))
    account = CustomerioAccount(
        "site-1", "key-of-the-track-api", "eu", workspace.base_url
    )
    sender = CustomerioSender(
        CustomerioDestination(workspace.base_url, account=account)
    )

    attempt = sender.post([customerio_message({"type": "person"}, 1.0)])
    sender.close()

    assert attempt.reason == "status 404: … …"
