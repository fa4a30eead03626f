"""The bytes that Mixpanel's library for browsers makes of emoji.

Before it turns JSON into base64, it writes each half of a surrogate pair as three
bytes, which is no UTF-8 (it is known as CESU-8).
https://github.com/mixpanel/mixpanel-js/blob/master/src/utils.js
"""

from __future__ import annotations

from mixpanel_query.local.rules.basis import rests_on

__all__ = ["with_joined_pairs"]


def with_joined_pairs(text: bytes) -> bytes:
    r"""Return UTF-8 for a text whose surrogate pairs are written half by half.

    What is UTF-8 already, or cannot be made so, is returned as it is.

    >>> with_joined_pairs(b"tea \xed\xa0\xbd\xed\xb8\x80").decode()
    'tea 😀'
    >>> with_joined_pairs(b"half \xed\xa0\xbd")
    b'half \xed\xa0\xbd'
    """
    try:
        text.decode()
    except UnicodeDecodeError:
        pass
    else:
        return text
    try:
        halves = text.decode("utf-8", "surrogatepass")
        joined = halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeError:
        return text
    rests_on("surrogate-pairs")
    return joined.encode()
