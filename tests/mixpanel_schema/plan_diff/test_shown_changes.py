"""How changes are written down."""

from __future__ import annotations

from mixpanel_schema.plan_diff import KINDS, Change, PlanDiff

SHOWN = PlanDiff(
    (
        Change("added", "Cart|Emptied", "added", breaking=False),
        Change("removed", "Order Placed", "removed", breaking=True),
        Change("property-added", "A", "added", False, "event property", "User Paid"),
    )
)


def test_text_marks_what_breaks() -> None:
    """One line a change, the count last."""
    assert SHOWN.to_text() == (
        "  event 'Cart|Emptied': added\n"
        "! event 'Order Placed': removed\n"
        "  event property 'A' of 'User Paid': added\n"
        "3 changes, 1 breaking"
    )


def test_a_diff_is_printed_as_its_text() -> None:
    """Who prints it reads the changes, not how they are stored."""
    assert str(PlanDiff(())) == "no changes"
    assert str(
        PlanDiff((Change("added", "Cart Emptied", "added", breaking=False),))
    ) == ("  event 'Cart Emptied': added\n1 change, none breaking")


def test_markdown_shows_what_breaks_first() -> None:
    """A table for a pull request, which a bar in a name does not break."""
    assert SHOWN.to_markdown() == (
        "**3 changes, 1 breaking**\n"
        "\n"
        "| Breaking | What | Change |\n"
        "| --- | --- | --- |\n"
        "| yes | event `Order Placed` | removed |\n"
        "| | event `Cart\\|Emptied` | added |\n"
        "| | event property `A` of `User Paid` | added |"
    )


def test_json_holds_every_field() -> None:
    """A program needs no text to be parsed."""
    (first, *_), found = SHOWN.to_json()["changes"], SHOWN  # type: ignore[misc]

    assert SHOWN.to_json()["breaking"] is True
    assert [change.name for change in found.breaking] == ["Order Placed"]
    assert first == {
        "kind": "added",
        "name": "Cart|Emptied",
        "detail": "added",
        "breaking": False,
        "scope": "event",
        "event": "",
    }


def test_every_kind_is_explained() -> None:
    """The table says of each whether it is breaking, and why."""
    assert all(text.startswith(("Breaking", "Not breaking")) for text in KINDS.values())
