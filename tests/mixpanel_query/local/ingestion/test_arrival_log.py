"""Lines about batches that arrive."""

from __future__ import annotations

import logging

import httpx
import pytest

GOOD = {"event": "Sign Up", "properties": {"token": "t"}}


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """The log, at the level that tells of arrivals."""
    caplog.set_level(logging.INFO, "mixpanel_query.local")
    return caplog


def test_names_and_numbers(http: httpx.Client, heard: pytest.LogCaptureFixture) -> None:
    """Names come with how often; what was ignored or refused is said."""
    other = {"event": "Purchase", "properties": {"token": "t"}}
    ignored = {"event": "A", "properties": {"token": "t", "$ignore": True}}
    bad = {"event": "A", "properties": {}}
    http.post("/track", json=[GOOD, other, other, ignored, bad])

    assert heard.messages == [
        "/track  3 events: Purchase (2), Sign Up; "
        "1 ignored: another token, or $ignore; "
        "1 refused: 'properties.token' is missing"
    ]


def test_import_profiles_and_groups(
    http: httpx.Client, heard: pytest.LogCaptureFixture
) -> None:
    """The other paths are told of in the same way."""
    properties = {"time": 1795348800, "distinct_id": "u1", "$insert_id": "i-1"}
    http.post("/import", json=[{"event": "A", "properties": properties}])
    update = {"$token": "t", "$distinct_id": "u1", "$set": {"a": 1}}
    http.post("/engage", json=[update])
    group = {"$token": "t", "$group_key": "c", "$group_id": "a", "$set": {"a": 1}}
    http.post("/groups", json=[group])

    assert heard.messages == [
        "/import  1 event: A",
        "/engage  1 profile update: $set",
        "/groups  1 group update: $set",
    ]


def test_refused_batch(http: httpx.Client, heard: pytest.LogCaptureFixture) -> None:
    """A body that cannot be read is one line as well."""
    http.post("/track", content=b"rubbish")

    assert heard.messages == [
        "/track  refused (400): the body is neither JSON nor a form with 'data'"
    ]


def test_many_names_and_hostile_ones(
    http: httpx.Client, heard: pytest.LogCaptureFixture
) -> None:
    """Five names are enough, and none steers the terminal."""
    names = ["\x1b[31mA", "B", "C", "D", "E", "F", "G"]
    http.post("/track", json=[{**GOOD, "event": name} for name in names])

    assert heard.messages == ["/track  7 events: [31mA, B, C, D, E and 2 more"]


def test_silent_by_default(
    http: httpx.Client,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Whoever has not asked for it hears nothing."""
    http.post("/track", json=[GOOD])

    assert (caplog.messages, capfd.readouterr().err) == ([], "")
