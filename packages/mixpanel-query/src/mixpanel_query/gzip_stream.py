"""Decompression of a body that arrives in pieces, which notices a missing end."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

__all__ = ["GzipStream"]

PIECE = 1 << 20
GZIP = 16 + zlib.MAX_WBITS


class GzipStream:
    """A gzip stream fed piece by piece; memory stays bounded whatever it unpacks to.

    Attributes:
        is_complete: Whether the last member had its end, checksum included.
    """

    def __init__(self) -> None:
        self._member = zlib.decompressobj(GZIP)
        self.is_complete = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what ``data`` unpacks to, at most a megabyte at a time.

        Raises:
            zlib.error: If it is not gzip, or a checksum is wrong.
        """
        while data:
            if self._member.eof:
                self._member = zlib.decompressobj(GZIP)
            yield self._member.decompress(data, PIECE)
            self.is_complete = self._member.eof
            data = self._member.unused_data or self._member.unconsumed_tail
