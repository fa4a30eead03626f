"""``request.mixpanel.cio``: the official library, where Customer.io is configured."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from customerio import CustomerIO, CustomerIOException

import mixpanel_pyramid
from mixpanel_pyramid import MixpanelTrack
from mixpanel_pyramid.accounts import CustomerioAccount
from mixpanel_pyramid.exceptions import MissingExtraError, MixpanelPyramidError
from mixpanel_pyramid.official_customerio import OfficialCustomerIO
from mixpanel_pyramid.settings import TrackingSettings, read_settings
from mixpanel_pyramid.track import customerio_library

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import Reply, Workspace

WITHOUT_LIBRARY = """
import sys
sys.modules["customerio"] = None  # as if it were not installed
from dataclasses import replace
from mixpanel_pyramid import Events, MixpanelTrack
from mixpanel_pyramid.accounts import CustomerioAccount
from mixpanel_pyramid.settings import read_settings
account = CustomerioAccount("s", "k", "us", "https://track.customer.io")
settings = replace(read_settings({"mixpanel.token": "off"}), customerio=account)
tracker = MixpanelTrack(settings, distinct_id="joe")
tracker.track(Events.page_viewed)
print(len(tracker.mocked_messages))
try:
    tracker.cio
except ImportError as error:
    print(type(error).__name__, error)
