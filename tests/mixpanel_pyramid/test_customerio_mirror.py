"""What an event and a profile are at Customer.io."""

from __future__ import annotations

import datetime as dt
import enum
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_pyramid.customerio_mirror import (
    cut_event_name,
    cut_value,
    event_item,
    profile_item,
    recorded_item,
    ulid,
)
from mixpanel_pyramid.message import encoded
from mixpanel_schema import InvalidValueError, Property
from mixpanel_schema.limits import check

if TYPE_CHECKING:
    from mixpanel_schema.json_values import Json

HEX = "0123456789abcdef0123456789abcdef"
PARIS = dt.timezone(dt.timedelta(hours=2))


class Plan(enum.Enum):
    """A plan, as an app has it."""

    PRO = "pro"
    SINCE = dt.date(2026, 1, 2)


def event(
    props: dict[Property, object], who: str = "joe", name: str = "Paid"
) -> dict[str, Any]:
    """Make an event's item."""
    return event_item(who, name, props, unique="0" * 26, timestamp=1_767_323_045)


def attributes(**values: object) -> Json:
    """Give what values become in a profile."""
    props = {Property(name): value for name, value in values.items()}
    return profile_item("joe", props)["attributes"]


def test_an_event_is_an_item_of_a_batch() -> None:
    """With the id and the moment of the event at Mixpanel."""
    assert event({Property("$price"): 9.5, Property("Currency"): "EUR"}) == {
        "type": "person",
        "action": "event",
        "identifiers": {"id": "joe"},
        "name": "Paid",
        "id": "00000000000000000000000000",
        "timestamp": 1_767_323_045,
        "attributes": {"price": 9.5, "Currency": "EUR"},
    }


def test_a_profile_is_an_item_without_a_time() -> None:
    """Customer.io drops updates that are older than the latest."""
    assert profile_item("joe", {Property("$first_name"): "Joe"}) == {
        "type": "person",
        "action": "identify",
        "identifiers": {"id": "joe"},
        "attributes": {"first_name": "Joe"},
    }


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("text", "text"),
        ("Å" * 500, "Å" * 500),
        (True, True),
        (7, 7),
        (0.5, 0.5),
        (None, None),
        (Decimal("9.50"), 9.5),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (dt.datetime(2026, 1, 2, 3, 4, 5), 1_767_323_045),
        (dt.datetime(2026, 1, 2, 3, 4, 5, 600_000), 1_767_323_046),
        (dt.datetime(2026, 1, 2, 5, 4, 5, tzinfo=PARIS), 1_767_323_045),
        (dt.datetime(1969, 12, 31, 23, 59, 58, tzinfo=dt.timezone.utc), -2),
        (dt.date(2026, 1, 2), 1_767_312_000),
        (dt.date(1, 1, 1), -62_135_596_800),
        (Plan.PRO, "pro"),
        (Plan.SINCE, 1_767_312_000),
        ((1, dt.date(1970, 1, 2)), [1, 86_400]),
        ([[dt.datetime(1970, 1, 1, 0, 1)]], [[60]]),
        ({"at": dt.datetime(1970, 1, 1, 0, 1), "n": 1}, {"at": 60, "n": 1}),
        (frozenset({1}), [1]),
    ],
    ids=repr,
)
def test_a_value_has_one_form(value: object, sent: object) -> None:
    """Dates are epoch seconds wherever they are, naive ones in UTC."""
    assert attributes(value=value) == {"value": sent}
    assert event({Property("value"): value})["attributes"] == {"value": sent}
    json.dumps(sent, allow_nan=False)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), b"bytes", object(), {1: 2}, "\ud800"],
    ids=["nan", "inf", "bytes", "object", "key", "surrogate"],
)
def test_what_is_not_json_is_refused(value: object) -> None:
    """As it is for Mixpanel."""
    with pytest.raises(InvalidValueError):
        attributes(value=value)


def test_what_holds_itself_is_refused() -> None:
    """Before anything follows it for ever."""
    circle: list[object] = []
    circle.append(circle)

    with pytest.raises(InvalidValueError, match="deep"):
        attributes(value=circle)


