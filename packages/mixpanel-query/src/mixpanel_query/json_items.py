"""Splits the items of a JSON array that arrives in pieces, strictly and quickly.

An array of hundreds of megabytes must not be in memory as a whole, and its items have
no line ends to split at. So a place is guessed where one item ends and the next one
begins, and what lies before it is decoded as an array of its own: that it is one shows
that the guess was right, as inside of an item or a text no array can end. Where
guessing fails, item by item is read, which is slower and needs no guess.
"""

from __future__ import annotations

import json
import re
from codecs import utf_8_decode
from collections.abc import Callable, Sequence
from typing import Final

from mixpanel_query.answers import refuse

__all__ = ["JsonItems"]

# What is decoded at once: items of this many bytes are in memory, or one longer item.
PIECE: Final = 1 << 16
SPACE: Final = b" \t\n\r"
# A value that ends this near to the end of what arrived may go on: "-1.5e+3", "false".
UNSURE: Final = 16
READ_VALUE: Final = json.JSONDecoder(parse_constant=refuse).raw_decode
SKIP_SPACE: Final = re.compile(r"[ \t\n\r]*").match


class JsonItems:
    """The items of one array; feed it with bytes, and close it.

    Attributes:
        is_closed: Whether the end of the array has come.
    """

    def __init__(self) -> None:
        from msgspec.json import Decoder

        self.is_closed = False
        self._decode: Callable[[bytes], list[object]] = Decoder(list[object]).decode
        self._pieces: list[bytes] = []
        self._size = 0
        self._wanted = PIECE
        self._is_open = False
        self._after_comma = False
        self._border = b""

    def feed(self, data: bytes) -> Sequence[object]:
        """Return items that are complete; some may be kept until more has come.

        Raises:
            ValueError: If this cannot become an array; it says why.
        """
        self._pieces.append(data)
        self._size += len(data)
        return () if self._size < self._wanted else self._take(is_end=False)

    def close(self) -> Sequence[object]:
        """Return the items that are left.

        Raises:
            ValueError: If this is no array, or not a whole one; it says why.
        """
        items = self._take(is_end=True)
        if not self._is_open:
            raise ValueError("it is empty")
        if not self.is_closed:
            raise ValueError("it ends in the middle")
        return items

    def rest(self) -> bytes:
        """Return what was taken and not understood yet."""
        return b"".join(self._pieces)

    def _take(self, *, is_end: bool) -> Sequence[object]:
        """Return the items of what has come, and keep what follows them."""
        text = self.rest()
        if not self._is_open:
            text = self._opened(text)
        if self.is_closed or not text:
            items: Sequence[object] = ()
        else:
            guessed = self._guessed(text, is_end=is_end)
            items, text = guessed or self._read(text, is_end=is_end)
        if self.is_closed and text.strip(SPACE):
            self._keep(text)
            raise ValueError("something follows its end")
        self._keep(text)
        return items

    def _keep(self, text: bytes) -> None:
        """Keep what is not complete; look at it again when there is much more.

        An item that takes many pieces is looked at whenever it has doubled, so that
        the work grows with its length and not with the square of it.
        """
        self._pieces, self._size = [text], len(text)
        self._wanted = max(PIECE, 2 * len(text))

    def _opened(self, text: bytes) -> bytes:
        """Leave out the bracket that opens the array."""
        text = text.lstrip(SPACE)
        if not text:
            return text
        if text[:1] != b"[":
            self._keep(text)
            raise ValueError("it is not an array")
        self._is_open = True
        return text[1:]

    def _guessed(
        self, text: bytes, *, is_end: bool
    ) -> tuple[Sequence[object], bytes] | None:
        """Decode the items before a guessed border; None where that fails."""
        if is_end:
            end, whole = len(text), b"[" + text
        elif self._border and (at := text.rfind(self._border)) >= 0:
            end = at + self._border.index(b",")
            whole = b"[" + text[:end] + b"]"
        else:
            return None
        try:
            items = self._decode(whole)
        except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
            return None
        if not items and (self._after_comma or not is_end):
            return None
        self.is_closed, self._after_comma = is_end, not is_end
        return items, text[end + 1 :]

    def _read(self, text: bytes, *, is_end: bool) -> tuple[Sequence[object], bytes]:
        """Decode the items one by one, and learn what is between them."""
        characters, used = utf_8_decode(text, "strict", is_end)
        items: list[object] = []
        starts = [after_space(characters, 0)]
        while not self.is_closed and starts[-1] < len(characters):
            start = starts[-1]
            if characters[start] == "]" and not self._after_comma:
                self.is_closed, starts[-1] = True, start + 1
                break
            try:
                item = read_item(characters, start, is_end=is_end)
            except ValueError:
                self._keep(characters[start:].encode())
                raise
            if item is None:
                break
            value, at = item
            items.append(value)
            self.is_closed = characters[at] == "]"
            self._after_comma = not self.is_closed
            starts.append(after_space(characters, at + 1))
        self._border = border(characters, starts)
        return items, characters[starts[-1] :].encode() + text[used:]


def read_item(
    characters: str, start: int, *, is_end: bool
) -> tuple[object, int] | None:
    """Return an item and where the sign after it is; None if it may not be whole.

    Raises:
        ValueError: If it is no JSON, whatever follows.
    """
    end = len(characters)
    sure = end if is_end else end - UNSURE
    try:
        value, at = READ_VALUE(characters, start)
    except json.JSONDecodeError as error:
        if error.msg.startswith("Unterminated") or error.pos >= sure:
            return None
        raise
    except RecursionError as error:
        raise ValueError("an item is nested too deeply") from error
    at = after_space(characters, at)
    if at < end and characters[at] in ",]":
        return value, at
    if at >= sure:
        return None
    raise ValueError("no comma after an item")


def after_space(characters: str, at: int) -> int:
    """Return where the space that begins at a place ends."""
    match = SKIP_SPACE(characters, at)
    return match.end() if match else at


def border(characters: str, starts: Sequence[int]) -> bytes:
    r"""Return what looks like the border between two items.

    It is the last sign of an item, what is between it and the next one, and what both
    begin with, up to the first name of an object.

    >>> border('{"a":[1]},\n{"a":[2]}, ', [0, 11, 22])
    b'},\n{"a":'
    """
    if len(starts) < 3:
        return b""
    first, second, third = starts[:3]
    items = characters[first:second], characters[second:third]
    comma = items[0].rindex(",")
    end = items[0][:comma].rstrip()
    begin, colon, _ = items[1][:80].partition(":")
    begin += colon
    if not items[0].startswith(begin):
        begin = begin[:1]
    closer = end[-1:] if end[-1:] in '}]"' else ""
    if not begin.startswith(("{", "[", '"')) or begin[:1] != items[0][:1]:
        begin = ""
    return (closer + items[0][len(end) :] + begin).encode()
