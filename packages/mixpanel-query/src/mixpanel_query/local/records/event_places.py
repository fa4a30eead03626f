"""Where somebody was: Mixpanel looks addresses up, a local project does not.

https://docs.mixpanel.com/docs/tracking-best-practices/geolocation
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address

from mixpanel_query.local.rules.basis import rests_on

__all__ = ["note_place"]


def note_place(given: Mapping[str, object], name: str) -> None:
    """Say that nobody looks up where an address is, if it may be anywhere.

    Args:
        given: The properties of an event, or the record of an update.
        name: What holds the address there.
    """
    if "$latitude" in given or "$longitude" in given or is_public(given.get(name)):
        rests_on("no-places")


def is_public(address: object) -> bool:
    """Tell whether something is an IP address of the internet."""
    try:
        return isinstance(address, str) and ip_address(address).is_global
    except ValueError:
        return False
