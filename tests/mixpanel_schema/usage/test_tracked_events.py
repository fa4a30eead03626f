"""Which events of a code base are tracked, and which are not declared."""

from __future__ import annotations

from pathlib import Path

import pytest

from .scanned_shop import lines, scan, told


@pytest.mark.parametrize(
    "call",
    [
        "mp.track(ShopEvents.order_placed)",
        "mp.track(names.ShopEvents.order_placed, {})",
        "mp.track_now(events.order_placed)",
        "request.mixpanel.track(request.mixpanel.events.order_placed, {}, True)",
        "self.mixpanel.track(self.events.order_placed, props)",
        "mp.track(event=ShopEvents.order_placed)",
        "mp.track(Event('Order Placed'))",
        "mp.track('Order Placed')",
        "mp.track('Order Placed', {'Total': 1})",
        "mp.track(user.id, 'Order Placed')",
        "mp.track('user-1', 'Order Placed', {'Total': 1})",
        "mp.track(user.id, ShopEvents.order_placed.name, {'Total': 1})",
        "mp.track(distinct_id=1, event_name='Order Placed')",
        "mp.import_data('key', 'user-1', 'Order Placed', 1700000000)",
        "event_message(ShopEvents.order_placed, {}, token='t', distinct_id='u')",
        "mp.track(ShopEvents().order_placed)",
        "mp.track(ShopEvents.order_placed if paid else ShopEvents.cart_emptied)",
        "mp.track(one or ShopEvents.order_placed) if (one := 'Order Placed') else 0",
    ],
)
def test_every_way_to_track_an_event_is_understood(tmp_path: Path, call: str) -> None:
    """Attributes, events, texts and the official library's order of arguments."""
    report = scan(tmp_path, f"\n{call}\n")

    assert lines(report, "Order Placed") == [2]
    assert "Order Placed" not in [name for name, *_ in told(report, "never-tracked")]
    assert told(report, "undeclared-event") == []


@pytest.mark.parametrize(
    "call",
    [
        "mp.track(PlanUpgraded(plan='pro'))",
        "mp.track(PlanUpgraded, {})",
        "mp.track(names.PlanUpgraded(plan='pro'))",
        "mp.track(names.PlanUpgraded, {})",
        "mp.track(PlanUpgraded.__event__)",
        "event = PlanUpgraded(plan='pro'); mp.track(event)",
        "for event in (PlanUpgraded, ShopEvents.order_placed): mp.track(event)",
    ],
)
def test_typed_events_are_understood(tmp_path: Path, call: str) -> None:
    """An instance, the class, and a variable that holds either."""
    assert lines(scan(tmp_path, call), "Plan Upgraded") == [1]


def test_a_class_imported_under_another_name_is_understood(tmp_path: Path) -> None:
    """The original name counts."""
    code = "from names import PlanUpgraded as Up, ShopEvents as E\n"
    report = scan(tmp_path, code + "track(Up(plan='pro'))\ntrack(E.cart_emptied)\n")

    assert lines(report, "Plan Upgraded") == [2]
    assert lines(report, "Cart Emptied") == [3]


def test_variables_are_followed_where_they_are_visible(tmp_path: Path) -> None:
    """A function's own variable hides the module's, and a parameter is unknown."""
    code = """\
EVENT = "Order Placed"
def one(mp):
    mp.track(EVENT)
async def other(mp):
    EVENT: str = "Cart Emptied"
    mp.track(EVENT)
def third(mp, EVENT):
    mp.track(EVENT)
"""
    report = scan(tmp_path, code)

    assert lines(report, "Order Placed") == [3]
    assert lines(report, "Cart Emptied") == [6]
    assert [place.line for place in report.unresolved] == [8]


def test_events_never_tracked_are_found_where_they_are_declared(tmp_path: Path) -> None:
    """The line is the declaration's; built-in events are nobody's duty."""
    report = scan(tmp_path, "mp.track(ShopEvents.order_placed)\n")

    assert told(report, "never-tracked") == [
        ("Cart Emptied", "names.py", 6),
        ("Plan Upgraded", "names.py", 15),
    ]


def test_a_mention_counts_only_beside_a_call_that_could_track_it(
    tmp_path: Path,
) -> None:
    """An event in a table may be tracked by a call whose event is a variable."""
    table = "TABLE = {1: ShopEvents.order_placed, 2: PlanUpgraded, 3: 'Cart Emptied'}\n"
    known = scan(tmp_path, table)
    unknown = scan(tmp_path, table + "mp.track(TABLE[key])\n")

    assert [name for name, *_ in told(known, "never-tracked")] == [
        "Order Placed",
        "Cart Emptied",
        "Plan Upgraded",
    ]
    assert told(unknown, "never-tracked") == []
    assert [str(place) for place in unknown.unresolved] == [f"{tmp_path}/app.py:2"]


