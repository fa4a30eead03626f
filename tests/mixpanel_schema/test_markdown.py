"""The tracking plan as a Markdown page."""

from __future__ import annotations

import re
from typing import Literal

import pytest

from mixpanel_schema import (
    Event,
    EventProperties,
    Events,
    ProfileProperties,
    Property,
    TrackingPlan,
    TypedEvent,
    prop,
)
from mixpanel_schema.catalogues import Catalogue
from mixpanel_schema.documents import to_markdown
from mixpanel_schema.documents.markdown import anchors
from mixpanel_schema.lexicon_plan import LexiconPlan


class ShopProperties(Catalogue):
    """What events may carry."""

    search_text = Property("Search | Text", description="What was\ntyped.", pii=True)


class ShopEvents(Catalogue):
    """A catalogue of events."""

    searched = Event("Products Searched", description="A *search*.")
    left = Event("Newsletter Left", properties=())


class OrderCompleted(
    TypedEvent, event_name="Order/Basket Completed", renamed_from=("Order Paid",)
):
    """A typed event."""

    method: Literal["card", "cash", "other"] = prop("Method", description="How.")
    email: str | None = prop("Email", default=None, pii=True)


WHOLE = """\
# Tracking plan

What is *required* is there every time. **PII** marks personal data.

- [Events](#events)
  - [Products Searched](#products-searched)
  - [Newsletter Left](#newsletter-left)
  - [Order/Basket Completed](#orderbasket-completed)
- [Properties of any event](#properties-of-any-event)

## Events

### Products Searched

A \\*search\\*.

It may carry the [properties of any event](#properties-of-any-event).

### Newsletter Left

It carries no properties.

### Order/Basket Completed

Formerly `Order Paid`.

| Property | Type | Required | Meaning |
| --- | --- | --- | --- |
| `Method` | "card", "cash" or "other" | yes | How. |
| `Email` | text | no | **PII.** |

## Properties of any event

What an event may carry that does not list its own properties.

| Property | Type | Meaning |
| --- | --- | --- |
| `Search \\| Text` | any | **PII.** What was typed. |
"""


def test_a_plan_is_a_page() -> None:
    """Contents, a section an event, tables of properties."""
    plan = TrackingPlan(
        events=ShopEvents,
        event_properties=ShopProperties,
        profile_properties=Catalogue,
        group_properties=Catalogue,
        typed_events=(OrderCompleted,),
    )

    assert to_markdown(plan) == WHOLE


def test_inherited_names_are_named_at_the_end() -> None:
    """The app's own come first, what it merely inherits fills no tables."""

    class MyEvents(Events):
        searched = Event("Products Searched")

    class MyProfile(ProfileProperties):
        orders = Property("Orders", type=int)

    page = to_markdown(TrackingPlan(events=MyEvents, profile_properties=MyProfile))
    own, ready_made = page.split("## Ready-made names")

    assert "[properties of any event](#ready-made-names)" in own
    assert "| `Orders` | whole number |  |" in own
    assert "Page Viewed" not in own
    assert "- Events: `Page Viewed`, `Button/Link Clicked`, " in ready_made
    assert re.search(r"- Profile properties: .*`\$email`", ready_made)


def test_every_link_leads_to_a_heading() -> None:
    """Also where names repeat the page's own headings, or have no letters."""
    names = [
        "Events",
        "Tracking plan",
        "events-1",
        "!?",
        "A  B",
        "Größe geändert",
        "C_D",
    ]
    events = {f"e{number}": Event(name) for number, name in enumerate(names)}
    page = to_markdown(TrackingPlan(events=type("Shop", (Catalogue,), events)))

    headings = re.findall(r"^#+ (.*)$", page, re.M)
    plain = [re.sub(r"\\(.)", r"\1", heading) for heading in headings]
    links = re.findall(r"\]\(#(.*?)\)", page)
    assert set(links) <= set(anchors(plain))
    assert len(set(anchors(plain))) == len(headings)


def test_anchors_are_those_of_github() -> None:
    """Signs go, spaces become hyphens, repeated ones are numbered."""
    headings = ["Sign Up!", "Sign Up", "A & B", "$email_x", "Ünï"]

    assert anchors(headings) == ["sign-up", "sign-up-1", "a--b", "email_x", "ünï"]


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("a`b", "| `` a`b `` |"),
        ("``", "| ``` `` ``` |"),
        ("a|b", "| `a\\|b` |"),
        ("a\nb", "| `a b` |"),
    ],
)
def test_a_property_name_is_code_whatever_is_in_it(name: str, cell: str) -> None:
    """No name breaks the table."""

    class Shop(Catalogue):
        seen = Event("Seen", properties=(Property(name),))

    assert cell in to_markdown(TrackingPlan(events=Shop))


def test_an_event_name_is_no_markup() -> None:
    """A name with signs of Markdown or HTML reads as it stands."""

    class Shop(Catalogue):
        seen = Event("<b>[x](y) *z*")

    page = to_markdown(TrackingPlan(events=Shop, event_properties=EventProperties))

    assert r"### \<b\>\[x\](y) \*z\*" in page


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("# Not a heading", r"\# Not a heading"),
        ("- No item", r"\- No item"),
        ("+ No item", r"\+ No item"),
        ("* No item", r"\* No item"),
        ("1. No item", r"1\. No item"),
        ("12) No item", r"12\) No item"),
        ("---", r"\---"),
        ("> No quotation", r"\> No quotation"),
        ("===", r"\==="),
        ("In 1. place - and # here", "In 1. place - and # here"),
        ("1.5 litres", r"1\.5 litres"),
        ("100 litres", "100 litres"),
    ],
)
def test_a_description_is_a_paragraph_whatever_it_begins_with(
    text: str, written: str
) -> None:
    """No heading, list, rule or quotation comes of a sign at its start."""

    class Shop(Catalogue):
        seen = Event("Item Seen", description=text)

    page = to_markdown(TrackingPlan(events=Shop, event_properties=Catalogue))

    assert f"### Item Seen\n\n{written}\n" in page


def test_signs_at_the_end_of_an_event_name_are_part_of_its_heading() -> None:
    """Markdown would take them for the heading's own end."""

    class Shop(Catalogue):
        seen = Event("Item ##")

    assert "### Item \\##\n" in to_markdown(TrackingPlan(events=Shop))


def test_a_property_that_can_only_be_none_has_a_word_for_it() -> None:
    """A Literal of None offers no choice."""

    class Shop(Catalogue):
        seen = Event("Seen", properties=(Property("X", type=Literal[None]),))

    page = to_markdown(TrackingPlan(events=Shop))

    assert "| `X` | nothing | no |" in page


def test_an_empty_plan_is_a_page_too() -> None:
    """There is nothing to list, and nothing fails."""
    plan = LexiconPlan()

    assert to_markdown(plan).startswith("# Tracking plan\n")
