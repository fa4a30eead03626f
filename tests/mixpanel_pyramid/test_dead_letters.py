"""What a dead letter is about, and what its reason may show."""

from __future__ import annotations

import pytest

from mixpanel_pyramid.dead_letters import content_of, letter_of

REASON = "refused: value 'ana@example.com' in [3.25, 'gold-plan']"


@pytest.mark.parametrize(
    ("message", "content"),
    [
        ({"event": "Paid", "properties": {"a": 1}}, ("Paid", {"a": 1})),
        (
            {"action": "event", "name": "Paid", "attributes": {"a": 1}},
            ("Paid", {"a": 1}),
        ),
        ({"action": "identify", "attributes": {"a": 1}}, ("identify", {"a": 1})),
        ({"$distinct_id": "u1", "$set": {"a": 1}}, ("$set", {"a": 1})),
        ({"$distinct_id": "u1"}, ("", {})),
    ],
    ids=["event", "Customer.io's event", "person", "update", "unknown"],
)
def test_a_message_is_about_its_event_or_its_operation(
    message: dict[str, object], content: tuple[str, object]
) -> None:
    """What is none that is known here has no name and no properties."""
    assert content_of(message) == content


def test_a_reason_shows_no_value_of_the_message() -> None:
    """Neither from inside a list, nor a number; nulls and flags are no values."""
    body = (
        '{"event": "Paid", "properties": {"Mail": "ana@example.com", '
        '"Basket": [3.25, {"Plan": "gold-plan"}], "Coupon": null, "New": true}}'
    )

    letter = letter_of(1, 5.0, "refused", None, "events", REASON, body)

    assert letter.reason == "refused: value '…' in […, '…']"
    assert letter.names == ("Mail", "Basket", "Coupon", "New")
    assert letter.label == ""


def test_the_repr_shows_no_value() -> None:
    """It ends in logs."""
    body = '{"event": "Paid", "properties": {"Mail": "ana@example.com"}}'

    letter = letter_of(1, 5.0, "refused", "Mixpanel", "events", REASON, body)

    assert repr(letter) == "DeadLetter(1, 'refused', 'Paid')"
