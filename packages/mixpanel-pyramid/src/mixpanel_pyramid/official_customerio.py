"""The official ``customerio`` library, for all that is not replicated.

Imported on first use only: it is an extra, and costs 0.2 s to import. Its calls are
made at once, in the middle of the request, and raise what they raise.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from threading import Lock
from typing import cast

from customerio import (  # type: ignore[import-untyped]
    CustomerIO,
    CustomerIOException,
    Regions,
)
from requests import Response

from mixpanel_pyramid.accounts import CustomerioAccount
from mixpanel_pyramid.consumer import TrackerConsumer
from mixpanel_pyramid.converters import is_loopback
from mixpanel_pyramid.forks import at_fork
from mixpanel_pyramid.message import CUSTOMERIO
from mixpanel_schema.json_values import Json

__all__ = ["OfficialCustomerIO", "RecordingCustomerIO", "shared_customerio"]


class OfficialCustomerIO(CustomerIO):  # type: ignore[misc]  # it has no type hints
    """``customerio.CustomerIO`` at the address that the settings name.

    It tries once: the library itself would also repeat what cannot be told apart from
    a second call, such as ``track`` without an ``id``.

    Args:
        account: The workspace.
        timeout: Seconds that a call may take to connect, or without a byte.
    """

    def __init__(self, account: CustomerioAccount, timeout: float) -> None:
        self.root = account.base_url
        super().__init__(
            account.site_id,
            account.api_key,
            region=Regions.EU if account.region == "eu" else Regions.US,
            retries=0,
            timeout=timeout,
        )
        # Made here, because the library would let two threads make one each.
        self.http.trust_env = not is_loopback(self.root)

    def setup_base_url(self) -> None:
        """Take the address as it is; the library knows https and port numbers only."""
        self.base_url = f"{self.root}/api/v1"

    def batch(self, operations: list[dict[str, object]]) -> Response:
        """Send several operations in one request."""
        if not operations:
            raise CustomerIOException("operations cannot be empty in batch")
        url = f"{self.root}/api/v2/batch"
        response: Response = self.send_request("POST", url, {"batch": operations})
        return response


class RecordingCustomerIO(OfficialCustomerIO):
    """The same, but nothing is sent: calls are recorded and answered with success.

    Args:
        account: The workspace.
        consumer: Records what would have been sent.
    """

    def __init__(self, account: CustomerioAccount, consumer: TrackerConsumer) -> None:
        super().__init__(account, timeout=1.0)
        self.consumer = consumer

    def send_request(
        self, method: str, url: str, data: Mapping[str, object]
    ) -> Response:
        """Record a call."""
        path = url[len(self.root) :]
        body = cast("Json", self._sanitize(data))
        call: dict[str, Json] = {"method": method, "path": path, "body": body}
        self.consumer.keep(CUSTOMERIO, call, now=True)
        response = Response()
        response.status_code, response.url = 200, url
        response.raw = io.BytesIO(b"{}")
        return response


class Clients:
    """The clients of this process, one for each workspace."""

    def __init__(self) -> None:
        self.start_over()

    def start_over(self) -> None:
        """Forget all clients, whose connections are another process's."""
        self.made: dict[tuple[CustomerioAccount, float], OfficialCustomerIO] = {}
        self.making = Lock()

    def client(self, account: CustomerioAccount, timeout: float) -> OfficialCustomerIO:
        """Find a workspace's client, or make it."""
        key = (account, timeout)
        with self.making:
            if key not in self.made:
                self.made[key] = OfficialCustomerIO(account, timeout)
            return self.made[key]


clients = Clients()
at_fork(after_in_child=clients.start_over)


def shared_customerio(account: CustomerioAccount, timeout: float) -> OfficialCustomerIO:
    """Give the client that all requests of a process share."""
    return clients.client(account, timeout)
