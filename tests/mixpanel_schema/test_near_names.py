"""Names that are near one another."""

from __future__ import annotations

import pytest

from mixpanel_schema.naming import lint

from .named_plans import plan_of, plan_of_properties, rules


@pytest.mark.parametrize(
    "names",
    [
        ("User Invited", "Users Invited"),
        ("Item Viewed", "Items Viewed"),
        ("Cart Emptied", "User Cart Emptied"),
        ("Report Sent", "Sent Report"),
        ("Flight Cancelled", "Flight Canceled"),
        ("Photo Resized", "Photo Resised"),
        ("E-mail Sent", "Email Sent"),
        ("Report Sent", "report_sent"),
        ("Report Sent", "The Report Sent"),
        ("Report Sent", "Report Sending"),
        ("Good Morning", "The Good Morning"),
        ("Pages Visiting", "Page Visited"),
        ("User Joined In", "Join In"),
        ("Web Site Deployed", "Website Deployed"),
        ("Feed Back Sent", "Feedback Sent"),
        ("Subscription Started", "Subscripton Started"),
        ("Message Recieved", "Message Received"),
        ("Parcel Transferred", "Parcel Transfered"),
        ("Centre Chosen", "Center Chosen"),
        ("Catalogue Opened", "Catalog Opened"),
    ],
)
def test_near_names_of_events_are_found(names: tuple[str, str]) -> None:
    """Case, number, tense, order and a leading User make no difference."""
    duplicates = [name for name, rule in rules(plan_of(*names)) if rule[:4] == "near"]

    assert len(duplicates) == 1


@pytest.mark.parametrize(
    "names",
    [
        ("Item Liked", "Item Linked"),
        ("Order Placed", "Order Replaced"),
        ("Level Started", "Level Restarted"),
        ("Plan Chosen", "Plane Chosen"),
        ("Booking Cancelled", "Book Cancelled"),
        ("Message Sent to Group", "Group Sent to Message"),
        ("Payment Received", "Payment Not Received"),
        ("Password Reset", "Password Set"),
        ("Status Changed", "State Changed"),
        ("Feed Opened", "Fee Opened"),
        ("C++ File Opened", "C# File Opened"),
        ("URLs Shortened", "Curls Shortened"),
        ("Order Shipped", "Order Shopped"),
        ("User Signed In", "User Logged In"),
        ("Mediation Started", "Medication Started"),
        ("Person Contacted", "Person Contracted"),
        ("County Chosen", "Country Chosen"),
        ("Desert Chosen", "Dessert Chosen"),
        ("Document Signed", "Document Assigned"),
        ("Email Verified", "Email Unverified"),
    ],
)
def test_names_that_only_look_alike_are_no_near_duplicates(
    names: tuple[str, str],
) -> None:
    """A letter may make another event."""
    assert lint(plan_of(*names)) == []


def test_one_of_several_near_names_is_kept() -> None:
    """The built-in name, or else the best one, is what the others should become."""
    signed_up = lint(plan_of("Signed Up", "Sign Up"))
    viewed = lint(plan_of("Item View", "Item Viewed"))

    assert [
        (finding.name, finding.suggestion)
        for finding in (*signed_up, *viewed)
        if finding.rule == "near-duplicate"
    ] == [
        ("Signed Up", "User Signed Up"),
        ("Sign Up", "User Signed Up"),
        ("Item View", "Item Viewed"),
    ]


@pytest.mark.parametrize(
    ("names", "near"),
    [
        (("userName", "User Name"), ["userName"]),
        (("User Name", "Username"), ["Username"]),
        (("Tag", "Tags"), ["Tags"]),
        (("URL", "URLs"), ["URLs"]),
        (("User ID", "User Id"), ["User Id"]),
        (("User Name", "Name"), []),
        (("Last Viewed", "Last View"), []),
        (("Address", "Add"), []),
        (("Color", "Colour"), ["Colour"]),
        (("$referrer", "Referrer"), ["Referrer"]),
        (("User ID", "OS"), []),
        (("utm_source", "UTM Source"), []),
    ],
)
def test_near_names_of_properties_are_found(
    names: tuple[str, ...], near: list[str]
) -> None:
    """For properties tense and a leading User do make a difference."""
    found = rules(plan_of_properties(*names))

    assert [name for name, rule in found if rule == "near-duplicate"] == near


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("Item 1", "Item 2"), ["Item 1", "Item 2"]),
        (("Top Genre 1", "Top Genre 2", "Genre"), ["Top Genre 1", "Top Genre 2"]),
        (("Item 1", "Other 2"), []),
        (("Address Line 1", "Address Line 2"), []),
    ],
)
def test_properties_that_number_a_list_are_found(
    names: tuple[str, ...], found: list[str]
) -> None:
    """One property holds them all; one such name alone may be what the thing is."""
    findings = rules(plan_of_properties(*names))

    assert [name for name, rule in findings if rule == "dynamic-value"] == found
