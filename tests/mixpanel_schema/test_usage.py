"""Usage: what the scan finds tracked, set, undeclared and unused, and where."""

from pathlib import Path

import pytest

from mixpanel_schema import (
    Event,
    EventProperties,
    Events,
    MixpanelSchemaError,
    ProfileProperties,
    Property,
    TrackingPlan,
    TypedEvent,
    prop,
)
from mixpanel_schema.usage import Place, UsageFinding, UsageReport, find_usages


class ShopEvents(Events):
    """Events of the shop."""

    order_placed = Event("Order Placed")
    cart_emptied = Event("Cart Emptied")


class ShopProperties(EventProperties):
    """Properties of the shop's events."""

    total = Property("Total")
    voucher = Property("Voucher")


class ShopProfile(ProfileProperties):
    """Properties of the shop's customers."""

    orders = Property("Orders")


class PlanUpgraded(TypedEvent, event_name="Plan Upgraded"):
    """A typed event of the shop."""

    plan: str = prop("Plan")
    seats: int = prop("Seats", default=1)
    coupon: str | None = prop("Coupon", default=None)


PLAN = TrackingPlan(
    events=ShopEvents,
    event_properties=ShopProperties,
    profile_properties=ShopProfile,
    typed_events=[PlanUpgraded],
)
DECLARATIONS = """\
from mixpanel_schema import Event, Events, EventProperties, ProfileProperties
from mixpanel_schema import Property, TrackingPlan, TypedEvent, prop

class ShopEvents(Events):
    order_placed: Event = Event("Order Placed")
    cart_emptied = Event("Cart Emptied")

class ShopProperties(EventProperties):
    total = Property("Total")
    voucher = Property("Voucher")

class ShopProfile(ProfileProperties):
    orders = Property("Orders")

class PlanUpgraded(TypedEvent, event_name="Plan Upgraded"):
    plan: str = prop("Plan")
    seats: int = prop("Seats", default=1)
    coupon: str | None = prop("Coupon", default=None)

plan = TrackingPlan(events=ShopEvents, typed_events=[PlanUpgraded])
"""


def scan(folder: Path, code: str) -> UsageReport:
    """Scan the shop's declarations and one file beside them."""
    (folder / "names.py").write_text(DECLARATIONS, encoding="utf-8")
    (folder / "app.py").write_text(code, encoding="utf-8")
    return find_usages(folder, PLAN)


def told(report: UsageReport, kind: str) -> list[tuple[str, str, int]]:
    """List the findings of one kind: name, file name and line."""
    return [
        (finding.name, Path(finding.path).name, finding.line)
        for finding in report.findings
        if finding.kind == kind
    ]


def lines(report: UsageReport, name: str) -> list[int]:
    """List the lines on which an event is tracked."""
    return [place.line for place in report.tracked.get(name, ())]


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


def test_catalogues_outside_the_paths_are_understood(tmp_path: Path) -> None:
    """By their classes, or else by what their names read like."""
    app = tmp_path / "app.py"
    app.write_text("track(E.placed)\ntrack(events.cart_emptied)\n", encoding="utf-8")

    class Outside(Events):
        placed = Event("Order Placed")

    report = find_usages(str(app), PLAN, catalogues=[Outside, ShopProperties()])

    assert lines(report, "Order Placed") == [1]
    assert lines(report, "Cart Emptied") == [2]
    assert report.unresolved == ()
    assert UsageFinding(
        "never-tracked",
        "Plan Upgraded",
        "declared and never tracked; track it, or take it out of the plan",
    ) in list(report.findings)


def test_a_file_that_does_not_parse_is_reported(tmp_path: Path) -> None:
    """The others are scanned all the same."""
    (tmp_path / "broken.py").write_text("x = 1\ndef (:\n", encoding="utf-8")
    (tmp_path / "zeros.py").write_bytes(b"\0")
    (tmp_path / "latin.py").write_bytes(b"name = '\xe4'\n")
    (tmp_path / "odd.py").write_text("x = '\\d'\n", encoding="utf-8")

    report = scan(tmp_path, "track('Order Placed')")

    assert told(report, "unreadable-file")[0] == ("broken.py", "broken.py", 2)
    assert [name for name, *_ in told(report, "unreadable-file")] == [
        "broken.py",
        "latin.py",
        "zeros.py",
    ]
    assert lines(report, "Order Placed") == [1]
    assert report.files == 3


