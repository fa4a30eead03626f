"""Request bodies of the ingestion API: from bytes to records.

A body is JSON (an object or an array), newline-delimited JSON, or a form whose field
``data`` holds JSON, plain or in base64; events may be gzipped.
https://developer.mixpanel.com/reference/track-event
https://developer.mixpanel.com/reference/import-events
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping, Sized
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.records.surrogate_pairs import with_joined_pairs

__all__ = ["MOST_BYTES", "form_fields", "parse_records", "refuse_constant", "unpack"]

# https://developer.mixpanel.com/reference/import-events
MOST_BYTES = 10 * 1024 * 1024
MOST_RECORDS = 2000

# Each copies what follows it, and tools that split a file make at most a few.
MOST_MEMBERS = 300

# Mixpanel documents a depth of 3 for what it keeps; this only protects the reader.
DEEPEST = 100


def unpack(body: bytes, encoding: str, *, gzip_allowed: bool) -> bytes:
    """Return the body as it was before it was packed.

    Args:
        body: What arrived, at most ``MOST_BYTES``.
        encoding: The header ``Content-Encoding``; empty for a plain body.
        gzip_allowed: Whether this endpoint takes gzip.

    Raises:
        RequestRefusedError: 413 if it unpacks to more than ``MOST_BYTES``; 400 if it
            cannot be unpacked, or must not be packed.
    """
    if encoding in ("", "identity"):
        return body
    if encoding != "gzip" or not gzip_allowed:
        raise RequestRefusedError(
            400, f"Content-Encoding {encoding[:40]!r} is not supported here"
        )
    unpacked = b""
    members = 0
    while body:
        members += 1
        if members > MOST_MEMBERS:
            raise RequestRefusedError(
                400, f"the body is more than {MOST_MEMBERS} gzip files; send one"
            )
        # A gzip file may consist of several, one after the other.
        member = zlib.decompressobj(wbits=31)
        try:
            unpacked += member.decompress(body, MOST_BYTES + 1 - len(unpacked))
        except zlib.error as error:
            raise RequestRefusedError(400, "the body is not gzip") from error
        if len(unpacked) > MOST_BYTES:
            raise too_large()
        if not member.eof:
            raise RequestRefusedError(400, "the gzip body is cut short")
        body = member.unused_data
    return unpacked


def too_large() -> RequestRefusedError:
    """Return the documented error for a body that is too large."""
    return RequestRefusedError(413, f"request exceeds max limit of {MOST_BYTES} bytes")


def form_fields(body: bytes) -> dict[str, str] | None:
    """Return the fields of a form, or None if the body is JSON.

    The content type does not decide, because browsers and curl say "form" of JSON.

    Raises:
        RequestRefusedError: If the form is not UTF-8.
    """
    if body.lstrip()[:1] in (b"{", b"["):
        return None
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=100
        )
    except ValueError as error:
        raise RequestRefusedError(
            400, "the body is neither JSON nor a form in UTF-8"
        ) from error
    return dict(pairs)


def parse_records(
    body: bytes, form: Mapping[str, str] | None, content_type: str
) -> list[object]:
    """Return the records of a body, in their order.

    Raises:
        RequestRefusedError: If it holds no JSON, or too much of it.
    """
    if form is not None:
        body = form_data(form)
    if content_type.partition(";")[0].strip() == "application/x-ndjson":
        lines = [line for line in body.split(b"\n") if line.strip()]
        refuse_many(lines)
        return [parse_json(line) for line in lines]
    parsed = json_value(body)
    if isinstance(parsed, list):
        # This comes first, as it takes long to look into millions of records.
        refuse_many(parsed)
    refuse_depth(parsed, DEEPEST)
    return parsed if isinstance(parsed, list) else [parsed]


def refuse_many(records: Sized) -> None:
    """Refuse more records than a request may have."""
    if len(records) > MOST_RECORDS:
        raise RequestRefusedError(
            413, f"request holds {len(records)} records; the limit is {MOST_RECORDS}"
        )


def form_data(form: Mapping[str, str]) -> bytes:
    """Return the JSON that a form's field ``data`` holds."""
    data = form.get("data", "").strip()
    if not data:
        raise RequestRefusedError(
            400, "the body is neither JSON nor a form with 'data'"
        )
    if data[0] in "{[":
        return data.encode()
    try:
        # A browser may have turned "+" into a space.
        unpacked = base64.b64decode(data.replace(" ", "+"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RequestRefusedError(
            400, "data is neither JSON nor JSON in base64"
        ) from error
    return with_joined_pairs(unpacked)


def parse_json(text: bytes) -> Any:  # noqa: ANN401 - JSON enters here
    """Return the value of a JSON text.

    Raises:
        RequestRefusedError: If it is no JSON, not in UTF-8, or nested too deeply.
    """
    value = json_value(text)
    refuse_depth(value, DEEPEST)
    return value


def json_value(text: bytes) -> Any:  # noqa: ANN401 - here too
    """Return the value of a JSON text, however deeply it is nested."""
    try:
        return read_json(text)
    except UnicodeDecodeError as error:
        raise RequestRefusedError(400, "the body should be valid utf8") from error
    except RecursionError as error:
        raise too_deep() from error
    except ValueError as error:
        raise RequestRefusedError(400, f"the body is not JSON: {error}") from error


def refuse_depth(value: object, levels: int) -> None:
    """Refuse a JSON value that is nested more than ``levels`` deep."""
    if is_deeper(value, levels):
        raise too_deep()


def refuse_constant(constant: str) -> None:
    """Refuse NaN and Infinity, which Python reads and JSON does not have."""
    message = f"{constant} is no JSON number"
    raise ValueError(message)


def read_json(text: bytes) -> Any:  # noqa: ANN401 - JSON enters here
    """Return the value of a JSON text, as the standard library reads it."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # It is faster, and stricter: numbers that no float holds, half characters.
        return json.loads(text.decode(), parse_constant=refuse_constant)


def is_deeper(value: object, levels: int) -> bool:
    """Tell whether a JSON value is nested more than ``levels`` deep."""
    layer = [value]
    for _ in range(levels):
        layer = [
            child
            for each in layer
            if isinstance(each, dict | list)
            for child in (each.values() if isinstance(each, dict) else each)
            if isinstance(child, dict | list)
        ]
        if not layer:
            return False
    return True


def too_deep() -> RequestRefusedError:
    """Return the error for JSON that is nested too deeply."""
    return RequestRefusedError(
        400, f"the JSON is nested too deeply; at most {DEEPEST} levels are read"
    )