def test_the_callers_values_are_copied() -> None:
    """Later changes to them do not matter."""
    basket = [{"sku": "a"}]
    sent = attributes(basket=basket)
    basket[0]["sku"] = "b"
    basket.append({"sku": "c"})

    assert sent == {"basket": [{"sku": "a"}]}


def test_dollars_leave_all_names() -> None:
    """As in pyramid_mixpanel; ``$created`` becomes what Customer.io calls it."""
    props: dict[Property, object] = {
        Property("$first_name"): "Joe",
        Property("US$ paid"): 1,
        Property("$created"): dt.date(1970, 1, 2),
    }

    assert profile_item("joe", props)["attributes"] == {
        "first_name": "Joe",
        "US paid": 1,
        "created_at": 86_400,
    }
    assert event(props)["attributes"] == {
        "first_name": "Joe",
        "US paid": 1,
        "created": 86_400,
    }


@pytest.mark.parametrize("first", ["$email", "email"])
def test_of_two_names_that_become_one_the_later_counts(first: str) -> None:
    """As in a dict that is written twice, and as in pyramid_mixpanel."""
    second = {"$email": "email", "email": "$email"}[first]
    props: dict[Property, object] = {Property(first): 1, Property(second): 2}

    assert profile_item("joe", props)["attributes"] == {"email": 2}
    assert event(props)["attributes"] == {"email": 2}


def test_a_name_of_dollars_alone_is_refused() -> None:
    """Nothing would be left of it."""
    with pytest.raises(InvalidValueError, match="no name without"):
        profile_item("joe", {Property("$$"): 1})


@pytest.mark.parametrize("name", ["id", "$id", "cio_id", "_timestamp"])
def test_a_profile_says_nothing_of_whose_or_when_it_is(name: str) -> None:
    """Another id is an error over there, and an old time loses the update."""
    with pytest.raises(InvalidValueError, match="own and not for a profile"):
        profile_item("joe", {Property(name): "ann"})


def test_a_profile_may_repeat_its_id() -> None:
    """Many apps keep the id among the properties."""
    assert attributes(id="joe") == {"id": "joe"}


def test_a_hex_insert_id_and_its_ulid_are_the_same_128_bits() -> None:
    """In Crockford's base 32; see https://github.com/ulid/spec."""
    assert ulid("0" * 32, "Paid", "joe") == "00000000000000000000000000"
    assert ulid("f" * 32, "Paid", "joe") == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"
    assert ulid("F" * 32, "Paid", "joe") == "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"
    assert ulid(HEX, "Paid", "joe") == "014D2PF2DBSQQG28T5CY4TQKFF"


@given(st.integers(min_value=0, max_value=2**128 - 1))
def test_a_ulid_can_be_read_back(bits: int) -> None:
    """Nothing of the insert id is lost."""
    text = ulid(f"{bits:032x}", "Paid", "joe")
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

    assert len(text) == 26
    assert text[0] <= "7"
    assert sum(digits.index(d) << 5 * i for i, d in enumerate(text[::-1])) == bits


@pytest.mark.parametrize(
    "insert_id",
    ["order-17", "é" * 32, "_" * 32, "0x" + "0" * 30, HEX[:-1], HEX + "0", HEX + "\n"],
)
def test_another_insert_id_becomes_a_digest(insert_id: str) -> None:
    """The same one always; what Mixpanel tells apart, it tells apart."""
    text = ulid(insert_id, "Paid", "joe")

    assert len(text) == 26
    assert text[0] <= "7"
    assert text == ulid(insert_id, "Paid", "joe")
    assert text not in {
        ulid(insert_id + "x", "Paid", "joe"),
        ulid(insert_id, "Shipped", "joe"),
        ulid(insert_id, "Paid", "ann"),
    }


def test_a_digest_stays_what_it_was() -> None:
    """An event tracked again after an upgrade is still the same."""
    assert ulid("order-17", "Paid", "joe") == "7PJ1JSWKVYTXV1JEQYZ9CCHYGX"


