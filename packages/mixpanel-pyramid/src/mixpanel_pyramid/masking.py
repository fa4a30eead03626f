"""Secrets, masked in what a server answers.

A server, or a proxy before it, may repeat in its answer what was sent to it. What an
answer says is logged, and kept with what was refused.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import quote

from mixpanel_pyramid.answers import Attempt

__all__ = ["Mask"]

SHORT = 8  # characters; what is shorter is no secret, and may be in any text
TELLING = 4  # characters at which an answer may be cut, in the middle of a secret


class Mask:
    """Masks secrets, in each form in which they were sent.

    Args:
        secrets: The secrets; None and texts that are too short to be one are left out.
        pairs: Users and passwords, which travel together.

    >>> Mask(["0123456789abcdef"]).text("no project 0123456789abcdef")
    'no project …'
    """

    def __init__(
        self, secrets: Iterable[str | None], pairs: Iterable[tuple[str, str]] = ()
    ) -> None:
        found = {text for each in secrets if each for text in forms(each)}
        for user, password in pairs:
            found.add(b64encode(f"{user}:{password}".encode()).decode())
        # The longest first, as one may be a part of another.
        self.texts = sorted((t for t in found if len(t) >= SHORT), key=len)[::-1]

    def text(self, text: str) -> str:
        """Mask the secrets in a text, also one that its end cuts."""
        for secret in self.texts:
            text = text.replace(secret, "…")
        for secret in self.texts:
            for length in range(min(len(secret), len(text)), TELLING - 1, -1):
                if text.endswith(secret[:length]):
                    text = f"{text[:-length]}…"
                    break
        return text

    def attempt(self, attempt: Attempt) -> Attempt:
        """Mask the secrets in what is said of an attempt."""
        if not (attempt.reason or attempt.refused):
            return attempt
        refused = tuple((index, self.text(why)) for index, why in attempt.refused)
        return replace(attempt, reason=self.text(attempt.reason), refused=refused)


def forms(secret: str) -> Iterator[str]:
    """Give a secret as it is, and as it stands in a form or an address."""
    yield secret
    yield quote(secret, safe="")
    yield quote(secret)
