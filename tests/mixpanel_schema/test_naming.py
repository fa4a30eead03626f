"""Naming: which names the lint finds fault with, and which it leaves alone."""

from __future__ import annotations

import pytest

from mixpanel_schema import TrackingPlan
from mixpanel_schema.naming import lint

from .named_plans import BAD, listed, plan_of, plan_of_properties, rules

GOOD = listed("good.txt", "more_good.txt", "unseen_good.txt", "fields_good.txt")


def test_the_lists_are_long_enough() -> None:
    """Sixty good and sixty bad names, and as many again written afterwards."""
    assert len(set(listed("good.txt"))) == 60
    assert len(set(listed("bad.txt"))) == 60
    assert len(set(listed("more_good.txt", "unseen_good.txt"))) > 120
    assert len(set(listed("more_bad.txt", "unseen_bad.txt"))) > 120


@pytest.mark.parametrize("name", GOOD)
def test_good_names_of_events_are_left_alone(name: str) -> None:
    """An item and a past-tense action in Title Case is never a finding."""
    assert lint(plan_of(name)) == []


@pytest.mark.parametrize("name", BAD)
def test_bad_names_of_events_are_found(name: str) -> None:
    """Each bad name is found by itself, without another to compare it with."""
    found = lint(plan_of(name), ignore={"near-duplicate": "not what is tested"})

    assert {finding.name for finding in found} == {name}


@pytest.mark.parametrize("name", listed("good_properties.txt"))
def test_good_names_of_properties_are_left_alone(name: str) -> None:
    """Noun phrases in Title Case, with units and numbers that are part of the name."""
    assert lint(plan_of_properties(name)) == []


@pytest.mark.parametrize("name", listed("bad_properties.txt"))
def test_bad_names_of_properties_are_found(name: str) -> None:
    """Another case, or values in the name."""
    assert {finding.name for finding in lint(plan_of_properties(name))} == {name}


def test_all_good_names_together_are_near_duplicates_of_none() -> None:
    """Names that mean different things are told apart, however many there are."""
    assert lint(plan_of(*listed("good.txt"))) == []


def test_built_in_catalogues_are_left_alone() -> None:
    """Names of Mixpanel itself are not the app's to change."""
    assert lint(TrackingPlan()) == []


@pytest.mark.parametrize("name", ["$ae_session", "mp_thing", "utm_x", "$identify"])
def test_names_of_mixpanel_are_left_alone_in_an_app(name: str) -> None:
    """By their beginning, or because Mixpanel lists them."""
    assert lint(plan_of(name)) == []


@pytest.mark.parametrize("name", ["time", "distinct_id", "$city", "gclid", "Title"])
def test_properties_of_mixpanel_are_left_alone_in_an_app(name: str) -> None:
    """What Mixpanel gives a meaning to keeps its name."""
    assert lint(plan_of_properties(name)) == []


def test_a_property_of_mixpanel_is_no_good_event() -> None:
    """A meaning counts only where Mixpanel gives it."""
    assert ("time", "title-case") in rules(plan_of("time"))