def test_events_beside_the_plan_are_found(tmp_path: Path) -> None:
    """Loose texts, events made on the spot, and names put together at run time."""
    code = """\
mp.track("order placed")
mp.track(user_id, "Order Plcaed", {})
mp.track(f"Viewed Page {page.number}")
def view():
    return Event("Made Up")
mp.track("$ae_session")
"""
    report = scan(tmp_path, code)

    assert told(report, "undeclared-event") == [
        ("order placed", "app.py", 1),
        ("Order Plcaed", "app.py", 2),
        ("Viewed Page {page.number}", "app.py", 3),
        ("Made Up", "app.py", 5),
    ]
    assert [finding.message for finding in report.findings[1:3]] == [
        "not in the plan; use 'Order Placed', or declare it",
        "not in the plan; declare it there",
    ]


def test_an_attribute_that_its_catalogue_lacks_is_found(tmp_path: Path) -> None:
    """The commonest mistake is no unknown event, and the nearest attribute is named."""
    code = """\
class Base(Other):
    placed = Event("User Poked")
mp.track(ShopEvents.order_plcaed, {ShopProperties.totl: 1, ShopProperties.total: 2})
mp.track(ShopEvents().zzz.name)
mp.track(ShopEvents.user_signed_up)
mp.track(Base.perhaps_inherited)
"""
    report = scan(tmp_path, code)

    assert [str(finding).partition(": ")[2] for finding in report.findings[:3]] == [
        "'ShopEvents.order_plcaed': ShopEvents has no such event; "
        "use 'ShopEvents.order_placed', or declare it (undeclared-event)",
        "'ShopProperties.totl': ShopProperties has no such property; "
        "use 'ShopProperties.total', or declare it (undeclared-property)",
        "'ShopEvents.zzz': ShopEvents has no such event; declare it (undeclared-event)",
    ]
    assert told(report, "undeclared-event") == [
        ("ShopEvents.order_plcaed", "app.py", 3),
        ("ShopEvents.zzz", "app.py", 4),
    ]
    assert [place.line for place in report.unresolved] == [6]


def test_whatever_a_class_defines_is_no_missing_attribute(tmp_path: Path) -> None:
    """Methods, aliases and what is made by other means may be events."""
    code = """\
class MoreEvents(ShopEvents):
    one = two = ShopEvents.order_placed
    if True:
        three = make()
    def pick(self):
        return self.one
    moved = Event("Order Moved")
for e in (MoreEvents.one, MoreEvents.three, MoreEvents.pick, MoreEvents.order_placed):
    track(e)
track(MoreEvents.two)
track(MoreEvents.three)
track(MoreEvents.pick)
track(MoreEvents.__doc__)
"""
    report = scan(tmp_path, code)

    assert told(report, "undeclared-event") == []
    assert [place.line for place in report.unresolved] == [9, 10, 11, 12, 13]


def test_other_catalogues_are_no_finding_until_they_are_tracked(tmp_path: Path) -> None:
    """A class of events that belongs to another plan says nothing of this one."""
    other = "class Other(Events):\n    poked = Event('User Poked')\n"

    assert told(scan(tmp_path, other), "undeclared-event") == []
    assert told(scan(tmp_path, other + "track(Other.poked)"), "undeclared-event") == [
        ("User Poked", "app.py", 3)
    ]


def test_own_members_of_a_class_come_first(tmp_path: Path) -> None:
    """One attribute may stand for two names, and the class tells which."""
    code = """\
class Web(Events):
    done = Event("Order Placed")
class Batch(Events):
    done = Event("Cart Emptied")
    count, name = 1, "x"
    limit = max(3, 4)
    other.attribute = Event("Made Up")
    def total(self):
        return self.total
    class Meta:
        note = make("text")
Batch.done
track(Web.done)
"""
    report = scan(tmp_path, code)

    assert list(report.tracked) == ["Order Placed"]


def test_a_parameter_with_a_fallback_stays_unknown(tmp_path: Path) -> None:
    """What the caller gives may be any event."""
    code = "def one(mp, e=None):\n    e = e or 'Order Placed'\n    mp.track(e)\n"

    assert [place.line for place in scan(tmp_path, code).unresolved] == [3]


def test_a_loop_is_followed_where_it_is_written_out(tmp_path: Path) -> None:
    """What a function gives is known when the program runs, and not before."""
    code = """\
for one in ("Order Placed", "Cart Emptied"):
    mp.track(one)
for other in load_events():
    mp.track(other)
"""
    report = scan(tmp_path, code)

    assert lines(report, "Order Placed") == [2]
    assert lines(report, "Cart Emptied") == [2]
    assert [place.line for place in report.unresolved] == [4]
