"""The hosts of Mixpanel's regions, and the base URL that may replace them.

https://docs.mixpanel.com/docs/privacy/eu-residency
"""

from __future__ import annotations

import ipaddress
import warnings
from typing import Final, Literal, TypeAlias
from urllib.parse import urlsplit

from mixpanel_query.exceptions import InvalidQueryError

__all__ = [
    "HOSTS",
    "Family",
    "checked_base_url",
    "checked_region",
    "is_loopback",
    "warn_of_plain_http",
]

Family: TypeAlias = Literal["query", "export", "app"]

HOSTS: Final[dict[str, dict[Family, str]]] = {
    "us": {
        "query": "https://mixpanel.com",
        "export": "https://data.mixpanel.com",
        "app": "https://mixpanel.com",
    },
    "eu": {
        "query": "https://eu.mixpanel.com",
        "export": "https://data-eu.mixpanel.com",
        "app": "https://eu.mixpanel.com",
    },
    "in": {
        "query": "https://in.mixpanel.com",
        "export": "https://data-in.mixpanel.com",
        "app": "https://in.mixpanel.com",
    },
}


def checked_region(region: str) -> str:
    """Return the short name of a region in small letters.

    Raises:
        InvalidQueryError: If Mixpanel has no such region.

    >>> checked_region("EU")
    'eu'
    """
    name = region.lower()
    if name not in HOSTS:
        raise InvalidQueryError(
            f"region {region!r} is unknown; use us, eu or in, as Mixpanel shows it "
            "under Project Settings > Overview > Data Residency"
        )
    return name


def checked_base_url(base_url: str) -> str:
    """Return the address that replaces every host, without a slash at its end.

    Raises:
        InvalidQueryError: If it is not an ``http`` or ``https`` address, or holds
            anything beside scheme, host, port and path. It is not quoted, because
            what people put before an @ is secret.

    >>> checked_base_url("http://127.0.0.1:8080/")
    'http://127.0.0.1:8080'
    """
    try:
        parts = urlsplit(base_url)
        port = parts.port
        # Raises UnicodeError, which is a ValueError, for what is no name of a host.
        (parts.hostname or "").encode("idna").decode("idna")
    except ValueError as error:
        raise InvalidQueryError(f"base_url is no address: {error}; mend it") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        allowed = "it begins with http:// or https:// and names a host"
        raise InvalidQueryError(f"base_url is no address; {allowed}")
    if parts.username is not None or parts.query or parts.fragment:
        problem = "base_url holds more than scheme, host, port and path"
        raise InvalidQueryError(f"{problem}; give credentials and the rest apart")
    if not base_url.isprintable() or " " in base_url:
        raise InvalidQueryError("base_url holds a space or a line break; take it out")
    return base_url.rstrip("/")


def warn_of_plain_http(base_url: str, *, stacklevel: int) -> None:
    """Warn if whoever listens on the way to ``base_url`` can read the credentials."""
    parts = urlsplit(base_url)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        warnings.warn(
            f"base_url {base_url} sends the credentials unencrypted; use https",
            UserWarning,
            stacklevel=stacklevel + 1,
        )


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` is this machine.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("10.0.0.1")
    (True, True, False)
    """
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
