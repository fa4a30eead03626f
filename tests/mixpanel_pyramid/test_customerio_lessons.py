"""Faults of other tools with Customer.io, which ours does not have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pytest
from customerio import CustomerIOException

from mixpanel_pyramid import Events, MixpanelTrack, ProfileProperties
from mixpanel_pyramid.accounts import CustomerioAccount
from mixpanel_pyramid.answers import Outcome
from mixpanel_pyramid.consumer import BufferConsumer
from mixpanel_pyramid.customerio_sender import CustomerioSender
from mixpanel_pyramid.destination import CustomerioDestination
from mixpanel_pyramid.message import Message
from mixpanel_pyramid.settings import read_settings
from mixpanel_schema import EventProperties

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Reply, Workspace


class Shop:
    """A tracker, what it hands over, and the sender of what is Customer.io's."""

    def __init__(self, base_url: str) -> None:
        account = CustomerioAccount("the-site", "the-key", "us", base_url)
        self.messages: list[Message] = []
        self.tracker = MixpanelTrack(
            replace(read_settings({"mixpanel.token": "t"}), customerio=account),
            distinct_id="joe",
            consumer=BufferConsumer("t", self.messages.extend),
        )
        self.sender = CustomerioSender(CustomerioDestination(base_url, account=account))

    def replicas(self) -> list[Message]:
        """Give what goes to Customer.io."""
        return [m for m in self.messages if m.endpoint == "customer.io"]


@pytest.fixture
def shop(workspace: Workspace) -> Iterator[Shop]:
    """An app's tracker and sender."""
    shop = Shop(workspace.base_url)
    yield shop
    shop.sender.close()


def test_lesson_03_an_event_reaches_customerio_with_version_3_of_its_library(
    shop: Shop, workspace: Workspace
) -> None:
    """pyramid_mixpanel 0.13 raises ``TypeError`` there: ``track`` takes ``data``."""
    shop.tracker.track(Events.page_viewed, {EventProperties.path: "/"})
    attempt = shop.sender.post(shop.replicas())

    (item,) = workspace.items()
    assert int(version("customerio").split(".")[0]) >= 3
    assert attempt.outcome is Outcome.ACCEPTED
    assert item["name"] == "Page Viewed"
    assert item["attributes"] == {"Path": "/"}


def test_lesson_03_the_official_library_takes_data(
    shop: Shop, workspace: Workspace
) -> None:
    """``request.mixpanel.cio`` is version 3, and its ``track`` works as documented."""
    client: Any = shop.tracker.cio
    client.track("joe", "Paid", data={"price": 9.5})
    client.close()

    assert workspace.calls[0].body == {"name": "Paid", "data": {"price": 9.5}}


def test_lesson_13_a_repeat_is_known_by_its_id(
    shop: Shop, workspace: Workspace, reply: type[Reply]
) -> None:
    """The service took the batch and the answer was lost; no event counts twice."""
    shop.tracker.track(Events.page_viewed)
    shop.tracker.track(Events.page_viewed)
    workspace.script.append(reply(status=0))
    lost = shop.sender.post(shop.replicas())
    again = shop.sender.post(shop.replicas())

    first, second, *repeats = [item["id"] for item in workspace.items()]
    assert (lost.outcome, again.outcome) == (Outcome.AMBIGUOUS, Outcome.ACCEPTED)
    assert first != second
    assert repeats == [first, second]


def test_lesson_13_what_is_tracked_again_has_the_same_id(shop: Shop) -> None:
    """An app that gives an insert id may run its job twice."""
    for _ in range(2):
        shop.tracker.track(Events.page_viewed, insert_id="order-17", time=1_767_323_045)

    one, two = [json.loads(message.text) for message in shop.replicas()]
    assert one == two


def test_lesson_13_the_official_library_does_not_repeat_by_itself(
    shop: Shop, workspace: Workspace, reply: type[Reply]
) -> None:
    """Its own repeats send a ``track`` without an id up to four times."""
    workspace.script.extend(reply(status=500, body=b"{}") for _ in range(4))
    client: Any = shop.tracker.cio
    # It repeats over https alone; the stand-in speaks http.
    client.http.mount("http://", client.http.get_adapter("https://"))
    with pytest.raises(CustomerIOException):
        client.track("joe", "Paid")
    client.close()

    assert len(workspace.calls) == 1


def test_lesson_14_a_replayed_identify_carries_no_old_timestamp(
    shop: Shop, workspace: Workspace, reply: type[Reply]
) -> None:
    """Customer.io would answer 200 and drop what is older than the latest edit."""
    shop.tracker.profile_set({ProfileProperties.dollar_name: "Joe"})
    workspace.script.append(reply(status=503))
    shop.sender.post(shop.replicas())
    shop.sender.post(shop.replicas())

    assert [sorted(item) for item in workspace.items()] == [
        ["action", "attributes", "identifiers", "type"],
        ["action", "attributes", "identifiers", "type"],
    ]
    assert workspace.items()[1]["attributes"] == {"name": "Joe"}
