"""What the plan says of records: names, types, what is missing, and nothing else."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest

from mixpanel_query.local.page.plan_check import PlanCheck
from mixpanel_query.local.records.verdicts import Outcome, Verdict
from mixpanel_schema import TrackingPlan


def verdict(
    name: str,
    properties: Any,  # noqa: ANN401 - any JSON
    *,
    kind: str = "event",
    outcome: Outcome = "kept",
) -> Verdict:
    """Return the verdict on a record."""
    now = datetime(2026, 11, 22, tzinfo=timezone.utc)
    text = "" if properties is None else json.dumps(properties)
    return Verdict(now, "/track", 0, kind, name, "u", outcome, properties=text)


@pytest.fixture
def check(plan: TrackingPlan) -> PlanCheck:
    """The check against the plan of the shop."""
    return PlanCheck(plan)


@pytest.mark.parametrize(
    ("name", "properties", "said"),
    [
        ("Order Completed", {"Amount": 5, "Items": 2.0, "Card": 4111}, []),
        (
            "Order Completed",
            {"Amount": "19.50", "Items": 2.5},
            [
                "property 'Amount' is declared float, and has text",
                "property 'Items' is declared int, and has numbers",
            ],
        ),
        ("Order Completed", {}, ["property 'Amount' is required, and missing"]),
        (
            "Order Completed",
            {"Amount": None},
            ["property 'Amount' is required, and missing"],
        ),
        (
            "Order Completed",
            {"Amount": 1, "Itemz": 2},
            ["property 'Itemz' is not in the plan; nearest is 'Items'"],
        ),
        ("Order Completed", {"Amount": 1, "$os": "Linux", "mp_lib": "x"}, []),
        (
            "Shop Visited",
            {"Items": 2},
            ["property 'Items' is declared, but not for this event"],
        ),
        (
            "Orders Completed",
            {"Amount": "x"},
            [
                "event 'Orders Completed' is not in the plan; "
                "nearest is 'Order Completed'"
            ],
        ),
        ("Zzz", {}, ["event 'Zzz' is not in the plan"]),
        (
            "Order Paid",
            {},
            ["event 'Order Paid' is the former name of 'Order Completed'"],
        ),
        ("$identify", {}, []),
        ("", None, []),
    ],
)
def test_an_event_is_compared(
    check: PlanCheck, name: str, properties: dict[str, Any] | None, said: list[str]
) -> None:
    """What is wrong is said once, without values; Mixpanel's own names are right."""
    assert check.problems(verdict(name, properties)) == said


def test_of_a_refused_event_only_the_name_is_known(check: PlanCheck) -> None:
    """That it lacks properties cannot be said."""
    refused = verdict("Order Completed", None, outcome="refused")
    unknown = verdict("Zzz", None, outcome="refused")

    assert check.problems(refused) == []
    assert check.problems(unknown) == ["event 'Zzz' is not in the plan"]


def test_a_profile_is_compared(check: PlanCheck) -> None:
    """By names for every operation, by types where values are set."""
    given = {"Seats": "many", "$email": "a@b.c", "Saets": 1}
    unknown = "profile property 'Saets' is not in the plan; nearest is 'Seats'"

    assert check.problems(verdict("$set", given, kind="profile")) == [
        "property 'Seats' is declared int, and has text",
        unknown,
    ]
    assert check.problems(verdict("$union", given, kind="profile")) == [unknown]
    assert check.problems(verdict("$unset", ["Saets"], kind="profile")) == []


def test_a_group_is_compared(check: PlanCheck) -> None:
    """With the properties of groups; what other services were told, with nothing."""
    given = {"Size": "large", "$name": "Acme", "Seats": 1}

    assert check.problems(verdict("$set", given, kind="group")) == [
        "property 'Size' is declared int, and has text",
        "group property 'Seats' is not in the plan",
    ]
    assert check.problems(verdict("identify", given, kind="customer")) == []


def test_personal_data_are_known(check: PlanCheck) -> None:
    """Those of the plan, beside those of the built-in catalogues."""
    assert "Card" in check.personal["event"]
    assert "$email" in check.personal["profile"]
    assert "Amount" not in check.personal["event"]


def test_endless_new_names_are_cheap(check: PlanCheck) -> None:
    """After some hundreds of unknown names, the nearest one is not looked for."""
    for number in range(600):
        check.problems(verdict(f"Name {number}", {}))

    assert check.problems(verdict("Order Complete", {})) == [
        "event 'Order Complete' is not in the plan"
    ]
