"""Emoji as the library for browsers sends them, and what only looks like it."""

from __future__ import annotations

import base64

import httpx
import pytest

from mixpanel_query.local.records.surrogate_pairs import with_joined_pairs

SMILE = b"\xed\xa0\xbd\xed\xb8\x80"  # U+D83D and U+DE00, three bytes each


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", b""),
        (b"plain", b"plain"),
        ("č東😀".encode(), "č東😀".encode()),
        (SMILE, "😀".encode()),
        (b"a" + SMILE * 2 + b"b" + "😀é".encode(), "a😀😀b😀é".encode()),
    ],
)
def test_pairs_are_joined(text: bytes, expected: bytes) -> None:
    """Both ways to write a character may stand in one text."""
    assert with_joined_pairs(text) == expected


@pytest.mark.parametrize(
    "text", [SMILE[:3], SMILE[3:], SMILE[3:] + SMILE[:3], b"\xff" + SMILE, SMILE[:5]]
)
def test_what_is_no_pair_stays(text: bytes) -> None:
    """A half alone, halves the wrong way round and other bytes are still no UTF-8."""
    assert with_joined_pairs(text) == text


@pytest.mark.parametrize(
    ("name", "status", "basis"),
    [
        (SMILE, 200, "observed; rule=surrogate-pairs"),
        (SMILE[:3], 400, "assumed; rule=error-texts"),
    ],
)
def test_over_http(
    http: httpx.Client, name: bytes, status: int, basis: str | None
) -> None:
    """The event has the character, and the answer says what it rests on."""
    event = b'[{"event":"' + name + b'","properties":{"token":"t"}}]'
    answer = http.post("/track/", data={"data": base64.b64encode(event).decode()})
    names = http.get("/api/query/events/names?type=general").json()

    assert answer.status_code == status
    assert answer.headers.get("local-project-basis") == basis
    assert names == (["😀"] if status == 200 else [])
