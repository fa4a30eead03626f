"""Tests of what an upload to Lexicon changes, without a network."""

from __future__ import annotations

from typing import Any

import pytest

from mixpanel_query.lexicon.changes import LexiconChange, compare
from mixpanel_query.lexicon.entries import Lexicon, LexiconEntry
from mixpanel_query.lexicon.wanted import wanted_entries
from mixpanel_schema import (
    Event,
    LexiconPlan,
    ProfileProperties,
    Property,
    TrackingPlan,
)
from mixpanel_schema.catalogues import Catalogue


def change(old: dict[str, Any], new: dict[str, Any], **options: bool) -> LexiconChange:
    """What becomes of an event's schema."""
    wanted = wanted_entries([LexiconEntry("event", "A", new)])
    present = Lexicon((LexiconEntry("event", "A", old),))
    (only,) = compare(wanted, present, **options)
    return only


def metadata(**values: object) -> dict[str, Any]:
    """A schema with metadata only."""
    return {"metadata": {"com.mixpanel": values}}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"description": "x"}, {}),
        ({"description": "x", "$schema": "y"}, {"description": "x"}),
        ({"properties": {"p": {"type": "string"}}}, {"properties": {}}),
        ({"properties": {"p": {"type": "string"}}}, {}),
        ({}, {"properties": {}}),
        (metadata(tags=["a"], dropped=True), metadata(tags=["a"])),
        (metadata(tags=["a"]), metadata(dropped=True)),
        ({}, metadata(hidden=False)),
        ({}, metadata(displayName=None)),
        ({"required": ["a", "b"]}, {"required": ["b", "a"]}),
        (
            {"properties": {"p": {"type": "number"}}, "required": ["p"]},
            {"properties": {}},
        ),
    ],
)
def test_nothing_to_change(old: dict[str, Any], new: dict[str, Any]) -> None:
    """What the plan says nothing about stays, and is no change."""
    found = change(old, new)

    assert (found.kind, found.values, found.entry) == ("untouched", (), None)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ({"description": "x"}, {"description": "y"}, ("description", "x", "y")),
        (
            metadata(displayName="x"),
            metadata(displayName=None),
            ("displayName", "x", None),
        ),
        (metadata(hidden=True), metadata(hidden=False), ("hidden", True, None)),
        (
            {},
            {"properties": {"p": {"type": "number"}}},
            ("property p", None, {"type": "number"}),
        ),
        (
            {"properties": {"metadata": {"type": "string"}}},
            {"properties": {"metadata": {"type": "number"}}},
            ("property metadata: type", "string", "number"),
        ),
        (
            {"properties": {"p": {"type": "string", "format": "date-time"}}},
            {"properties": {"p": {"type": "string"}}},
            ("property p: format", "date-time", None),
        ),
        (
            {"properties": {"p": {"type": "string"}}, "required": ["p"]},
            {"properties": {"p": {"type": "string"}}},
            ("required", ["p"], None),
        ),
        (
            {"properties": {"p": {"type": "string", **metadata(hidden=True)}}},
            {"properties": {"p": {"type": "string", **metadata(hidden=None)}}},
            ("property p: hidden", True, None),
        ),
    ],
)
def test_values(
    old: dict[str, Any], new: dict[str, Any], what: tuple[object, ...]
) -> None:
    """A value that becomes another is named, with what it was and what it will be."""
    (value,) = change(old, new).values

    assert (value.what, value.old, value.new) == what


def test_what_is_sent_keeps_what_only_mixpanel_has() -> None:
    """As an upload replaces, the rest is sent again; the mark that drops never is."""
    old = {
        "$schema": "http://json-schema.org/draft-07/schema",
        "properties": {"p": {"type": "string", **metadata(dropped=True, hidden=True)}},
        **metadata(dropped=True, tags=["a"]),
    }
    found = change(old, {"description": "x"})

    assert found.dropped == ("p",)
    assert found.entry is not None
    assert found.entry.schema == {
        "$schema": "http://json-schema.org/draft-07/schema",
        "description": "x",
        "properties": {"p": {"type": "string", **metadata(hidden=True)}},
    }


def test_null_is_sent_to_take_away() -> None:
    """A key of the metadata goes when null is sent for it."""
    found = change(metadata(displayName="x", tags=[]), metadata(displayName=None))

    assert found.entry is not None
    assert found.entry.schema == metadata(displayName=None)


def test_undeclared_properties_go_when_asked_to() -> None:
    """With the option, properties that only Mixpanel has are taken out."""
    old = {
        "properties": {"p": {"type": "string"}, "q": {"type": "number"}},
        "required": ["q"],
    }
    new = {"properties": {"p": {"type": "string"}}}
    found = change(old, new, remove_undeclared=True)

    assert [value.what for value in found.values] == ["property q", "required"]
    assert found.entry is not None
    assert found.entry.schema == new


def test_type_that_a_plan_leaves_open() -> None:
    """A property without a declared type keeps the type that Mixpanel has."""

    class ShopEvents(Catalogue):
        """One event."""

        paid = Event(
            "Paid", properties=(Property("Amount"), Property("Plan", type=str))
        )

    class ShopProfile(ProfileProperties):
        """One property of profiles."""

        age = Property("Age")

    def typed(kind: str) -> dict[str, Any]:
        return {"type": kind}

    plan = TrackingPlan(events=ShopEvents, profile_properties=ShopProfile)
    properties = {"Amount": typed("number"), "Plan": typed("number")}
    present = Lexicon(
        (
            LexiconEntry("event", "Paid", {"properties": properties}),
            LexiconEntry("profile", "$user", {"properties": {"Age": typed("number")}}),
        )
    )
    paid, user = compare(wanted_entries(plan), present)

    assert [value.path for value in paid.values] == [("properties", "Plan", "type")]
    assert user.kind == "untouched"


def test_round_trip_changes_nothing() -> None:
    """What was read and goes back is no change, custom events and marks included."""
    entries = (
        LexiconEntry("event", "A", metadata(dropped=True, hidden=True, contacts=["x"])),
        LexiconEntry("custom_event", "B", {}),
        LexiconEntry("profile", "$user", {"properties": {"p": {"type": "string"}}}),
    )
    present = Lexicon(entries)
    kinds = [
        each.kind for each in compare(wanted_entries(present.to_document()), present)
    ]

    assert kinds == ["untouched", "untouched", "only in Mixpanel"]


def test_details_of_a_lexicon_plan() -> None:
    """Tags and owners in a plan that was read from Lexicon go along."""
    details = {"event": {"A": metadata(tags=["x"], dropped=True)}}
    (entry,) = wanted_entries(LexiconPlan(events=Catalogue, details=details)).entries

    assert entry.schema == metadata(tags=["x"])
