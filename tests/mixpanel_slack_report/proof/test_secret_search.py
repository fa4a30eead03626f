"""The search for secrets finds them, so that its silence means something."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest

from .secrets_given import SECRETS, found_secrets

COATS: dict[str, Callable[[str], str]] = {
    "none": str,
    "capitals": str.upper,
    "path": quote,
    "query": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "twice": lambda text: quote(quote(text, safe=""), safe=""),
    "json": lambda text: json.dumps(text),
    "html": html.escape,
    "base64": lambda text: base64.b64encode(f"{text}:".encode()).decode(),
    "later in base64": lambda text: base64.b64encode(f"ab{text}".encode()).decode(),
    "base64 of addresses": lambda text: base64.urlsafe_b64encode(
        f":{text}".encode()
    ).decode(),
    "folded": lambda text: f"{text[:6]}\n  {text[6:]}",
}


@pytest.mark.parametrize("coat", COATS)
def test_every_secret_is_found_in_every_coat(coat: str) -> None:
    """Inside a longer text, too."""
    put_on = COATS[coat]
    lines = {name: f"Error: <{put_on(each)}> here" for name, each in SECRETS.items()}

    missed = {name for name, line in lines.items() if name not in found_secrets(line)}

    assert missed == set()


def test_what_is_no_secret_is_not_found() -> None:
    """Words of the same kind do not count."""
    written = "401 for project 12345 of reports at hooks.slack.com/services, code=***"

    assert found_secrets(written) == set()
