"""Tests of mixpanel_query.json_items."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mixpanel_query import json_items
from mixpanel_query.json_items import JsonItems

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
ITEMS = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=6,
)
SEPARATORS = st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t: ")])


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at what has come after 40 bytes, so that short arrays take many looks."""
    monkeypatch.setattr(json_items, "PIECE", 40)


def read(pieces: Iterable[bytes]) -> list[object]:
    """Read an array that comes in pieces."""
    array = JsonItems()
    items = [item for piece in pieces for item in array.feed(piece)]
    return items + list(array.close())


def cut(text: bytes, size: int) -> list[bytes]:
    """Cut a text into pieces of one size."""
    return [text[start : start + size] for start in range(0, len(text), size)]


@given(
    st.lists(ITEMS, max_size=20),
    SEPARATORS,
    st.booleans(),
    st.integers(min_value=1, max_value=100),
    st.sampled_from(["", "\n", " \r\n\t"]),
)
def test_any_array_cut_anywhere(
    array: list[object],
    separators: tuple[str, str],
    is_ascii: bool,
    size: int,
    space: str,
) -> None:
    """Whatever is in an array and wherever it is cut, it is what json says."""
    text = json.dumps(array, separators=separators, ensure_ascii=is_ascii)
    text = f"{space}[{space}{text[1:-1]}{space}]{space}"

    assert read(cut(text.encode(), size)) == json.loads(text)


@given(
    st.lists(st.fixed_dictionaries({"key": ITEMS, "value": SCALARS}), max_size=30),
    st.integers(min_value=1, max_value=300),
)
def test_rows_of_one_shape(rows: list[object], size: int) -> None:
    """Rows as JQL gives them are read, whether or not the guess of a border is good."""
    text = json.dumps(rows)

    assert read(cut(text.encode(), size)) == json.loads(text)


@pytest.mark.parametrize(
    "item",
    [
        '{"key": "},{\\"key\\": ", "value": 1}',
        '{"key": [{"key": 1},{"key": 2}], "value": "],["}',
        '{"key": "\\\\", "value": "\\\\\\""}',
        '{"key": "\\ud800", "value": 123456789012345678901234567890}',
        '{"key": "\u2028\x7f\U0001f600", "value": 1e400}',
        '"\\",\\"", ","',
        "[[[]]], [[],[]]",
        "-0.0, 1E+2, true, null",
    ],
)
@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
def test_what_looks_like_a_border(item: str, size: int) -> None:
    """Commas, brackets and quotes inside of items end none of them."""
    text = "[" + ",".join([item] * 20) + "]"

    assert read(cut(text.encode(), size)) == json.loads(text)


@given(st.lists(ITEMS, min_size=1), st.integers(min_value=1, max_value=50), st.data())
def test_cut_array_is_an_error(
    array: list[object], size: int, data: st.DataObject
) -> None:
    """Whatever is missing from the end of an array, it is not taken for a whole one."""
    text = json.dumps(array).encode()
    kept = data.draw(st.integers(min_value=0, max_value=len(text) - 1))

    with pytest.raises(ValueError, match=r"middle|empty|Expecting|escape"):
        read(cut(text[:kept], size))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"[", "ends in the middle"),
        (b"[1,", "ends in the middle"),
        (b'["a', "ends in the middle"),
        (b"[1]2", "something follows its end"),
        (b"[1]]", "something follows its end"),
        (b"[1],[2]", "something follows its end"),
        (b'[1]{"error": "x"}', "something follows its end"),
        (b"[1]\xff", "0xff"),
        (b"[1 2]", "no comma"),
        (b"[1,]", "Expecting value"),
        (b"[,1]", "Expecting value"),
        (b"[1,,2]", "Expecting value"),
        (b"[01]", "no comma"),
        (b"[NaN]", "NaN is not JSON"),
        (b"[-Infinity]", "-Infinity is not JSON"),
        (b'["a\nb"]', "control character"),
        (b'["\\x"]', "escape"),
        (b'["\xff"]', "can't decode byte 0xff"),
        (b'["\xc4', "unexpected end of data"),
        (b"\xef\xbb\xbf[1]", "not an array"),
        (b'{"error": "x"}', "not an array"),
        (b"<html>", "not an array"),
        (b"null", "not an array"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" + b"1" * 5000 + b"]", "limit"),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("before", [b"", b'{"a": 1}, ' * 10])
def test_what_is_no_array(text: bytes, problem: str, size: int, before: bytes) -> None:
    """What is not JSON, or goes on after its end, is an error that says so."""
    if before and text[:1] == b"[" and text[1:2] not in b"[,":
        text = b"[" + before + text[1:]

    with pytest.raises(ValueError, match=problem):
        read(cut(text, size))


def test_error_comes_early() -> None:
    """What can never become an array is not gathered until its end."""
    array = JsonItems()

    with pytest.raises(ValueError, match="no comma"):
        array.feed(b"[1, 2 export terminated early " + b"x" * 100)


def test_last_duplicate_counts() -> None:
    """Of a name that an object has twice the last value counts, as in json."""
    assert read([b'[{"a": 1, "a": 2}]']) == [{"a": 2}]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Items that were handed over are forgotten."""
    monkeypatch.setattr(json_items, "PIECE", 1 << 18)
    array, count = JsonItems(), 0
    piece = b'{"key": ["a", "b"], "value": {"count": 1}},' * 1500
    array.feed(b"[")
    tracemalloc.start()

    for _ in range(300):
        for _item in array.feed(piece):
            count += 1
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count > 440_000
    assert peak < 8_000_000


def test_work_grows_with_the_length(monkeypatch: pytest.MonkeyPatch) -> None:
    """One item of many pieces is looked at a few times, not with each of them."""
    looks = []
    look = JsonItems._read

    def counted(array: JsonItems, text: bytes, *, is_end: bool) -> object:
        looks.append(len(text))
        return look(array, text, is_end=is_end)

    monkeypatch.setattr(JsonItems, "_read", counted)

    items = read(cut(b'["' + b"x" * 100_000 + b'"]', 40))

    assert items == ["x" * 100_000]
    assert sum(looks) < 4 * 100_000
