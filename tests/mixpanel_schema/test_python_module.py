"""A Lexicon document as a Python module, tried with mypy and ruff."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_schema import MixpanelSchemaError, TrackingPlan
from mixpanel_schema.lexicon import to_lexicon
from mixpanel_schema.python_module import generate_module


def entry(name: str, schema: dict[str, Any], kind: str = "event") -> dict[str, Any]:
    """Make an entry of a document."""
    return {"entityType": kind, "name": name, "schemaJson": schema}


def document(*entries: dict[str, Any]) -> dict[str, Any]:
    """Make a document."""
    return {"entries": list(entries), "truncate": False}


SHOP = document(
    entry("Products Searched", {"description": "A search."}),
    entry(
        "Order Completed",
        {
            "description": "An order was paid.",
            "properties": {
                "Amount": {"type": "number", "description": "In euros."},
                "Coupon": {"type": "string"},
                "Paid At": {"type": "string", "format": "date-time"},
            },
            "required": ["Amount"],
            "metadata": {"com.mixpanel": {"tags": ["Shop"], "hidden": False}},
        },
    ),
    entry("$user", {"properties": {"Orders": {"type": "integer"}}}, "profile"),
)
SHOP_MODULE = '''\
"""The tracking plan, made by mixpanel-schema from a Lexicon document."""

from __future__ import annotations

from datetime import datetime

from mixpanel_schema import Event, Property, TypedEvent, prop
from mixpanel_schema.catalogues import Catalogue
from mixpanel_schema.lexicon import LexiconPlan


class OrderCompleted(
    TypedEvent, event_name="Order Completed", description="An order was paid."
):
    """An order was paid."""

    amount: float = prop("Amount", description="In euros.")
    coupon: str | None = prop("Coupon", default=None)
    paid_at: datetime | None = prop("Paid At", default=None)


class LexiconEvents(Catalogue):
    """Events whose properties Lexicon does not list."""

    products_searched: Event = Event("Products Searched", description="A search.")


class LexiconProfileProperties(Catalogue):
    """What is known of a user."""

    orders: Property = Property("Orders", type=int)


plan = LexiconPlan(
    events=LexiconEvents,
    profile_properties=LexiconProfileProperties,
    typed_events=[OrderCompleted],
    details={
        "event": {
            "Order Completed": {
                "metadata": {"com.mixpanel": {"tags": ["Shop"], "hidden": False}},
            },
        },
    },
)
'''
LONG = "A description that is far longer than what fits into one line of code, " * 2
STRANGE = [
    "class",
    "None",
    "str",
    "prop",
    "self",
    "plan",
    "Typed Event",
    "Datetime",
    "Lexicon Events",
    "__init__",
    "3D",
    "!?",
    "??",
    "Größe",
    "注文",
    "🛒",
    "ﬁle",
    "file",
    "both \" and ' and \\",
    '"""',
    "ends with \\",
    "two\nlines\u2028and more",
    "{braces} %s $x",
    "İstanbul",
    LONG,
]
KINDS = ["array", "boolean", "integer", "null", "number", "object", "string"]


def nasty_document() -> dict[str, Any]:
    """Make a document in which every name and description is a trap."""
    known: dict[str, Any] = {
        name: {"type": KINDS[number % len(KINDS)], "description": name}
        for number, name in enumerate(name[:200] for name in STRANGE)
    }
    known["date"] = {"type": "string", "format": "date-time"}
    metadata = {
        "com.mixpanel": {
            "displayName": None,
            "tags": STRANGE,
            "hidden": True,
            "contacts": [],
        }
    }
    typed = [
        entry(
            name[:200],
            {
                "description": name,
                "properties": known,
                "required": ["date", "3D"],
                "metadata": metadata,
            },
        )
        for name in STRANGE
    ]
    loose = [entry(f"{name[:200]} seen", {"description": name}) for name in STRANGE]
    disagreeing = [
        entry("A", {"properties": {"x": {"type": "string"}}, "required": ["x"]}),
        entry("B", {"properties": {"x": {"type": "number"}}}),
        entry("C", {"properties": {}}),
    ]
    profile = entry("$user", {"properties": known, "metadata": metadata}, "profile")
    return document(*typed, *loose, *disagreeing, profile)