@pytest.mark.parametrize(
    ("props", "message"),
    [
        ({"a": "x" * 1001}, "a: 1001 bytes, at most 1000 are taken"),
        ({"a": "é" * 501}, "a: 1002 bytes, at most 1000 are taken"),
        ({"a": ["x" * 1000]}, "a: 1004 bytes, at most 1000 are taken"),
        ({"$" + "n" * 151: 1}, "n: 151 bytes, at most 150 are taken"),
        ({f"a{n}": n for n in range(301)}, "301 attributes, at most 300 are taken"),
        (
            {f"a{n}": "\n" * 1000 for n in range(40)},
            "bytes of JSON, at most 32767 are taken",
        ),
    ],
    ids=["text", "bytes", "list", "name", "number", "item"],
)
def test_a_profile_within_limits_is_taken(
    props: dict[str, object], message: str
) -> None:
    """What Customer.io would not take is refused, and named."""
    with pytest.raises(InvalidValueError, match=message):
        attributes(**props)


@pytest.mark.parametrize(
    ("props", "who", "name", "message"),
    [
        ({}, "j" * 151, "Paid", "id: 151 bytes, at most 150"),
        ({}, "joe", "é" * 51, "name: 102 bytes, at most 100"),
        ({"a": "x" * 32_768}, "joe", "Paid", "bytes of JSON, at most 32767"),
        ({"a": "é" * 6_000}, "joe", "Paid", "bytes of JSON, at most 32767"),
        ({"n" * 151: 1}, "joe", "Paid", "151 bytes, at most 150"),
    ],
    ids=["id", "name", "item", "escaped", "property"],
)
def test_an_event_within_limits_is_taken(
    props: dict[str, object], who: str, name: str, message: str
) -> None:
    """It is measured as it is sent."""
    carried = {Property(key): value for key, value in props.items()}
    with pytest.raises(InvalidValueError, match=message):
        event(carried, who, name)


def test_what_an_event_says_may_be_longer_than_an_attribute() -> None:
    """The 1,000 bytes are for attributes of people."""
    basket = [{"sku": f"{n:03}", "name": "a shirt", "price": 9.5} for n in range(99)]

    sent = event({Property("Basket"): basket, Property("Note"): "n" * 5_000})
    assert len(sent["attributes"]["Basket"]) == 99
    assert len(sent["attributes"]["Note"]) == 5_000


TEXTS = st.text(max_size=1_100)
VALUES = st.one_of(TEXTS, st.integers(), st.floats(), st.none(), st.lists(TEXTS))


@given(
    st.dictionaries(st.text(max_size=170), VALUES, max_size=60),
    st.text(min_size=1, max_size=160),
    st.text(min_size=1, max_size=110),
)
def test_no_item_breaks_a_limit(values: dict[str, object], who: str, name: str) -> None:
    """What is not refused is taken, however odd."""
    props: dict[Property, object] = {}
    for key, value in values.items():
        try:
            props[Property(key)] = value
        except ValueError:  # the schema itself refuses the name
            continue
    for make in (lambda: profile_item(who, props), lambda: event(props, who, name)):
        try:
            item = make()
        except InvalidValueError:
            continue
        assert len(encoded(item)) < 32 * 1024
        assert len(who.encode()) <= 150
        if item["action"] == "identify":
            assert check(item) == []
        else:
            body = {"name": item["name"], "data": item["attributes"]}
            assert check(body) == []


def test_an_event_is_recorded_as_pyramid_mixpanel_does() -> None:
    """Its properties stand beside whose it is."""
    item = event({Property("$referrer"): "https://a"})

    assert recorded_item(item) == {
        "customer_id": "joe",
        "name": "Paid",
        "referrer": "https://a",
    }


def test_a_profile_is_recorded_as_pyramid_mixpanel_does() -> None:
    """Its attributes stand beside whose it is."""
    item = profile_item("joe", {Property("$email"): "joe@example.com"})

    assert recorded_item(item) == {"id": "joe", "email": "joe@example.com"}


def test_texts_are_cut_between_characters() -> None:
    """They stay valid Unicode, or are left for the check to refuse."""
    assert cut_value("x" * 999 + "é") == "x" * 999
    assert cut_value("\ud800") == "\ud800"
    assert cut_event_name("x" * 99 + "é") == "x" * 99
    assert cut_event_name("Paid") == "Paid"
