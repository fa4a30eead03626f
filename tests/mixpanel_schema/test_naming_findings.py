"""Findings about names, and how they are switched off."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mixpanel_schema import Event, Events, MixpanelSchemaError, TrackingPlan
from mixpanel_schema.naming import MOST_EVENTS, RULES, Finding, findings, lint

from .named_plans import BAD, plan_of


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