def test_folders_that_are_not_the_apps_are_skipped(tmp_path: Path) -> None:
    """Hidden folders, environments, and what package managers fill."""
    for folder in (".venv", "node_modules", ".git", "venv", "__pycache__", "env", "ok"):
        (tmp_path / folder).mkdir()
        code = f"track('{folder}')"
        (tmp_path / folder / "app.py").write_text(code, encoding="utf-8")
    (tmp_path / "env" / "pyvenv.cfg").touch()
    (tmp_path / "ok" / "notes.txt").write_text("track('notes')", encoding="utf-8")

    report = find_usages([tmp_path, tmp_path / "ok"], PLAN)

    assert set(report.tracked) == {"ok"}
    assert report.files == 1


def test_a_hidden_folder_is_scanned_when_it_is_named(tmp_path: Path) -> None:
    """Skipping is for what is met on the way."""
    (tmp_path / ".app").mkdir()
    (tmp_path / ".app" / "app.py").write_text("track('Order Placed')", encoding="utf-8")

    assert lines(find_usages(tmp_path / ".app", PLAN), "Order Placed") == [1]


def test_a_path_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """A typo must not pass for code without findings."""
    with pytest.raises(MixpanelSchemaError, match="give a file or a folder"):
        find_usages([tmp_path / "ap"], PLAN)


def test_calls_that_track_nothing_known_are_left_alone(tmp_path: Path) -> None:
    """No argument, or only unpacked ones, is no event."""
    report = scan(tmp_path, "track()\ntrack(*args)\nmp.import_data(1)\ntrack(1)\n")

    assert report.tracked == {}
    assert [place.line for place in report.unresolved] == [4]


REPORT = UsageReport(
    findings=(
        UsageFinding("undeclared-event", "a|b", "not in the plan", "app.py", 3),
        UsageFinding("never-tracked", "Order Placed", "never tracked"),
    ),
    tracked={"a|b": (Place("app.py", 3),)},
    unresolved=(Place("app.py", 9),),
    files=1,
)


def test_text_has_a_line_for_each_finding() -> None:
    """A place comes first, so that editors can jump to it."""
    assert REPORT.to_text() == (
        "app.py:3: 'a|b': not in the plan (undeclared-event)\n"
        "'Order Placed': never tracked (never-tracked)\n"
        "app.py:9: event only known at run time\n"
        "1 file scanned, 2 findings"
    )


def test_markdown_is_a_table_that_names_cannot_break() -> None:
    """A bar in a name stays in its cell."""
    assert REPORT.to_markdown() == (
        "**1 file scanned, 2 findings**\n"
        "\n"
        "| Where | Name | Finding |\n"
        "| --- | --- | --- |\n"
        "| app.py:3 | `a\\|b` | not in the plan |\n"
        "|  | `Order Placed` | never tracked |"
    )


def test_json_holds_everything() -> None:
    """Places are written as file:line where they are lists."""
    assert REPORT.to_json() == {
        "files": 1,
        "findings": [
            {
                "kind": "undeclared-event",
                "name": "a|b",
                "message": "not in the plan",
                "path": "app.py",
                "line": 3,
            },
            {
                "kind": "never-tracked",
                "name": "Order Placed",
                "message": "never tracked",
                "path": "",
                "line": 0,
            },
        ],
        "tracked": {"a|b": ["app.py:3"]},
        "unresolved": ["app.py:9"],
    }


def test_a_report_without_findings_is_false() -> None:
    """A command can ask it for its exit code."""
    empty = UsageReport(findings=(), tracked={}, unresolved=(), files=2)

    assert REPORT
    assert not empty
    assert empty.to_text() == "2 files scanned, no findings"
    assert empty.to_markdown() == "**2 files scanned, no findings**"


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
