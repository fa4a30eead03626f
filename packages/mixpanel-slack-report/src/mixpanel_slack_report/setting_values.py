"""What settings become: numbers, regions, addresses, names, tokens.

A text that cannot be converted is a ValueError that says what is allowed, and never
what was given, because it may be a secret.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

__all__ = [
    "REGIONS",
    "bot_token",
    "count",
    "names_list",
    "project_number",
    "region_name",
    "seconds",
    "web_address",
]

REGIONS = ("us", "eu", "in")


def project_number(text: str) -> int:
    """Convert the number of a project."""
    if text.isascii() and text.isdigit():
        return int(text)
    message = "give the numeric Project ID (Project Settings > Overview), not the token"
    raise ValueError(message)


def region_name(text: str) -> str:
    """Convert the name of a region."""
    if text.lower() in REGIONS:
        return text.lower()
    raise ValueError(f"give one of {', '.join(REGIONS)}")


def web_address(text: str) -> str:
    """Convert an address that can be asked over HTTP."""
    allowed = "give an address that starts with https:// and names a host"
    try:
        parts = urlsplit(text)
        # What cannot be written so cannot be looked up: an empty or a long label.
        (parts.hostname or "").encode("idna")
        usable = (
            parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        )
    except ValueError as error:
        raise ValueError(allowed) from error
    if not usable or not text.isprintable() or " " in text:
        raise ValueError(allowed)
    return text


def names_list(text: str) -> tuple[str, ...]:
    """Convert names with commas between them."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def bot_token(text: str) -> str:
    """Convert the token of a bot.

    https://docs.slack.dev/authentication/tokens
    """
    # Anything else would break the header that carries it, or be another secret.
    if re.fullmatch(r"xox[A-Za-z0-9._-]+", text):
        return text
    message = "give the Bot User OAuth Token (OAuth & Permissions), it starts xoxb-"
    raise ValueError(message)


def count(text: str) -> int:
    """Convert a whole number, at least 1."""
    if text.isascii() and text.isdigit() and int(text[:9]) > 0:
        return int(text[:9])
    raise ValueError("give a whole number, at least 1")


def seconds(text: str) -> float:
    """Convert a number of seconds, at least 0."""
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", text):
        return float(text)
    raise ValueError("give a number of seconds, such as 60")
