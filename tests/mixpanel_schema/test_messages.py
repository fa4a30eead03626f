"""Messages: equal to the official library's, and JSON whatever is given."""

import json
import math
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from uuid import UUID

import mixpanel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_schema import (
    Event,
    InvalidValueError,
    ProfileMetaProperties,
    Property,
    UndeclaredNameError,
    event_message,
    group_message,
    profile_message,
)

MOMENT = 1_790_000_000.25
INSERT_ID = "0123456789abcdef0123456789abcdef"
PAID = Event("Paid")
AMOUNT = Property("Amount")


class Plan(Enum):
    """An enumeration whose values travel."""

    PRO = "pro"


class Recorder:
    """A consumer that keeps what the official library hands it."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, dict[str, object]]] = []

    def send(self, endpoint: str, json_message: str, *_: object) -> None:
        """Keep one message."""
        self.messages.append((endpoint, json.loads(json_message)))


@pytest.fixture
def official(monkeypatch: pytest.MonkeyPatch) -> mixpanel.Mixpanel:
    """Make the official library record, with a fixed clock and insert id."""
    library = mixpanel.Mixpanel("token", consumer=Recorder())
    monkeypatch.setattr(library, "_now", lambda: MOMENT)
    monkeypatch.setattr(library, "_make_insert_id", lambda: INSERT_ID)
    return library


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


def test_an_event_equals_the_official_librarys(official: mixpanel.Mixpanel) -> None:
    """Field by field; only the version named differs, because the library does."""
    official.track("u1", "Paid", {"Amount": 7, "Currency": "EUR"})
    endpoint, expected = official._consumer.messages[0]

    ours = event_message(
        PAID,
        {AMOUNT: 7, Property("Currency"): "EUR"},
        token="token",
        distinct_id="u1",
        time=MOMENT,
        insert_id=INSERT_ID,
    )

    assert endpoint == "events"
    assert expected["properties"].pop("$lib_version") == mixpanel.__version__
    assert ours["properties"].pop("$lib_version") == "0.1.0"
    assert ours == expected


def test_a_profile_update_equals_the_official_librarys(
    official: mixpanel.Mixpanel,
) -> None:
    """The meta properties stand beside the operation, as the library puts them."""
    official.people_set("u1", {"$name": "Jo"}, meta={"$ip": "0"})

    assert (
        profile_message(
            "$set",
            {Property("$name"): "Jo"},
            token="token",
            distinct_id="u1",
            time=MOMENT,
            meta={ProfileMetaProperties.dollar_ip: "0"},
        )
        == (official._consumer.messages[0][1])
    )


def test_unset_and_delete_equal_the_official_librarys(
    official: mixpanel.Mixpanel,
) -> None:
    """``$unset`` takes names, ``$delete`` takes nothing."""
    official.people_unset("u1", ["Plan"])
    official.people_delete("u1")
    to = {"token": "token", "distinct_id": "u1", "time": MOMENT}

    assert [
        profile_message("$unset", [Property("Plan")], **to),
        profile_message("$delete", **to),
    ] == [message for _, message in official._consumer.messages]


def test_an_unknown_operation_is_refused() -> None:
    """The message lists what may be done to a profile."""
    with pytest.raises(InvalidValueError, match="'\\$put' is unknown; use one of"):
        profile_message("$put", {}, token="t", distinct_id="u1", time=MOMENT)


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
    basket = {"items": ["tea"]}
    message = paid(basket)
    basket["items"].append("milk")

    assert message["properties"]["Amount"] == {"items": ["tea"]}


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
    ("operation", "value", "call", "arguments"),
    [
        ("$set", {AMOUNT: 7}, "people_set", ({"Amount": 7},)),
        ("$set_once", {AMOUNT: 7}, "people_set_once", ({"Amount": 7},)),
        ("$add", {AMOUNT: 7}, "people_increment", ({"Amount": 7},)),
        ("$append", {AMOUNT: 7}, "people_append", ({"Amount": 7},)),
        ("$union", {AMOUNT: [7]}, "people_union", ({"Amount": [7]},)),
        ("$remove", {AMOUNT: 7}, "people_remove", ({"Amount": 7},)),
        ("$unset", [AMOUNT], "people_unset", (["Amount"],)),
        ("$delete", None, "people_delete", ()),
    ],
)
def test_every_profile_operation_equals_the_official_librarys(
    official: mixpanel.Mixpanel,
    operation: str,
    value: object,
    call: str,
    arguments: tuple[object, ...],
) -> None:
    """Field by field, for each thing that may be done to a profile."""
    getattr(official, call)("u1", *arguments)
    endpoint, expected = official._consumer.messages[0]
    ours = profile_message(
        operation, value, token="token", distinct_id="u1", time=MOMENT
    )

    assert endpoint == "people"
    assert ours == expected


@pytest.mark.parametrize(
    ("operation", "value", "call", "arguments"),
    [
        ("$set", {AMOUNT: 7}, "group_set", ({"Amount": 7},)),
        ("$set_once", {AMOUNT: 7}, "group_set_once", ({"Amount": 7},)),
        ("$union", {AMOUNT: [7]}, "group_union", ({"Amount": [7]},)),
        ("$remove", {AMOUNT: 7}, "group_remove", ({"Amount": 7},)),
        ("$unset", [AMOUNT], "group_unset", (["Amount"],)),
        ("$delete", None, "group_delete", ()),
    ],
)
def test_every_group_operation_equals_the_official_librarys(
    official: mixpanel.Mixpanel,
    operation: str,
    value: object,
    call: str,
    arguments: tuple[object, ...],
) -> None:
    """Field by field, for each thing that may be done to a group."""
    getattr(official, call)("Company", "acme", *arguments)
    endpoint, expected = official._consumer.messages[0]
    ours = group_message(
        operation,
        value,
        token="token",
        group_key="Company",
        group_id="acme",
        time=MOMENT,
    )

    assert endpoint == "groups"
    assert ours == expected


@pytest.mark.parametrize(
    ("operation", "value", "message"),
    [
        ("$add", {AMOUNT: "7"}, "'Amount' of \\$add is no number"),
        ("$add", {AMOUNT: True}, "'Amount' of \\$add is no number"),
        (
            "$union",
            {AMOUNT: 7},
            "'Amount' of \\$union is no filled list of texts or numbers",
        ),
        (
            "$union",
            {AMOUNT: []},
            "'Amount' of \\$union is no filled list of texts or numbers",
        ),
        ("$set", [AMOUNT], "'\\$set' takes properties with values"),
    ],
)
def test_an_operation_refuses_what_it_does_not_take(
    operation: str, value: object, message: str
) -> None:
    """What the server would ignore is refused here."""
    with pytest.raises(InvalidValueError, match=message):
        profile_message(operation, value, token="t", distinct_id="u1", time=MOMENT)


def test_groups_do_not_count() -> None:
    """Mixpanel has no ``$add`` for groups, so there is no such message."""
    with pytest.raises(InvalidValueError, match="'\\$add' is unknown"):
        group_message(
            "$add", {AMOUNT: 1}, token="t", group_key="k", group_id="g", time=MOMENT
        )


@pytest.mark.parametrize("given", ["Amount", None, 7], ids=repr)
def test_what_is_no_property_is_refused_by_name(given: object) -> None:
    """A loose text among the properties is one clear error, for all messages."""
    with pytest.raises(UndeclaredNameError, match="use the attribute of a catalogue"):
        event_message(
            PAID,
            {given: 7},
            token="t",
            distinct_id="u1",
            time=MOMENT,
            insert_id=INSERT_ID,
        )
    with pytest.raises(UndeclaredNameError, match="use the attribute of a catalogue"):
        profile_message("$set", {given: 7}, token="t", distinct_id="u1", time=MOMENT)
    with pytest.raises(UndeclaredNameError, match="use the attribute of a catalogue"):
        profile_message("$unset", [given], token="t", distinct_id="u1", time=MOMENT)


@pytest.mark.parametrize("time", ["yesterday", None, True, b"1"], ids=repr)
def test_a_time_of_another_kind_is_refused(time: object) -> None:
    """The message says what a time may be."""
    with pytest.raises(InvalidValueError, match="give epoch seconds or a datetime"):
        event_message(PAID, token="t", distinct_id="u1", time=time, insert_id="i")


@pytest.mark.parametrize("name", ["token", "distinct_id", "insert_id"])
@pytest.mark.parametrize("given", [7, None, b"x", ["a"]], ids=repr)
def test_an_id_that_is_no_text_is_refused(name: str, given: object) -> None:
    """Numbers have to be written as text, because 7 and "7" would be two users."""
    wire = {"token": "t", "distinct_id": "u1", "insert_id": INSERT_ID, name: given}

    with pytest.raises(InvalidValueError, match="give text"):
        event_message(PAID, time=MOMENT, **wire)


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


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("$insert_id", "bad id !! longer than thirty-six bytes", "insert_id"),
        ("distinct_id", "anonymous", "means nobody"),
        ("distinct_id", None, "give text"),
        ("time", 5, "before 1971"),
        ("time", "yesterday", "give epoch seconds"),
        ("token", b"x", "not JSON"),
    ],
)
def test_a_property_in_the_place_of_an_id_is_checked_like_it(
    name: str, value: object, message: str
) -> None:
    """Replacing the id or the time with a property is no way around the rules."""
    with pytest.raises(InvalidValueError, match=message):
        event_message(
            PAID,
            {Property(name): value},
            token="t",
            distinct_id="user-1",
            time=MOMENT,
            insert_id=INSERT_ID,
        )


@pytest.mark.parametrize("token", ["\ud800", "x" * 300])
def test_an_impossible_token_is_refused(token: str) -> None:
    """A token is text within the limits like any other."""
    with pytest.raises(InvalidValueError):
        event_message(
            PAID, token=token, distinct_id="u1", time=MOMENT, insert_id=INSERT_ID
        )


def test_a_uuid_as_text_is_an_insert_id() -> None:
    """36 characters with dashes are the longest that is taken; the null one is not."""
    wire = {"token": "t", "distinct_id": "u1", "time": MOMENT}
    made = event_message(PAID, insert_id="0f8fad5b-d9cb-469f-a165-70867728950e", **wire)

    assert made["properties"]["$insert_id"] == "0f8fad5b-d9cb-469f-a165-70867728950e"
    with pytest.raises(InvalidValueError, match="means nobody"):
        event_message(PAID, insert_id=str(UUID(int=0)), **wire)


@pytest.mark.parametrize("name", ["$set", "$token", "$distinct_id"])
def test_meta_cannot_replace_what_the_message_is(name: str) -> None:
    """Otherwise a mistake would write to another profile, or something else."""
    with pytest.raises(InvalidValueError, match="would replace the message's own"):
        profile_message(
            "$set",
            {AMOUNT: 1},
            token="t",
            distinct_id="u1",
            time=MOMENT,
            meta={Property(name): "x"},
        )


@pytest.mark.parametrize("value", [[True], [None], [{"a": 1}], [[1]]], ids=repr)
def test_union_takes_texts_and_numbers(value: list[object]) -> None:
    """The server ignores other items, so they are refused here."""
    with pytest.raises(InvalidValueError, match="no filled list of texts or numbers"):
        profile_message(
            "$union", {AMOUNT: value}, token="t", distinct_id="u1", time=MOMENT
        )


@pytest.mark.parametrize("operation", [[], None, 7], ids=repr)
def test_an_operation_that_is_no_text_is_refused(operation: object) -> None:
    """Whatever is given for an operation, there is one error."""
    with pytest.raises(InvalidValueError, match="is unknown; use one of"):
        profile_message(operation, {}, token="t", distinct_id="u1", time=MOMENT)


def test_a_single_property_is_no_list_of_them() -> None:
    """A forgotten pair of brackets is one clear error."""
    with pytest.raises(InvalidValueError, match="takes a list of properties"):
        profile_message("$unset", AMOUNT, token="t", distinct_id="u1", time=MOMENT)
