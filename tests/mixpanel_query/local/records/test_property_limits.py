"""Limits of properties, at the limit and one beyond it."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from mixpanel_query.local import LocalProject
from mixpanel_query.local.records.judging import Notes, Refusal
from mixpanel_query.local.records.property_limits import (
    EVENT,
    PROFILE,
    PropertyLimits,
    cut_text,
    limited,
)


def kept(value: object, limits: PropertyLimits = EVENT) -> tuple[Any, list[str]]:
    """Return what is kept of a property "p", or None, and the notes."""
    notes = Notes()
    return limited({"p": value}, limits, notes).get("p"), notes.changes


def nested(levels: int) -> dict[str, Any]:
    """Return an object that is nested so many levels deep."""
    return {"o": nested(levels - 1)} if levels > 1 else {"n": 1}


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("a" * 255, 255),
        ("a" * 256, 255),
        # 127 characters of two bytes are 254 bytes, and the next has no room.
        ("é" * 128, 127),
        # 85 of three bytes are 255 bytes.
        ("東" * 85, 85),
        ("東" * 86, 85),
        # 63 of four bytes are 252.
        ("😀" * 63, 63),
        ("😀" * 64, 63),
        # One byte first, so that 255 falls within a character.
        ("a" + "😀" * 64, 64),
    ],
)
def test_text_is_cut_between_characters(text: str, size: int) -> None:
    """What is kept has as many whole characters as 255 bytes hold."""
    assert cut_text(text) == text[:size]


def test_cut_is_noted() -> None:
    """A text at the limit is kept as it came, a longer one is said to be cut."""
    assert kept("a" * 255) == ("a" * 255, [])
    assert kept("a" * 256) == ("a" * 255, ["'p' is cut to 255 bytes"])


def test_texts_in_lists_and_objects_are_cut() -> None:
    """The note counts them, and says it once for a property."""
    value = {"a": ["x" * 300, "y"], "b": "é" * 200}

    assert kept(value) == (
        {"a": ["x" * 255, "y"], "b": "é" * 127},
        ["2 texts in 'p' cut to 255 bytes"],
    )


def test_name_is_cut() -> None:
    """Of a name, 255 characters are kept."""
    notes = Notes()

    assert limited({"é" * 256: 1, "b" * 255: 2}, EVENT, notes) == {
        "é" * 255: 1,
        "b" * 255: 2,
    }
    assert notes.changes == [
        f"a property's name is cut to 255 characters: '{'é' * 255}'"
    ]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ([0] * 255, "'properties.p' must have fewer than 255 elements; it has 255"),
        (
            {"l": [0] * 300},
            "'properties.p' must have fewer than 255 elements; it has 300",
        ),
        (
            {str(key): 0 for key in range(255)},
            "'properties.p' must have fewer than 255 keys; it has 255",
        ),
        (nested(4), "'properties.p' is nested more than 3 deep"),
        ([[nested(4)]], "'properties.p' is nested more than 3 deep"),
    ],
)
def test_too_much_is_refused(value: object, problem: str) -> None:
    """The refusal names the property, the limit and what came."""
    with pytest.raises(Refusal) as refused:
        kept(value)

    assert refused.value.message == problem
    assert refused.value.field == "properties.p"


@pytest.mark.parametrize(
    "value",
    [
        [0] * 254,
        {str(key): 0 for key in range(254)},
        nested(3),
        [nested(3), [1, [2, [3, [4]]]]],
        None,
        True,
        1.5,
        2**70,
    ],
)
def test_what_is_within_the_limits_stays(value: object) -> None:
    """Just below each limit nothing changes."""
    assert kept(value) == (value, [])


def test_large_property_is_left_out() -> None:
    """8 KB of JSON are kept of an event, 256 KB of a profile, and no byte more."""
    # 63 texts of 127 characters with quotes and commas, in brackets: 63 * 130 + 1.
    most = ["x" * 127] * 63
    assert len(json.dumps(most, separators=(",", ":"))) == 8191
    over = [*most[:-1], "x" * 129]

    assert kept([*most[:-1], "x" * 128]) == ([*most[:-1], "x" * 128], [])
    assert kept(over) == (
        None,
        ["'p' is left out: it has 8,193 bytes, more than 8,192"],
    )
    assert kept(over, PROFILE) == (over, [])
    assert kept(["x" * 253] * 1025, PROFILE)[0] is None


def test_large_number_counts_its_digits() -> None:
    """A number may be as long as a text."""
    assert kept([10**4000, 10**4000])[1] == []
    assert kept([10**4000] * 3)[0] is None


def test_lists_of_profiles_have_any_length() -> None:
    """Only the bytes of them count."""
    assert kept(list(range(1000)), PROFILE) == (list(range(1000)), [])


def test_left_out_property_rests_on_an_assumption() -> None:
    """What Mixpanel does with it is not documented; alone it refuses the request."""
    large = ["x" * 200] * 50
    properties = {"token": "t", "distinct_id": "u", "large": large}
    body = [{"event": "A", "properties": properties}]
    answers = []
    for assume in (True, False):
        with LocalProject(assume=assume) as project:
            answers.append(httpx.post(f"{project.base_url}/track", json=body))

    assert answers[0].text == "1"
    assert answers[0].headers["Local-Project-Basis"] == "assumed; rule=large-property"
    assert answers[1].status_code == 501
