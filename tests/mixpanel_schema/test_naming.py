"""Naming: which names the lint finds fault with, and which it leaves alone.

The lists in ``names/`` were written by hand, ``good.txt`` and ``bad.txt`` with the
rules, the others afterwards, to see whether the rules hold for names unthought of.
"""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mixpanel_schema import (
    Event,
    EventProperties,
    Events,
    MixpanelSchemaError,
    Property,
    TrackingPlan,
)
from mixpanel_schema.naming import MOST_EVENTS, RULES, Finding, findings, lint

LISTS = Path(__file__).parent / "names"


def listed(*files: str) -> list[str]:
    """Read lists of names; spaces at the ends of a line belong to the name."""
    return [
        line
        for file in files
        for line in (LISTS / file).read_text(encoding="utf-8").split("\n")
        if line
    ]


GOOD = listed("good.txt", "more_good.txt", "unseen_good.txt", "fields_good.txt")
BAD = listed("bad.txt", "more_bad.txt", "unseen_bad.txt", "fields_bad.txt")


def plan_of(*names: str) -> TrackingPlan:
    """Make a plan with events of these names."""
    events = {f"event_{place}": Event(name) for place, name in enumerate(names)}
    return TrackingPlan(events=type("AppEvents", (Events,), events))


def plan_of_properties(*names: str) -> TrackingPlan:
    """Make a plan with event properties of these names."""
    properties = {f"prop_{place}": Property(name) for place, name in enumerate(names)}
    catalogue = type("AppProperties", (EventProperties,), properties)
    return TrackingPlan(event_properties=catalogue)


def rules(plan: TrackingPlan) -> list[tuple[str, str]]:
    """List the findings as names and rules."""
    return [(finding.name, finding.rule) for finding in lint(plan)]


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


@given(st.text(max_size=60))
@example("💥")
@example("!!!")
@example("...")
@example("\\")
@example("_")
def test_any_name_that_is_accepted_lints(name: str) -> None:
    """Signs alone, other scripts, and whatever else may be declared."""
    try:
        Event(name)
    except MixpanelSchemaError:
        return

    for kind in ("event", "event property"):
        kinds = [finding.kind for finding in findings(kind, [name, "Item Sold"])]
        assert set(kinds) <= {kind}


def test_too_many_events_are_one_finding_about_the_plan() -> None:
    """More than 5000 events are stored but not indexed."""
    letters = "abcdefghijklmnopq"
    words = [
        a + b + c + d for a in letters for b in letters for c in "xyz" for d in "uvwrst"
    ]
    names = [f"Item {word.title()} Sent" for word in words][: MOST_EVENTS + 1]

    assert [finding for finding in lint(plan_of(*names)) if finding.kind == "plan"] == [
        Finding(
            "too-many-events",
            "",
            "plan",
            "5001 events; more than 5000 are stored but not indexed: "
            "put what sets them apart in properties",
        )
    ]
    assert "plan" not in {finding.kind for finding in lint(plan_of(*names[:-1]))}


def test_a_rule_is_switched_off_with_a_reason() -> None:
    """For the whole plan, or for one name."""
    plan = plan_of("site Deployed", "cart Emptied")
    one = lint(plan, ignore={"title-case: site Deployed": "as the old reports have it"})

    assert lint(plan, ignore={"title-case": "our house style"}) == []
    assert [finding.name for finding in one] == ["cart Emptied"]


def test_what_the_plan_ignores_is_ignored() -> None:
    """The plan is where a reason is reviewed."""
    events = type("AppEvents", (Events,), {"deployed": Event("site Deployed")})
    plan = TrackingPlan(events=events, lint_ignore={"title-case": "our house style"})

    assert lint(plan) == []
    assert [finding.rule for finding in lint(TrackingPlan(events=events))] == [
        "title-case"
    ]


@pytest.mark.parametrize(
    ("ignore", "message"),
    [
        ({"titel-case": "x"}, "lint ignores 'titel-case', no such rule; rules: past-"),
        ({"title-case": " "}, "lint ignores 'title-case' without a reason; say why"),
        ({"title-case: Gone": "x"}, "for 'Gone', not in the plan; remove it"),
    ],
)
def test_an_unclear_exception_is_refused(ignore: dict[str, str], message: str) -> None:
    """A typo must not switch off nothing, nor a rule go without a reason."""
    with pytest.raises(MixpanelSchemaError, match=message):
        lint(plan_of("Site Deployed"), ignore=ignore)


def test_findings_are_of_known_rules() -> None:
    """Every rule that speaks stands in the table that explains it."""
    plan = plan_of(*BAD)

    assert {finding.rule for finding in lint(plan)} == RULES.keys() - {
        "too-many-events"
    }


def test_a_finding_reads_well_and_is_json_ready() -> None:
    """One line for a person, a dict for a program."""
    finding = Finding("title-case", "site Deployed", "event", "no", "Site Deployed")

    assert str(finding) == "event 'site Deployed': no; try 'Site Deployed' (title-case)"
    assert (
        str(Finding("too-many-events", "", "plan", "no"))
        == "plan: no (too-many-events)"
    )
    assert finding.to_json() == {
        "rule": "title-case",
        "name": "site Deployed",
        "kind": "event",
        "message": "no",
        "suggestion": "Site Deployed",
    }