@pytest.mark.parametrize(
    ("name", "rule", "suggestion"),
    [
        ("Page Open", "past-tense", "Page Opened"),
        ("watch video", "past-tense", "Video Watched"),
        ("add to cart", "past-tense", "Item Added to Cart"),
        ("sign up", "past-tense", "User Signed Up"),
        ("Account Login", "past-tense", "Account Logged In"),
        ("Order Ships", "past-tense", "Order Shipped"),
        ("Report Sending", "past-tense", "Report Sent"),
        ("Place Bid", "past-tense", "Bid Placed"),
        ("support ticket", "past-tense", ""),
        ("Clicked the Button", "item-first", "Button Clicked"),
        ("Shared Post via Mail", "item-first", "Post Shared via Mail"),
        ("User Tapped Icon", "item-first", "Icon Tapped"),
        ("Purchased", "item-first", ""),
        ("Site Has Been Deployed", "tense-mix", "Site Deployed"),
        ("Order Was Not Shipped", "tense-mix", "Order Not Shipped"),
        ("App Did Crash", "tense-mix", "App Crashed"),
        ("User Opens Shared Link", "tense-mix", ""),
        ("Open and Clicked Link", "tense-mix", ""),
        ("Order Placed and Submit", "tense-mix", ""),
        ("Order Placed Submit", "tense-mix", ""),
        ("Draft Save and Closed", "tense-mix", ""),
        ("PDF generated", "title-case", "PDF Generated"),
        ("Item Added to cart", "title-case", "Item Added to Cart"),
        ("pdf_export_made", "snake-case", "PDF Export Made"),
        ("UserName Changed", "camel-case", "User Name Changed"),
        ("Order: Placed", "plain-characters", "Order Placed"),
        ("Order  Placed", "plain-characters", "Order Placed"),
        ("Step 3 Completed", "dynamic-value", ""),
        ("Session Started Today", "dynamic-value", ""),
        ("Patient Admit", "past-tense", "Patient Admitted"),
        ("Admit Patient", "past-tense", "Patient Admitted"),
        ("Win Match", "past-tense", "Match Won"),
        ("Rate Driver", "past-tense", ""),
        ("Cost Incur", "past-tense", "Cost Incurred"),
        ("Cost Report", "item-first", ""),
        ("Set Complete", "past-tense", "Set Completed"),
        ("Set Alarm", "item-first", "Alarm Set"),
        ("User Is Typing", "past-tense", ""),
        ("Policy Will Renew", "past-tense", ""),
        ("Payroll Will Run", "tense-mix", ""),
        ("Overdraft Can Be Used", "tense-mix", ""),
        ("Uphold Appeal", "past-tense", ""),
        ("Device Unwrap", "past-tense", "Device Unwrapped"),
        ("Lead Debit", "past-tense", ""),
        ("Student Enroll", "past-tense", "Student Enrolled"),
        ("Upload Click", "past-tense", "Upload Clicked"),
        ("Upload File", "past-tense", "File Uploaded"),
        ("Login Page", "past-tense", ""),
        ("Payment Plan", "past-tense", ""),
        ("New Signup", "past-tense", ""),
        ("Create Account Failure", "past-tense", ""),
        ("Create Account Click", "past-tense", ""),
        ("Apply for Job", "past-tense", ""),
        ("Forgot Password", "item-first", "Password Forgotten"),
        ("Played Song Yesterday", "item-first", ""),
        ("Put Item Back", "item-first", "Item Put Back"),
        ("Clicked on the Banner", "item-first", "Banner Clicked"),
        ("Chose Size XL", "item-first", "Size XL Chosen"),
        ("Logged In With Google", "item-first", "User Logged In with Google"),
        ("SignUp Completed", "camel-case", "Sign Up Completed"),
    ],
)
def test_each_rule_speaks_for_itself(name: str, rule: str, suggestion: str) -> None:
    """A rule has one name, and suggests only what is no guess."""
    found = {finding.rule: finding for finding in lint(plan_of(name))}

    assert found[rule].suggestion == suggestion
    assert found[rule].kind == "event"


@pytest.mark.parametrize(
    "name",
    [
        "page view",
        "watch video",
        "view item",
        "save item",
        "add to cart",
        "support ticket",
        "checkout",
        "sign up",
    ],
)
def test_a_lowercase_present_tense_is_two_findings(name: str) -> None:
    """Its case and its tense are wrong, and one better name serves both."""
    found = [f for f in lint(plan_of(name)) if f.rule != "near-duplicate"]

    assert [finding.rule for finding in found] == ["title-case", "past-tense"]
    assert found[0].suggestion == found[1].suggestion


def test_a_value_is_named_in_the_message() -> None:
    """Who reads it sees what to move into a property."""
    (finding,) = lint(plan_of("Order 7f3a9c21 Shipped"))

    assert finding.rule == "dynamic-value"
    assert (
        finding.message == "'7f3a9c21' differs from case to case; put it in a property"
    )
