"""The tracking plan as a TypeScript module, tried with its compiler."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import pytest

from mixpanel_schema import Event, Property, TrackingPlan, TypedEvent, prop
from mixpanel_schema.catalogues import Catalogue
from mixpanel_schema.documents import to_typescript

VERSION = "7.0.2"


class OrderCompleted(
    TypedEvent, event_name="Order Completed", description="An order */ was paid."
):
    """Every type that a property may have."""

    amount: float = prop("Amount", description="In euros.")
    method: Literal["card", "cash"] = prop("Method")
    products: list[str | int] = prop("Products")
    place: tuple[float, float] = prop("Place")
    extra: dict[str, object] = prop("Extra")
    day: date = prop("Day")
    paid_at: datetime = prop("Paid At")
    gift: bool = prop("Gift")
    nothing: None = prop("Nothing", default=None)
    email: str | None = prop("Email", default=None, pii=True, description="Whose.")


class ShopEvents(Catalogue):
    """A catalogue of events."""

    searched = Event("Products Searched", description="A search.")
    left = Event("Newsletter Left", properties=())


class Shared(Catalogue):
    """What events may carry."""

    text = Property("Search Text", type=str)


PLAN = TrackingPlan(
    events=ShopEvents, event_properties=Shared, typed_events=(OrderCompleted,)
)
GOOD = """\
import { EventName, type EventProperties, type TrackedEvent } from "./plan";
function track<Name extends EventName>(name: Name, properties: EventProperties[Name]) {
  const sent = { event: name, properties };
  return sent;
}
track(EventName.ProductsSearched, {});
track(EventName.ProductsSearched, { "Search Text": "shoe" });
track("Newsletter Left", {});
const order: TrackedEvent = {
  event: "Order Completed",
  properties: {
    Amount: 9.5, Method: "card", Products: ["a", 1], Place: [1, 2], Extra: { a: null },
    Day: "2026-11-22", "Paid At": "2026-11-22T09:30:00", Gift: true,
  },
};
if (order.event === EventName.OrderCompleted) { order.properties.Amount.toFixed(); }
"""
BAD = {
    "another type": 'track("Products Searched", { "Search Text": 1 });',
    "an unknown property": 'track("Products Searched", { Text: "shoe" });',
    "an unknown event": 'track("Products Found", {});',
    "no property allowed": 'track("Newsletter Left", { Amount: 1 });',
    "a missing property": 'track("Order Completed", { Amount: 1 });',
    "another choice": 'const m: EventProperties["Order Completed"]["Method"] = "fax";',
}


@pytest.fixture(scope="session")
def tsc(npm_package: Callable[[str, str], Path]) -> Path:
    """Give TypeScript's compiler, installed once a machine."""
    return npm_package("typescript", VERSION) / "tsc"


def refusals(tsc: Path, folder: Path, *files: str) -> str:
    """Compile files strictly, and give what the compiler says."""
    done = subprocess.run(
        [tsc, "--strict", "--noEmit", "--target", "es2022", *files],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def test_the_compiler_accepts_the_module_and_its_use(tsc: Path, tmp_path: Path) -> None:
    """A frontend tracks with the constants and types."""
    (tmp_path / "plan.ts").write_text(to_typescript(PLAN))
    (tmp_path / "good.ts").write_text(GOOD)

    assert refusals(tsc, tmp_path, "plan.ts", "good.ts") == ""


@pytest.mark.parametrize("line", BAD.values(), ids=BAD)
def test_the_compiler_refuses_what_the_plan_does(
    line: str, tsc: Path, tmp_path: Path
) -> None:
    """Each wrong line is refused, in itself."""
    (tmp_path / "plan.ts").write_text(to_typescript(PLAN))
    (tmp_path / "bad.ts").write_text(GOOD + line)

    assert f"bad.ts({len(GOOD.splitlines()) + 1}," in refusals(tsc, tmp_path, "bad.ts")


STRANGE = [
    "class",
    "Record",
    "Event",
    "Profile",
    "Group",
    "Shared",
    "String",
    "__proto__",
    "constructor",
    "3D",
    "!?",
    "??",
    "Größe",
    "grösse",
    "注文",
    "🛒",
    'quote " and \\ slash',
    "line\u2028separator\nand new line",
    "*/ comment",
    "${template}",
    "ﬁle",
    "file",
    "\U0001d518nicode",
]


def test_the_compiler_accepts_any_names(tsc: Path, tmp_path: Path) -> None:
    """Names of events and properties, and descriptions, may be any text."""
    events: dict[str, Any] = {}
    for number, name in enumerate(STRANGE):
        listed = (Property(name, type=str, description=name), Property("Other"))
        about = {"description": name, "properties": listed}
        events[f"event_{number}"] = Event(name, **about)  # type: ignore[arg-type]
    plan = TrackingPlan(events=type("Strange", (Catalogue,), events))
    (tmp_path / "plan.ts").write_text(to_typescript(plan), encoding="utf-8")
    names = ", ".join(json.dumps(name) for name in STRANGE)
    use = 'import type { EventName } from "./plan";\n'
    use += f"const all: EventName[] = [{names}];"
    (tmp_path / "use.ts").write_text(use, encoding="utf-8")

    assert refusals(tsc, tmp_path, "plan.ts", "use.ts") == ""


def test_an_event_is_an_interface_with_its_descriptions() -> None:
    """The module reads well, and what may be left out is marked."""
    assert """\
/** Order Completed: An order *\\/ was paid. */
export interface OrderCompletedProperties {
  /** In euros. */
  "Amount": number;
  "Method": "card" | "cash";
  "Products": ReadonlyArray<string | number>;
  "Place": readonly [number, number];
  "Extra": Readonly<Record<string, unknown>>;
  "Day": IsoDate;
  "Paid At": IsoDateTime;
  "Gift": boolean;
  "Nothing"?: null;
  /**
   * Whose.
   * Personal data.
   */
  "Email"?: string;
}
""" in to_typescript(PLAN)


def test_dates_are_explained_only_where_there_are_dates() -> None:
    """A module has no types that it does not use."""
    assert "IsoDate" in to_typescript(PLAN)
    assert "IsoDate" not in to_typescript(TrackingPlan())


def test_earlier_outputs_do_not_change_with_the_run() -> None:
    """The module can be committed: the same plan gives the same text."""
    assert to_typescript(PLAN) == to_typescript(PLAN)


def test_a_property_that_can_only_be_none_has_a_type() -> None:
    """A Literal of None offers no choice."""

    class Shop(Catalogue):
        seen = Event("Seen", properties=(Property("X", type=Literal[None]),))

    assert '  "X"?: null;\n' in to_typescript(TrackingPlan(events=Shop))


def test_ready_made_properties_may_be_sent(tsc: Path, tmp_path: Path) -> None:
    """A page view carries its title, and where the visitor came from."""
    (tmp_path / "plan.ts").write_text(to_typescript(TrackingPlan()), encoding="utf-8")
    (tmp_path / "use.ts").write_text(
        """\
import { type TrackedEvent } from "./plan";
export const viewed: TrackedEvent = {
  event: "Page Viewed",
  properties: { Title: "Home", Path: "/", $referrer: "https://example.com/" },
};
""",
        encoding="utf-8",
    )

    assert refusals(tsc, tmp_path, "plan.ts", "use.ts") == ""
