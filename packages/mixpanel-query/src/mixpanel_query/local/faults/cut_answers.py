"""Cutting an answer after so many rows, whatever pieces it comes in."""

from __future__ import annotations

import re
import zlib

__all__ = ["Gzip", "RowCutter"]

LINE_END = ord("\n")
SIGNS = re.compile(rb'["\\\[\]{},]')
QUOTE, BACKSLASH, COMMA = b'"\\,'
OPENING, CLOSING = b"[{", b"]}"


class RowCutter:
    """Lets so many rows of an answer through; used by one request.

    Rows are lines, or of JSON what its outermost array or object holds. A JSON answer
    is cut before the comma that follows the row.

    Args:
        rows: How many to let through.
        is_json: Whether the answer is a JSON document.
    """

    def __init__(self, rows: int, *, is_json: bool) -> None:
        self._left = rows
        self._is_json = is_json
        self._depth = 0
        self._in_text = False
        self._is_escaped = False

    @property
    def is_done(self) -> bool:
        """Whether the rows are through, and nothing may follow."""
        return self._left == 0

    def feed(self, data: bytes) -> bytes:
        """Return how much of the next piece may pass."""
        if self.is_done:
            return b""
        end = self._json_end(data) if self._is_json else self._line_end(data)
        return data[:end]

    def _line_end(self, data: bytes) -> int:
        """Return where the last line that may pass ends in a piece."""
        end = 0
        while self._left:
            found = data.find(LINE_END, end)
            if found < 0:
                return len(data)
            end = found + 1
            self._left -= 1
        return end

    def _json_end(self, data: bytes) -> int:
        """Return where the last item that may pass ends in a piece."""
        escaped = 0 if self._is_escaped else -1
        self._is_escaped = False
        for found in SIGNS.finditer(data):
            index, sign = found.start(), data[found.start()]
            if index == escaped:
                continue
            if self._in_text:
                self._in_text = sign != QUOTE
                escaped = index + 1 if sign == BACKSLASH else escaped
            elif sign == COMMA and self._depth == 1:
                self._left -= 1
                if self.is_done:
                    return index
            else:
                self._pass_structure(sign)
        self._is_escaped = escaped == len(data)
        return len(data)

    def _pass_structure(self, sign: int) -> None:
        """Note what a sign outside of texts opens or closes."""
        if sign == QUOTE:
            self._in_text = True
        elif sign in OPENING:
            self._depth += 1
        elif sign in CLOSING:
            self._depth -= 1


class Gzip:
    """Compresses an answer that may end in the middle; used by one request."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(level=6, wbits=31)

    def feed(self, data: bytes) -> bytes:
        """Return the bytes for a piece, so that whoever has them can read the piece."""
        return self._packer.compress(data) + self._packer.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        """Return the end of a stream that is whole."""
        return self._packer.flush()
