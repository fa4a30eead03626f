"""Decompression of a body that arrives in pieces, which notices a missing end."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final

__all__ = ["BrokenGzipError", "GzipStream"]

PIECE: Final = 1 << 18
GZIP: Final = 16 + zlib.MAX_WBITS


class BrokenGzipError(ValueError):
    """Bytes that are not gzip, or that were changed on their way."""


class GzipStream:
    """A gzip stream fed piece by piece; memory stays bounded whatever it unpacks to.

    Where isal is installed, as it is on common machines, it takes half the time.

    Attributes:
        is_complete: Whether the last member had its end, checksum included.
    """

    def __init__(self) -> None:
        self._library, self._errors = inflating()
        self._member = self._library.decompressobj(GZIP)
        self.is_complete = False

    def feed(
        self, data: bytes, refusal: Callable[[str], Exception] = BrokenGzipError
    ) -> Iterator[bytes]:
        """Yield what ``data`` unpacks to, at most a quarter of a megabyte at a time.

        Args:
            data: The next bytes.
            refusal: Makes the error to raise if it is not gzip, or a checksum is wrong,
                of what is wrong.
        """
        while data:
            if self._member.eof:
                self._member = self._library.decompressobj(GZIP)
            try:
                piece = self._member.decompress(data, PIECE)
            except self._errors as error:
                raise refusal(f"its gzip is broken ({error})") from error
            yield piece
            self.is_complete = self._member.eof
            data = self._member.unused_data or self._member.unconsumed_tail


def inflating() -> tuple[Any, type[Exception]]:
    """Return what inflates, and the error that it raises."""
    try:
        from isal import isal_zlib
    except ImportError:  # a machine that it is not made for
        return zlib, zlib.error
    errors: type[Exception] = getattr(isal_zlib, "error")  # noqa: B009  # typed as an error
    return isal_zlib, errors
