"""Which properties of a code base are set, and which are not declared."""

from __future__ import annotations

from pathlib import Path

import pytest

from mixpanel_schema.usage import find_usages

from .scanned_shop import PLAN, scan, told


@pytest.mark.parametrize(
    ("code", "unset"),
    [
        ("track(e, {ShopProperties.total: 1})", ["Voucher"]),
        ("track(e, {'Total': 1, 'Voucher': 'x'})", []),
        ("props[event_properties.voucher] = 1", ["Total"]),
        ("props['Voucher'] = 1", ["Total"]),
        ("track(e, {Property('Total'): 1})", ["Voucher"]),
        ("print(props['Voucher'], voucher.voucher)", ["Total", "Voucher"]),
        ("Event('X', properties=(ShopProperties.total,))", ["Total", "Voucher"]),
    ],
)
def test_properties_never_set_are_found(
    tmp_path: Path, code: str, unset: list[str]
) -> None:
    """A key of a dict sets a property; reading one, or listing it, does not."""
    found = told(scan(tmp_path, code), "never-set")

    assert [name for name, *_ in found if name in {"Total", "Voucher"}] == unset


def test_properties_of_typed_events_are_set_by_keyword_or_default(
    tmp_path: Path,
) -> None:
    """What is left out is set only if its default is a value."""
    some = scan(tmp_path, "track(PlanUpgraded(plan='pro'))")
    every = scan(tmp_path, "track(PlanUpgraded(**values))")

    assert ("Coupon", "names.py", 18) in told(some, "never-set")
    assert {"Plan", "Seats"} & {name for name, *_ in told(some, "never-set")} == set()
    assert "Coupon" not in [name for name, *_ in told(every, "never-set")]


def test_inherited_fields_of_typed_events_are_known(tmp_path: Path) -> None:
    """A base that several events share declares their fields."""
    code = """\
class Billing(TypedEvent):
    plan: str = prop("Plan")
    coupon: str = prop("Coupon", default="none")
class SeatsBought(Billing, event_name="Plan Upgraded"):
    seats: int = prop("Seats")
track(SeatsBought(plan="pro", seats=2))
"""
    (tmp_path / "app.py").write_text(code, encoding="utf-8")
    unset = [name for name, *_ in told(find_usages(tmp_path, PLAN), "never-set")]

    assert unset == ["Total", "Voucher", "Orders"]


def test_properties_beside_the_plan_are_found(tmp_path: Path) -> None:
    """Only keys given to tracking and profile calls count, by what they are for."""
    code = """\
mp.track(ShopEvents.order_placed, {"Totl": 1, "$city": "Graz", **more})
mp.profile_set({"Orders": 1, "Total": 2}, meta={"$ip": 0})
mp.people_set("user-1", {Property("Shoe Size"): 43, other("x"): 1})
mp.group_set("Company", 1, {"Size": 2})
json.dumps({"anything": 1})
"""
    assert told(scan(tmp_path, code), "undeclared-property") == [
        ("Totl", "app.py", 1),
        ("Total", "app.py", 2),
        ("Shoe Size", "app.py", 3),
        ("Size", "app.py", 4),
    ]


def test_a_typed_event_may_extend_one_of_its_own_name(tmp_path: Path) -> None:
    """As one that replaces a library's, which is seen by its name alone."""
    code = """\
import library
class SeatsBought(library.SeatsBought, TypedEvent, event_name="Plan Upgraded"):
    plan: str = prop("Plan")
    seats: int = prop("Seats")
track(SeatsBought(plan="pro", seats=2))
"""
    (tmp_path / "app.py").write_text(code, encoding="utf-8")
    unset = [name for name, *_ in told(find_usages(tmp_path, PLAN), "never-set")]

    assert sorted(unset) == ["Coupon", "Orders", "Total", "Voucher"]
