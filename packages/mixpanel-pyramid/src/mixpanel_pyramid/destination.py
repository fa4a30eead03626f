"""Where messages go."""

from __future__ import annotations

from dataclasses import dataclass, field

from mixpanel_pyramid.accounts import CustomerioAccount, ServiceAccount

__all__ = ["CustomerioDestination", "Destination", "MixpanelDestination"]


@dataclass(frozen=True, slots=True)
class Destination:
    """A service that messages go to, and within which bounds.

    Attributes:
        base_url: The service, such as ``https://api.mixpanel.com``.
        queue_size: Messages that may wait in memory.
        request_timeout: Seconds that a post may take.
        flush_timeout: Seconds that the exit of the process waits.
    """

    base_url: str
    queue_size: int = 100_000
    request_timeout: float = 10.0
    flush_timeout: float = 5.0


@dataclass(frozen=True, slots=True)
class MixpanelDestination(Destination):
    """A project of Mixpanel.

    Attributes:
        token: The project's token.
        service_account: What events are imported with; None to track them.
        api_secret: The project's secret, for imports where there is no account.
        celery_app: The dotted name of a Celery application whose workers deliver;
            None to deliver from here.
    """

    token: str = field(default="", repr=False)
    service_account: ServiceAccount | None = None
    api_secret: str | None = field(default=None, repr=False)
    celery_app: str | None = None


@dataclass(frozen=True, slots=True)
class CustomerioDestination(Destination):
    """A workspace of Customer.io.

    Attributes:
        account: The workspace, and the key of its Track API.
    """

    account: CustomerioAccount = field(kw_only=True)