def plan_of(source: str, folder: Path) -> TrackingPlan:
    """Import a module, and give its plan."""
    path = folder / "made_plan.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(f"made_{folder.name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
        found: TrackingPlan = module.plan
        return found
    finally:
        del sys.modules[spec.name]


def by_name(made: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """Index a document's entries."""
    return {(e["entityType"], e["name"]): e["schemaJson"] for e in made["entries"]}


def test_a_module_reads_as_if_written_by_hand() -> None:
    """Typed events where the properties are known, a catalogue where they are not."""
    assert generate_module(SHOP) == SHOP_MODULE


def test_an_empty_document_is_a_module_too(tmp_path: Path) -> None:
    """It imports nothing that it does not use."""
    source = generate_module(document())

    assert "TypedEvent" not in source
    assert to_lexicon(plan_of(source, tmp_path))["entries"] == []


@pytest.mark.parametrize("made", [SHOP, nasty_document()], ids=["shop", "nasty"])
def test_the_module_gives_the_document_again(
    made: dict[str, Any], tmp_path: Path
) -> None:
    """Importing it and writing its plan gives the same entries."""
    plan = plan_of(generate_module(made), tmp_path)

    assert by_name(to_lexicon(plan)) == by_name(made)


@pytest.mark.parametrize("made", [SHOP, nasty_document()], ids=["shop", "nasty"])
def test_the_module_passes_mypy_strict(made: dict[str, Any], tmp_path: Path) -> None:
    """The type checker has nothing to say about it."""
    path = tmp_path / "made_plan.py"
    path.write_text(generate_module(made), encoding="utf-8")
    options = [
        "--strict",
        "--python-version",
        "3.10",
        "--config-file=",
        "--no-incremental",
    ]

    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, path.name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "Success: no issues found in 1 source file\n"


@pytest.mark.parametrize("made", [SHOP, nasty_document()], ids=["shop", "nasty"])
def test_the_module_passes_ruff(made: dict[str, Any], tmp_path: Path) -> None:
    """The linter's default rules have nothing to say about it."""
    path = tmp_path / "made_plan.py"
    path.write_text(generate_module(made), encoding="utf-8")

    checked = [
        subprocess.run(
            [sys.executable, "-m", "ruff", *words, "--isolated", path], check=False
        ).returncode
        for words in (["check", "-q"], ["format", "-q", "--check"])
    ]

    assert checked == [0, 0]


NAMES = st.text(
    st.characters(exclude_categories=["Cs"]), min_size=1, max_size=9
).filter(lambda name: bool(name.strip()))
PROPERTIES = st.dictionaries(
    NAMES,
    st.fixed_dictionaries(
        {"type": st.sampled_from(KINDS)}, optional={"description": NAMES}
    ),
    max_size=4,
)


@given(st.dictionaries(NAMES, PROPERTIES | st.none(), max_size=4), PROPERTIES)
def test_any_document_becomes_a_module(
    events: dict[str, dict[str, Any] | None], profile: dict[str, Any]
) -> None:
    """Whatever the names, the module runs and describes the same entries."""
    entries = [
        entry(name, {} if known is None else {"properties": known})
        for name, known in events.items()
    ]
    if profile:
        entries.append(entry("$user", {"properties": profile}, "profile"))
    made = document(*entries)

    names: dict[str, Any] = {"__name__": "mixpanel_schema"}
    exec(compile(generate_module(made), "made", "exec", dont_inherit=True), names)  # noqa: S102

    assert by_name(to_lexicon(names["plan"])) == by_name(made)


def test_another_document_is_refused() -> None:
    """What cannot be read makes no module."""
    with pytest.raises(MixpanelSchemaError):
        generate_module({"events": []})
