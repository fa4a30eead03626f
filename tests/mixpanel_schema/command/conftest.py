"""A folder of plans, and the command in this process."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]

PLAN = '''\
"""A small plan."""

from mixpanel_schema import Event, Events, EventProperties, Property, TrackingPlan

print("this is no output")


class ShopEvents(Events):
    order_completed = Event(
        "Order Completed",
        properties=(Property("Amount", type=float),),
        description="An order was paid.",
        renamed_from=("Order Paid",),
    )


class ShopProperties(EventProperties):
    coupon = Property("Coupon", type=str)


class Holder:
    plan = TrackingPlan(events=ShopEvents, event_properties=ShopProperties)


plan = Holder.plan
not_a_plan = 5


def make():
    return plan


def make_nothing():
    return None


def fail():
    raise RuntimeError("no database\\nhere")
'''
OTHERS = {
    "shop_typo.py": "import shop_nowhere\n",
    "shop_syntax.py": "def broken(:\n",
    "shop_exit.py": "raise SystemExit('give me settings')\n",
    "shop_interrupted.py": "raise KeyboardInterrupt\n",
    "shop_bad_names.py": (
        "from mixpanel_schema import Event, TrackingPlan\n"
        "from mixpanel_schema.catalogues import Catalogue\n"
        "class E(Catalogue):\n"
        "    bad = Event('order completed')\n"
        "plan = TrackingPlan(events=E)\n"
    ),
    "shop_tracks.py": (
        "from shop_plan import ShopEvents, ShopProperties\n"
        "def view(request):\n"
        "    request.mixpanel.track(ShopEvents.order_completed)\n"
    ),
    "old.json": json.dumps(
        {
            "entries": [
                {"entityType": "event", "name": name, "schemaJson": schema}
                for name, schema in (
                    ("Order Paid", {"properties": {"Amount": {"type": "string"}}}),
                    ("Shop Closed", {}),
                )
            ]
        }
    ),
    "list.json": "[]",
    "broken.json": "{",
    "other.json": '{"events": []}',
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in a folder with a plan and other modules."""
    (tmp_path / "shop_plan.py").write_text(PLAN)
    for name, text in OTHERS.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("shop_")]:
        del sys.modules[name]


@pytest.fixture
def command(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in the folder; gives exit code, output and talk."""
    pytest.importorskip("click", reason="needs the extra [cli]")
    from mixpanel_schema.command.program import run

    def run_it(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_it
