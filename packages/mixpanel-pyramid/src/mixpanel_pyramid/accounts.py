"""Accounts: what lets an app in at Mixpanel's import and at Customer.io."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["CUSTOMERIO_REGIONS", "CustomerioAccount", "ServiceAccount"]

# https://docs.customer.io/integrations/api/track/#tag/Authentication
CUSTOMERIO_REGIONS = {
    "us": "https://track.customer.io",
    "eu": "https://track-eu.customer.io",
}


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """A service account of a Mixpanel project, with which events are imported.

    https://developer.mixpanel.com/reference/service-accounts

    Attributes:
        username: Its name.
        secret: Its secret; in no repr.
        project_id: The project that events go to.
    """

    username: str
    secret: str = field(repr=False)
    project_id: str


@dataclass(frozen=True, slots=True)
class CustomerioAccount:
    """A workspace of Customer.io, as its Track API knows it.

    Attributes:
        site_id: The workspace.
        api_key: The key of its Track API; in no repr.
        region: ``"us"`` or ``"eu"``.
        base_url: Where messages go, without a slash at the end.
    """

    site_id: str
    api_key: str = field(repr=False)
    region: str
    base_url: str
