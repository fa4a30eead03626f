"""Values: each has one form in JSON, or is refused."""

from __future__ import annotations

import json
import math
import time
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_schema import InvalidValueError, event_message

from .paid_orders import AMOUNT, INSERT_ID, MOMENT, PAID, Plan


def paid(value: object) -> dict[str, object]:
    """Build the message of a payment of ``value``."""
    return event_message(
        PAID,
        {AMOUNT: value},
        token="token",
        distinct_id="u1",
        time=MOMENT,
        insert_id=INSERT_ID,
    )


def amount(value: object) -> object:
    """Tell how ``value`` travels."""
    return paid(value)["properties"]["Amount"]


@pytest.mark.parametrize(
    ("value", "travels_as"),
    [
        (datetime(2026, 3, 29, 1, 30), "2026-03-29T01:30:00"),
        (
            datetime(2026, 3, 29, 1, 30, tzinfo=timezone(timedelta(hours=-7))),
            "2026-03-29T08:30:00",
        ),
        (date(2026, 2, 28), "2026-02-28"),
        (Decimal("9.50"), 9.5),
        (
            UUID("12345678-1234-5678-1234-567812345678"),
            "12345678-1234-5678-1234-567812345678",
        ),
        (Plan.PRO, "pro"),
        ((1, "a"), [1, "a"]),
        ({3}, [3]),
        ({"a": {"b": (1.5, None, True)}}, {"a": {"b": [1.5, None, True]}}),
    ],
    ids=[
        "naive datetime is UTC",
        "aware datetime is converted",
        "date",
        "decimal",
        "uuid",
        "enum",
        "tuple",
        "set",
        "nested",
    ],
)
def test_a_value_travels_in_its_agreed_form(value: object, travels_as: object) -> None:
    """Python's values have one form each in Mixpanel."""
    assert amount(value) == travels_as


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system sets no timezone")
def test_a_naive_datetime_is_not_that_of_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else the same code would tell other times on other machines."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert amount(datetime(2026, 1, 1, 12)) == "2026-01-01T12:00:00"
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, Decimal("NaN"), b"x", object(), {1: 2}, [[math.nan]]],
    ids=["nan", "infinity", "decimal nan", "bytes", "object", "int key", "deep nan"],
)
def test_a_value_without_a_form_is_refused(value: object) -> None:
    """What JSON does not have is refused by name, before anything is sent."""
    with pytest.raises(InvalidValueError, match="property 'Amount'"):
        paid(value)


def test_endless_nesting_is_refused() -> None:
    """A list that holds itself is an error of its own, not a RecursionError."""
    endless: list[object] = []
    endless.append(endless)

    with pytest.raises(InvalidValueError, match="nested over 32 deep; flatten it"):
        paid(endless)


def test_the_callers_values_are_copied() -> None:
    """What the caller changes after the call does not change the message."""
    tea = {"name": "tea"}
    basket = {"items": [tea]}
    message = paid(basket)
    basket["items"].append({"name": "milk"})
    tea["name"] = "coffee"

    assert message["properties"]["Amount"] == {"items": [{"name": "tea"}]}


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 1, 1, 12, tzinfo=timezone.utc),
        datetime(2026, 1, 1, 12),
        datetime(2026, 1, 1, 14, tzinfo=timezone(timedelta(hours=2))),
        1_767_268_800,
    ],
    ids=["UTC", "naive", "offset", "epoch"],
)
def test_a_time_is_epoch_seconds(moment: float | datetime) -> None:
    """Every way to say a moment is the same number on the wire."""
    message = event_message(
        PAID, token="t", distinct_id="u1", time=moment, insert_id="i"
    )

    assert message["properties"]["time"] == 1_767_268_800


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_a_message_is_json_or_refused(value: object) -> None:
    """Any JSON-like value gives strict JSON, or the one error there is."""
    try:
        message = paid(value)
    except InvalidValueError:
        return

    assert json.loads(json.dumps(message, allow_nan=False)) == message


@pytest.mark.parametrize("time", [math.nan, math.inf, -math.inf, 1e300, -1e300])
def test_what_is_no_moment_is_refused(time: float) -> None:
    """A time that cannot be a time is the one error there is."""
    with pytest.raises(InvalidValueError):
        event_message(PAID, token="t", distinct_id="u1", time=time, insert_id="i")


@pytest.mark.parametrize(
    "value",
    [
        Decimal("sNaN"),
        [Decimal("sNaN")],
        datetime.min.replace(tzinfo=timezone(timedelta(hours=5))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-5))),
        10**400,
        "jane@example.com \ud800",
        {7045551234: "phone"},
    ],
    ids=["sNaN", "nested sNaN", "too early", "too late", "huge", "surrogate", "key"],
)
def test_an_impossible_value_is_the_one_error_and_is_not_shown(value: object) -> None:
    """No other exception, and no value in the message, which may end up in a log."""
    with pytest.raises(InvalidValueError) as refusal:
        paid(value)

    assert "jane" not in str(refusal.value)
    assert "7045551234" not in str(refusal.value)


@pytest.mark.parametrize(
    "time",
    [10**400, datetime.max.replace(tzinfo=timezone(timedelta(hours=-5)))],
    ids=["huge", "after the last year"],
)
def test_an_impossible_time_is_the_one_error(time: float | datetime) -> None:
    """Numbers and datetimes that no clock shows are refused alike."""
    with pytest.raises(InvalidValueError):
        event_message(PAID, token="t", distinct_id="u1", time=time, insert_id="i")


def test_early_years_have_four_digits() -> None:
    """Mixpanel reads dates by their shape."""
    assert amount(datetime(33, 1, 2)) == "0033-01-02T00:00:00"


def test_keys_travel_as_plain_text() -> None:
    """A text that is also something else is sent as the text it is."""

    class Key(str, Enum):
        A = "a"

    assert amount({Key.A: 1}) == {"a": 1}


class Label(str):
    """A text that knows more than its letters."""


class Size(int):
    """A number that knows more than its value."""


@pytest.mark.parametrize(
    ("value", "kind", "plain"), [(Label("pro"), str, "pro"), (Size(3), int, 3)]
)
def test_only_the_plain_value_of_a_subclass_travels(
    value: object, kind: type, plain: object
) -> None:
    """What a subclass adds is the caller's, and could change later."""
    travels_as = amount(value)

    assert type(travels_as) is kind
    assert travels_as == plain
