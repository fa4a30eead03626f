"""Documents as JSON text, in ASCII, and strict: no NaN.

With ``orjson`` where it is installed (extra ``fast``), as this is done in requests.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

__all__ = ["decoded", "encoded", "plain_encoder", "quick_encoder"]

Encoder = Callable[[object], str]
HAS_ORJSON = find_spec("orjson") is not None


def plain_encoder() -> Encoder:
    """Make the encoder of the standard library."""
    encoder = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:  # another Python than CPython
        return encoder.encode
    # As ``encode`` does for each call anew: markers, default, strings, no indent.
    pieces = make(
        None,
        encoder.default,
        json.encoder.encode_basestring_ascii,
        None,
        ":",
        ",",
        False,
        False,
        False,
    )

    def encode(document: object) -> str:
        """Write a document that holds no circle."""
        return "".join(pieces(document, 0))

    return encode


def quick_encoder() -> Encoder | None:
    """Make the encoder of ``orjson``; None where it is not installed."""
    if not HAS_ORJSON:
        return None
    dumps = import_module("orjson").dumps
    otherwise = plain_encoder()

    def encode(document: object) -> str:
        """Write a document, as the standard library would."""
        try:
            text: bytes = dumps(document)
        except TypeError:  # numbers of over 64 bits, halves of surrogate pairs
            return otherwise(document)
        return text.decode() if text.isascii() else otherwise(document)

    return encode


encoded = quick_encoder() or plain_encoder()
# Of documents that were encoded here.
decoded: Callable[[str], Any] = (
    import_module("orjson").loads if HAS_ORJSON else json.loads
)
