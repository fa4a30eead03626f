"""The tracking plan as a CSV table."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_schema import Event, Property, TrackingPlan, TypedEvent, prop
from mixpanel_schema.catalogues import Catalogue
from mixpanel_schema.documents import to_csv


class OrderCompleted(
    TypedEvent, event_name="Order Completed", description='Paid, by "card".'
):
    """A typed event."""

    amount: float = prop("Amount", description="In euros.")
    email: str | None = prop("Email", default=None, pii=True)


class ShopEvents(Catalogue):
    """A catalogue of events."""

    searched = Event("Products Searched")
    left = Event("Newsletter Left", properties=())


class Shared(Catalogue):
    """What events may carry."""

    text = Property("Search Text", type=str)


class Profile(Catalogue):
    """What profiles may have."""

    orders = Property("Orders", type=int)


class Group(Catalogue):
    """What groups may have."""

    size = Property("Size", type=list[int])


WHOLE = """\
kind,event,event description,property,type,required,personal data,description
event,Products Searched,,,,,,
event,Newsletter Left,,,,,,
event,Order Completed,"Paid, by ""card"".",Amount,number,yes,no,In euros.
event,Order Completed,"Paid, by ""card"".",Email,text,no,yes,
any event,,,Search Text,text,,no,
profile,,,Orders,whole number,,no,
group,,,Size,list of whole number,,no,
"""


def test_a_plan_is_a_table() -> None:
    """A row for each property of each event, then those outside events."""
    plan = TrackingPlan(
        events=ShopEvents,
        event_properties=Shared,
        profile_properties=Profile,
        group_properties=Group,
        typed_events=(OrderCompleted,),
    )

    assert to_csv(plan) == WHOLE


def rows(name: str, description: str) -> list[list[str]]:
    """Write a plan with one event and one property, and read it again."""

    class Shop(Catalogue):
        seen = Event(name, properties=(Property(name, description=description),))

    plan = TrackingPlan(
        events=Shop,
        event_properties=Catalogue,
        profile_properties=Catalogue,
        group_properties=Catalogue,
    )
    return list(csv.reader(StringIO(to_csv(plan))))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\n", "\uff1d"])
def test_no_cell_is_a_formula(sign: str) -> None:
    """A spreadsheet shows it as text."""
    found = rows(f"{sign}cmd|' /C calc'!A0", f"{sign}1+1")[1]

    assert found[1] == found[3] == f"'{sign}cmd|' /C calc'!A0"
    assert found[7] == f"'{sign}1+1"


def test_lines_end_in_one_way() -> None:
    """What other systems wrote with a carriage return does not break a row."""
    assert rows("Seen", "a\rb\r\nc")[1][7] == "a\nb\nc"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20))
def test_any_description_stays_in_its_cell(text: str) -> None:
    """Whatever is said, the table keeps its columns."""
    table = rows("Seen", text)

    assert [len(row) for row in table] == [8, 8]
    assert table[1][7].removeprefix("'").endswith(text.removeprefix("'"))