"""


def shop_settings(base_url: str, region: str = "us", **given: str) -> TrackingSettings:
    """Make the settings of an app with Customer.io."""
    account = CustomerioAccount("the-site", "the-key", region, base_url)
    token = given.get("token", "t")
    settings = read_settings({"mixpanel.token": token, "mixpanel.request_timeout": "5"})
    return replace(settings, customerio=account)


def live(base_url: str) -> CustomerIO:
    """Give the client of a tracker that sends."""
    tracker = MixpanelTrack(shop_settings(base_url), distinct_id="joe")
    assert tracker.cio is not None
    return tracker.cio


def test_there_is_none_without_customerio() -> None:
    """As in pyramid_mixpanel, so that an app may ask."""
    tracker = MixpanelTrack({"mixpanel.token": "off"}, distinct_id="joe")

    assert tracker.cio is None


def test_it_is_the_official_library(workspace: Workspace) -> None:
    """With all that it can do, at the address and with the key of the settings."""
    client = live(workspace.base_url)
    client.add_device("joe", "the-device", "ios")
    client.close()

    (call,) = workspace.calls
    key = base64.b64encode(b"the-site:the-key").decode()
    assert isinstance(client, CustomerIO)
    assert (call.method, call.path) == ("PUT", "/api/v1/customers/joe/devices")
    assert call.headers["authorization"] == f"Basic {key}"
    assert call.body == {"device": {"id": "the-device", "platform": "ios"}}


def test_an_event_of_version_3_is_understood(workspace: Workspace) -> None:
    """``data`` is a dict of its own, since 3.0."""
    client = live(workspace.base_url)
    client.track("joe", "Paid", data={"price": 9.5})
    client.close()

    assert workspace.calls[0].body == {"name": "Paid", "data": {"price": 9.5}}


def test_batches_go_to_the_same_address(workspace: Workspace) -> None:
    """The library itself knows https only for them."""
    client = live(f"{workspace.base_url}/proxy")
    operation = {"type": "person", "action": "delete", "identifiers": {"id": "joe"}}
    client.batch([operation])
    with pytest.raises(CustomerIOException, match="cannot be empty"):
        client.batch([])
    client.close()

    assert [call.path for call in workspace.calls] == ["/proxy/api/v2/batch"]
    assert workspace.items() == [operation]


@pytest.mark.parametrize(
    ("region", "url"),
    [("us", "https://track.customer.io"), ("eu", "https://track-eu.customer.io")],
)
def test_a_region_is_an_address(region: str, url: str) -> None:
    """That which the library has for it."""
    tracker = MixpanelTrack(shop_settings(url, region=region), distinct_id="joe")
    client: Any = tracker.cio

    assert client.base_url == f"{url}/api/v1"
    assert client.host == url.removeprefix("https://")
    assert client.timeout == 5.0


def test_a_call_is_made_once(workspace: Workspace, reply: type[Reply]) -> None:
    """The library would repeat it, and an event without an id counts twice."""
    workspace.script.append(reply(status=503, body=b"{}"))
    client = live(workspace.base_url)
    # The library repeats over https alone; the stand-in speaks http.
    client.http.mount("http://", client.http.get_adapter("https://"))
    with pytest.raises(CustomerIOException):
        client.track("joe", "Paid")
    client.close()

    assert len(workspace.calls) == 1


def test_it_is_made_once_whoever_asks_first() -> None:
    """Threads of one application share it."""
    settings = shop_settings("http://127.0.0.1:9/once")
    start = threading.Barrier(8)
    found: list[object] = []

    def ask() -> None:
        tracker = MixpanelTrack(settings, distinct_id="joe")
        start.wait(10)
        found.append(tracker.cio)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(map(id, found))) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_a_forked_process_makes_its_own() -> None:
    """Two processes must not write to one connection."""
    settings = shop_settings("http://127.0.0.1:9/fork")
    before = MixpanelTrack(settings, distinct_id="joe").cio
    child = os.fork()
    if child == 0:
        after = MixpanelTrack(settings, distinct_id="joe").cio
        os._exit(0 if after is not before else 1)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert MixpanelTrack(settings, distinct_id="joe").cio is before


def test_nothing_is_sent_while_recording(workspace: Workspace) -> None:
    """Calls are recorded, as they would have been sent, and seem to succeed."""
    settings = shop_settings(workspace.base_url, token="off")
    tracker = MixpanelTrack(settings, distinct_id="joe")
    client: Any = tracker.cio
    answer = client.identify("joe", plan="pro")
    client.delete("ann")
    client.batch([{"type": "person", "action": "delete"}])

    assert client is tracker.cio
    assert workspace.calls == []
    assert (answer.status_code, answer.json()) == (200, {})
    assert tracker.mocked_messages == [
        {
            "endpoint": "customer.io",
            "msg": {
                "method": "PUT",
                "path": "/api/v1/customers/joe",
                "body": {"plan": "pro"},
            },
        },
        {
            "endpoint": "customer.io",
            "msg": {"method": "DELETE", "path": "/api/v1/customers/ann", "body": {}},
        },
        {
            "endpoint": "customer.io",
            "msg": {
                "method": "POST",
                "path": "/api/v2/batch",
                "body": {"batch": [{"type": "person", "action": "delete"}]},
            },
        },
    ]


def test_a_wrong_call_is_refused_while_recording_too() -> None:
    """By the library itself."""
    settings = shop_settings("https://track.customer.io", token="off")
    client: Any = MixpanelTrack(settings, distinct_id="joe").cio

    assert isinstance(client, OfficialCustomerIO)
    with pytest.raises(CustomerIOException, match="id cannot be blank"):
        client.identify("")


def test_without_the_extra_an_error_names_it() -> None:
    """Replication does without; only the official library is missing."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_LIBRARY],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stdout.splitlines() == [
        "2",
        "MissingExtraError request.mixpanel.cio needs a library that is not "
        "installed; install mixpanel-pyramid[customerio]",
    ], done.stderr


def test_the_error_is_one_of_ours_and_an_import_error() -> None:
    """Callers may expect either."""
    assert issubclass(MissingExtraError, (MixpanelPyramidError,))
    assert issubclass(MissingExtraError, (ImportError,))


def test_a_broken_installation_is_no_missing_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Installing the extra would not mend a module of the package."""
    module = "mixpanel_pyramid.official_customerio"
    monkeypatch.delattr(mixpanel_pyramid, "official_customerio", raising=False)
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(ImportError) as broken:
        customerio_library()

    assert not isinstance(broken.value, MissingExtraError)
