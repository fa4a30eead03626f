"""Tests of ``mixpanel-query lexicon``, against a server on a real socket."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from mixpanel_query.command.program import run

Make = Callable[..., Any]
Captured = pytest.CaptureFixture[str]
CART = {
    "entityType": "event",
    "name": "Added To Cart",
    "schemaJson": {
        "description": "Item put in cart",
        "properties": {"item_price": {"type": "number"}},
    },
}
PLAN = """
from mixpanel_schema import Event, TrackingPlan
from mixpanel_schema.catalogues import Catalogue

class ShopEvents(Catalogue):
    added = Event("Added To Cart", description="Put into the cart.")
    paid = Event("Order Paid")

plan = TrackingPlan(events=ShopEvents)
"""


@pytest.fixture
def answering(
    scripted: Make, reply: Make, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Any]:
    """Start a server that gives JSON answers, and point the environment at it."""
    for name in os.environ:
        if name.startswith("MIXPANEL_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("MIXPANEL_USERNAME", "reports.1a2b3c")
    monkeypatch.setenv("MIXPANEL_SECRET", "hunter2-hunter2")
    monkeypatch.setenv("MIXPANEL_PROJECT_ID", "12345")
    monkeypatch.setenv("MIXPANEL_ATTEMPTS", "1")

    def start(*bodies: object) -> Any:  # noqa: ANN401 - conftest's own
        server = scripted(*(reply(json.dumps(body).encode()) for body in bodies))
        monkeypatch.setenv("MIXPANEL_BASE_URL", server.base_url)
        return server

    return start


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A tracking plan in a module of its own, in the current folder."""
    (tmp_path / "lexicon_shop.py").write_text(PLAN)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "lexicon_shop", raising=False)
    return "lexicon_shop:plan"


class Terminal(io.StringIO):
    """What somebody types."""

    def isatty(self) -> bool:
        """Somebody is there."""
        return True


def asked_for(server: Any) -> list[str]:  # noqa: ANN401 - conftest's own
    """The first words of every request."""
    return [" ".join(request.split(" ")[:2]) for request in server.requests]


def test_list(answering: Make, capsys: Captured) -> None:
    """Entities and their properties are rows of a table."""
    server = answering({"results": [CART], "status": "ok"})

    assert run(["lexicon", "list", "--type", "event"]) == 0
    assert asked_for(server) == ["GET /api/app/projects/12345/schemas/event"]
    first, second, third = capsys.readouterr().out.splitlines()
    assert first.split() == [
        "entity_type",
        "name",
        "property",
        "type",
        "display_name",
        "description",
    ]
    assert second.split() == [
        "event",
        "Added",
        "To",
        "Cart",
        "Item",
        "put",
        "in",
        "cart",
    ]
    assert third.split() == ["event", "Added", "To", "Cart", "item_price", "number"]


def test_list_as_csv(answering: Make, capsys: Captured) -> None:
    """A file for a spreadsheet has every column, and nothing for nothing."""
    answering({"results": [CART], "status": "ok"})

    assert run(["lexicon", "list", "--format", "csv"]) == 0
    assert capsys.readouterr().out == (
        "entity_type,name,property,type,display_name,description,hidden,dropped,tags\n"
        "event,Added To Cart,,,,Item put in cart,False,False,\n"
        "event,Added To Cart,item_price,number,,,False,False,\n"
    )


@pytest.mark.parametrize(
    ("name", "path"),
    [("Added To Cart", "event/Added%20To%20Cart"), ("$user", "profile/%24user")],
)
def test_show(answering: Make, capsys: Captured, name: str, path: str) -> None:
    """One entity is asked for by its path; $user is all profiles."""
    server = answering(CART["schemaJson"])

    assert run(["lexicon", "show", name, "--format", "jsonl"]) == 0
    assert asked_for(server) == [f"GET /api/app/projects/12345/schemas/{path}"]
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["property"] for row in rows] == [None, "item_price"]


def test_dry_run(answering: Make, plan: str, capsys: Captured) -> None:
    """A dry run shows what would change, old and new, and sends nothing."""
    server = answering({"results": [CART], "status": "ok"})

    assert run(["lexicon", "upload", plan, "--dry-run", "--format", "csv"]) == 0
    printed = capsys.readouterr()
    assert printed.out == (
        "change,entity_type,name,what,old,new\n"
        "added,event,Order Paid,,,\n"
        "changed,event,Added To Cart,description,Item put in cart,Put into the cart.\n"
    )
    assert printed.err == (
        "1 added, 1 changed, 0 untouched, 0 only in Mixpanel; "
        "nothing was sent, it would take 1 request\n"
    )
    assert len(server.requests) == 1


