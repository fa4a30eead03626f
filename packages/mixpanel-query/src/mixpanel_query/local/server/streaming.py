"""Answers that are sent in pieces."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

__all__ = ["ClosingStream"]


class ClosingStream(StreamingResponse):
    """An answer that lets go of what it comes from, also when its client has left.

    Otherwise a process or a cursor would be kept until Python collects its garbage.
    """

    def __init__(
        self,
        chunks: Iterable[bytes],
        source: Generator[bytes, None, None],
        media_type: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare the answer.

        Args:
            chunks: Its pieces.
            source: What they come from, which is closed at the end.
            media_type: Its type.
            headers: More headers.
        """
        super().__init__(chunks, media_type=media_type, headers=headers)
        self._source = source

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer as far as there is somebody who takes it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            # No thread is in it any more: they are waited for, whatever happens.
            self._source.close()
