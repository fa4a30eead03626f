"""Reads an answer that is one large JSON array while it arrives, item by item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mixpanel_query.answers import error_text, one_line
from mixpanel_query.exceptions import (
    MixpanelQueryError,
    NoAnswerError,
    UnreadableAnswerError,
)
from mixpanel_query.gzip_stream import GzipStream
from mixpanel_query.json_items import JsonItems
from mixpanel_query.wire import QueryRequest

__all__ = ["JsonArrayReader"]

SHOWN: Final = 4096


class JsonArrayReader:
    """Reads the items of an array from the pieces of its body; does no I/O itself.

    Call `start`, then `feed` for each piece, then `finish`. In memory are 64 KiB of
    items, or one item that is longer. An answer that was cut may be asked
    for again as long as no item was handed over: afterwards nobody can tell which
    items are new, as their order is not promised.

    Attributes:
        request: What is asked.
        rows: How many items were handed over.
    """

    def __init__(self, request: QueryRequest) -> None:
        self.request = request
        self.rows = 0
        self._source = ""
        self._gzip: GzipStream | None = None
        self._items: JsonItems | None = None

    def start(
        self,
        source: str,
        headers: Mapping[str, str],
        *,
        status: int = 200,
        version: str = "HTTP/1.1",
    ) -> None:
        """Take who answers, and what the head of the answer says of the body.

        Raises:
            UnreadableAnswerError: If it is compressed with something else than gzip.
        """
        self._source, self._items, self._gzip = source, JsonItems(), None
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding == "gzip":
            self._gzip = GzipStream()
        elif encoding not in ("identity", ""):
            raise self._unreadable(f"its encoding is {encoding!r}, not gzip")

    def feed(self, data: bytes) -> Iterator[object]:
        """Yield items that are complete with ``data``.

        Raises:
            UnreadableAnswerError: If this is not the beginning of a JSON array.
        """
        if self._gzip is None:
            yield from self._taken(data)
            return
        for piece in self._gzip.feed(data, self._unreadable):
            yield from self._taken(piece)

    def finish(self) -> Iterator[object]:
        """Yield the items that are left, and check that the array is whole.

        Raises:
            UnreadableAnswerError: If it is not.
            NoAnswerError: If its compression has no end, and nothing was handed over.
        """
        if self._gzip is not None and not self._gzip.is_complete:
            raise self.cut("its gzip has no end")
        yield from self._taken(None)

    def cut(self, problem: str) -> MixpanelQueryError:
        """Make the error of an answer that is not whole."""
        said = f"{self._source} answered {self.request.path}, and was cut after "
        message = f"{said}{self.rows} items: {problem}; ask again"
        if self.rows:
            return UnreadableAnswerError(message, request=self.request)
        return NoAnswerError(message, request=self.request)

    def _taken(self, data: bytes | None) -> Iterator[object]:
        """Yield what is complete with ``data``; None is the end."""
        if self._items is None:
            raise RuntimeError("start comes first")
        try:
            items = self._items.close() if data is None else self._items.feed(data)
        except ValueError as error:
            raise self._unreadable(self._what_is_wrong(error)) from error
        for item in items:
            self.rows += 1
            yield item

    def _what_is_wrong(self, error: ValueError) -> str:
        """Say in which way the body is no array of JSON, with the place."""
        if isinstance(error, UnicodeDecodeError):
            return f"not UTF-8 ({error.reason}) after {self.rows} items"
        rest = self._items.rest() if self._items else b""
        shown = rest.strip()[:SHOWN].decode("utf-8", "replace")
        if shown.startswith("{") and not self.rows:
            return f"it is an object, not an array: {error_text(shown)}"
        at = f" at {one_line(shown)!r}" if shown else ""
        return f"not a JSON array after {self.rows} items ({error}){at}"

    def _unreadable(self, problem: str) -> UnreadableAnswerError:
        """Make the error that says in which way the answer is not as documented."""
        said = f"{self._source} answered {self.request.path} not as documented: "
        remedy = "check base_url, and report it to mixpanel-query if that is right"
        return UnreadableAnswerError(f"{said}{problem}; {remedy}", request=self.request)