def test_upload(answering: Make, plan: str, capsys: Captured) -> None:
    """An upload sends what differs and says what it did."""
    receipt = {"status": "ok", "results": {"added": 2, "deleted": 0}}
    server = answering({"results": [], "status": "ok"}, receipt)

    assert run(["lexicon", "upload", plan]) == 0
    assert asked_for(server)[1] == "POST /api/app/projects/12345/schemas"
    assert capsys.readouterr().err == (
        "2 added, 0 changed, 0 untouched, 0 only in Mixpanel; sent with 1 request\n"
    )


def test_nothing_to_upload(answering: Make, plan: str, capsys: Captured) -> None:
    """What is there already is not sent again."""
    described = {**CART, "schemaJson": {"description": "Put into the cart."}}
    paid = {"entityType": "event", "name": "Order Paid", "schemaJson": {}}
    answering({"results": [described, paid], "status": "ok"})

    assert run(["lexicon", "upload", plan]) == 0
    assert capsys.readouterr().err == (
        "0 added, 0 changed, 2 untouched, 0 only in Mixpanel; "
        "there is nothing to send\n"
    )


def test_dropped_properties(answering: Make, plan: str, capsys: Captured) -> None:
    """Whoever changes an event with dropped properties is told to look at them."""
    metadata = {"com.mixpanel": {"dropped": True}}
    properties = {"card": {"type": "string", "metadata": metadata}}
    dropping = {**CART, "schemaJson": {"properties": properties}}
    answering({"results": [dropping], "status": "ok"})

    assert run(["lexicon", "upload", plan, "--dry-run"]) == 0
    assert capsys.readouterr().err.startswith(
        "Warning: Mixpanel drops 'card' of 'Added To Cart' now; "
        "look in Lexicon whether it still does after an upload\n"
    )


def test_plan_that_is_not_there(answering: Make, capsys: Captured) -> None:
    """A plan that cannot be loaded was typed wrong: one line, exit code 2."""
    answering()

    assert run(["lexicon", "upload", "nowhere.to_be:found"]) == 2
    assert capsys.readouterr().err == (
        "Error: there is no module 'nowhere', here or installed; go to the folder that "
        "has it, or install it\n"
    )


DELETED = {"status": "ok", "results": {"delete_count": 1}}


@pytest.mark.parametrize(
    ("typed", "replies", "path"),
    [
        (["Sign Up"], [DELETED], "/event/Sign%20Up"),
        (["$user"], [DELETED], "/profile/%24user"),
        (["--type", "event"], [{"results": [CART]}, DELETED], "/event"),
        (["--everything"], [{"results": [CART]}, DELETED], ""),
    ],
)
def test_delete(
    answering: Make,
    capsys: Captured,
    typed: list[str],
    replies: list[object],
    path: str,
) -> None:
    """What is named is deleted, and counted."""
    server = answering(*replies)

    assert run(["lexicon", "delete", *typed, "--yes"]) == 0
    assert asked_for(server)[-1] == f"DELETE /api/app/projects/12345/schemas{path}"
    assert capsys.readouterr().err == "1 deleted\n"


def test_delete_asks_first(
    answering: Make, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever says no deletes nothing."""
    server = answering(DELETED)
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))

    assert run(["lexicon", "delete", "--everything"]) == 1
    printed = capsys.readouterr().err
    assert "Delete all from Lexicon of project 12345? [y/N]:" in printed
    assert printed.endswith("Error: nothing was deleted\n")
    assert server.requests == []


def test_delete_without_anybody_to_ask(
    answering: Make, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a script, the word has to be there."""
    server = answering(DELETED)
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))

    assert run(["lexicon", "delete", "Sign Up"]) == 2
    assert "give --yes" in capsys.readouterr().err
    assert server.requests == []


@pytest.mark.parametrize(
    "typed",
    [[], ["--yes"], ["A", "--everything"], ["--type", "event", "--everything"]],
)
def test_delete_typed_wrong(
    answering: Make, capsys: Captured, typed: list[str]
) -> None:
    """Neither nothing nor two things are deleted."""
    server = answering(DELETED)

    assert run(["lexicon", "delete", *typed]) == 2
    assert "Error: " in capsys.readouterr().err
    assert server.requests == []


def test_help_has_examples() -> None:
    """Every command of the group shows how it is used."""
    from mixpanel_query.command.lexicon import lexicon

    for name, command in lexicon.commands.items():
        assert isinstance(command, click.Command)
        assert f"mixpanel-query lexicon {name}" in (command.help or "")
