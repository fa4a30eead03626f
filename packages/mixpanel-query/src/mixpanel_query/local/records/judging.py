"""What judges say of a record: that it is refused, or what became of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import msgspec

__all__ = ["Notes", "Refusal", "check_size", "check_storable"]


class Refusal(Exception):
    """Why a record is refused.

    Attributes:
        field: The part of the record that is wrong, such as ``properties.time``.
        message: What is wrong with it.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(slots=True)
class Notes:
    """What is to be said of one record that is not refused, one sentence each.

    Attributes:
        changes: What is kept otherwise than it came.
        remarks: What its sender may want to know beside that.
    """

    changes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def check_storable(field: str, value: object) -> str:
    """Return the JSON text of a value that a JSON document can really hold.

    Raises:
        Refusal: If it holds half a character, or a number like 1e999, which Python
            reads as infinity.
    """
    try:
        packed = msgspec.json.encode(value)
    except (ValueError, OverflowError, TypeError, RecursionError):
        packed = None
    # It writes null for what is no number of JSON.
    if packed is not None and b"null" not in packed:
        return packed.decode()
    try:
        text = json.dumps(
            value, ensure_ascii=False, allow_nan=False, separators=(",", ":")
        )
        text.encode()
    except UnicodeEncodeError as error:
        raise Refusal(field, f"'{field}': string should be valid utf8") from error
    except ValueError as error:
        raise Refusal(field, f"'{field}' holds a number out of range") from error
    return text


# https://developer.mixpanel.com/reference/import-events says 1MB, and counts other
# megabytes in powers of two.
FEWER_BYTES_THAN = 1024 * 1024


def check_size(noun: str, record: object) -> None:
    """Refuse a record that has too many bytes as JSON.

    Raises:
        Refusal: If it has; its field is empty, as the whole record is to blame.
    """
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    size = len(text.encode("utf-8", "surrogatepass"))
    if size >= FEWER_BYTES_THAN:
        raise Refusal(
            "", f"{noun} must be smaller than 1 MB of JSON; this one has {size:,} bytes"
        )
