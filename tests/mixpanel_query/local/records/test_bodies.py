"""Bodies of the ingestion API."""

from __future__ import annotations

import base64
import gzip
import json
import tracemalloc

import pytest

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.records.bodies import (
    MOST_BYTES,
    form_fields,
    parse_records,
    unpack,
)

RECORD = {"event": "Sign Up", "properties": {"token": "t", "Größe": "é"}}
JSON = json.dumps(RECORD)


def records(body: bytes, content_type: str = "") -> list[object]:
    """Return the records of a body."""
    return parse_records(body, form_fields(body), content_type)


@pytest.mark.parametrize(
    "body",
    [
        JSON.encode(),
        f" \n[{JSON}]".encode(),
        b"verbose=1&data=" + JSON.encode().replace(b"\\", b"%5C"),
        b"data=" + base64.b64encode(JSON.encode()).replace(b"+", b"%2B"),
        b"data=" + base64.b64encode(JSON.encode()),
    ],
    ids=["object", "array", "form", "base64", "base64 with plus signs"],
)
def test_record_is_read_however_it_is_sent(body: bytes) -> None:
    """Object, array, form and base64 give the same record."""
    assert records(body) == [RECORD]


def test_base64_survives_a_form_that_turns_plus_into_space() -> None:
    """A plus sign that a browser did not escape is still one."""
    text = base64.b64encode(b'["\xc2\xbe\xc3\xbb\xc3\xaf~~~>>>"]')
    assert b"+" in text

    assert records(b"data=" + text) == ["\u00be\u00fb\u00ef~~~>>>"]


def test_ndjson_is_split_at_line_feeds_only() -> None:
    """Blank lines are skipped, and U+2028 inside a value ends no line."""
    body = '{"a": "x\u2028y"}\n\n{"b": 1}\n'.encode()

    assert records(body, "application/x-ndjson; charset=utf-8") == [
        {"a": "x\u2028y"},
        {"b": 1},
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "neither JSON nor a form with 'data'"),
        (b"data=", "neither JSON nor a form with 'data'"),
        (b"nonsense", "neither JSON nor a form with 'data'"),
        (b"\xff\xfe", "neither JSON nor a form in UTF-8"),
        (b"data=%FF", "neither JSON nor a form in UTF-8"),
        (b"data=!!!", "data is neither JSON nor JSON in base64"),
        (b"data=/w==", "the body should be valid utf8"),
        (b'{"a": "\xff"}', "the body should be valid utf8"),
        (b'{"a": ', "the body is not JSON"),
        (b'{"a": NaN}', "NaN is no JSON number"),
        (b'{"a": -Infinity}', "-Infinity is no JSON number"),
        (b"[" + b"9" * 5000 + b"]", "the body is not JSON"),
        (b"[" * 20_000, "nested too deeply"),
        (b'[{"a":' * 60 + b"1" + b"}]" * 60, "nested too deeply"),
    ],
)
def test_unreadable_body_is_refused(body: bytes, message: str) -> None:
    """What is no JSON gets 400 and says why."""
    with pytest.raises(RequestRefusedError, match=message) as caught:
        records(body)

    assert caught.value.status == 400


def test_more_than_2000_records_are_refused() -> None:
    """2,000 records are taken, one more gets 413, so that clients halve the batch."""
    assert len(records(json.dumps([1] * 2000).encode())) == 2000

    with pytest.raises(RequestRefusedError, match="2001 records") as caught:
        records(json.dumps([1] * 2001).encode())

    assert caught.value.status == 413


def test_gzip_is_unpacked() -> None:
    """A gzip body may have several members; a plain one is left as it is."""
    packed = gzip.compress(b"[1,") + gzip.compress(b"2]")

    assert unpack(packed, "gzip", gzip_allowed=True) == b"[1,2]"
    assert unpack(b"[1]", "", gzip_allowed=False) == b"[1]"
    assert unpack(b"[1]", "identity", gzip_allowed=False) == b"[1]"


def test_largest_gzip_body_is_unpacked() -> None:
    """The limit counts what is unpacked, and holds exactly."""
    assert len(unpack(gzip.compress(b"0" * MOST_BYTES), "gzip", gzip_allowed=True)) == (
        10_485_760
    )


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(b"0" * (MOST_BYTES + 1), mtime=0),
        gzip.compress(b"0" * MOST_BYTES, mtime=0) + gzip.compress(b"0", mtime=0),
    ],
    ids=["one member", "two members"],
)
def test_gzip_bomb_is_refused(body: bytes) -> None:
    """A small body that unpacks to a large one gets 413, without being unpacked."""
    with pytest.raises(RequestRefusedError, match="exceeds max limit") as caught:
        unpack(body, "gzip", gzip_allowed=True)

    assert caught.value.status == 413


@pytest.mark.parametrize(
    ("body", "encoding", "allowed", "message"),
    [
        (b"[1]", "gzip", True, "the body is not gzip"),
        (gzip.compress(b"[1]", mtime=0)[:-4], "gzip", True, "cut short"),
        (gzip.compress(b"[1]", mtime=0), "gzip", False, "'gzip' is not supported here"),
        (b"[1]", "br", True, "'br' is not supported here"),
    ],
)
def test_other_packing_is_refused(
    body: bytes, encoding: str, allowed: bool, message: str
) -> None:
    """What cannot or must not be unpacked gets 400."""
    with pytest.raises(RequestRefusedError, match=message) as caught:
        unpack(body, encoding, gzip_allowed=allowed)

    assert caught.value.status == 400


def test_gzip_files_after_each_other_are_counted() -> None:
    """A few are one body; so many that copying them takes minutes are refused."""
    one = gzip.compress(b" ")

    assert unpack(one * 300, "gzip", gzip_allowed=True) == b" " * 300
    with pytest.raises(RequestRefusedError, match="more than 300 gzip files"):
        unpack(one * 301, "gzip", gzip_allowed=True)


@pytest.mark.parametrize("levels", [100, 101])
def test_depth_has_a_limit(levels: int) -> None:
    """An array of records counts as a level too."""
    text = b"[" * levels + b"]" * levels
    if levels == 100:
        assert parse_records(text, None, "application/json")
        return
    with pytest.raises(RequestRefusedError, match="at most 100 levels"):
        parse_records(text, None, "application/json")


def test_bomb_is_unpacked_no_further_than_the_limit() -> None:
    """A hundred megabytes that were packed into 100 KB take the memory of ten."""
    bomb = gzip.compress(bytes(100 << 20), compresslevel=6)
    tracemalloc.start()
    try:
        with pytest.raises(RequestRefusedError) as refused:
            unpack(bomb, "gzip", gzip_allowed=True)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert refused.value.status == 413
    assert peak < 50 << 20
