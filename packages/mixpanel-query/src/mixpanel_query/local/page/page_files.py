"""The files of the page, and the headers that keep other people's code out of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from starlette.responses import Response

__all__ = ["FILES", "page_file"]

FOLDER: Final = Path(__file__).with_name("files")
MEDIA_TYPES: Final = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
FILES: Final = frozenset(
    path.name for path in FOLDER.iterdir() if path.suffix in MEDIA_TYPES
)

# Nothing but these files is loaded or run, no text is taken for markup, and no other
# page can hold this one: https://www.w3.org/TR/CSP3/ and
# https://www.w3.org/TR/trusted-types/.
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def page_file(name: str) -> Response:
    """Return the answer that has a file, which must be one of `FILES`."""
    kind = MEDIA_TYPES[Path(name).suffix]
    return Response(content_of(name), media_type=kind, headers=HEADERS)


@cache
def content_of(name: str) -> str:
    """Return what is in a file."""
    return (FOLDER / name).read_text("utf-8")
