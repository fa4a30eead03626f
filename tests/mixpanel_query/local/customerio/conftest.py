"""Requests to the Track API, which must be taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest

Identify = Callable[..., None]
Send = Callable[..., None]


@pytest.fixture
def identify(http: httpx.Client) -> Identify:
    """Give the function that identifies a person with attributes."""

    def ask(who: str, **attributes: Any) -> None:  # noqa: ANN401 - JSON
        url = f"/api/v1/customers/{quote(who, safe='')}"
        answer = http.put(url, json=attributes)
        assert (answer.status_code, answer.json()) == (200, {})

    return ask


@pytest.fixture
def send(http: httpx.Client) -> Send:
    """Give the function that posts to a path of the v1 API."""

    def ask(path: str, **words: Any) -> None:  # noqa: ANN401 - JSON
        answer = http.post(f"/api/v1/{path}", json=words)
        assert (answer.status_code, answer.json()) == (200, {})

    return ask
