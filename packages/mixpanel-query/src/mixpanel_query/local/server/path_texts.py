"""Names and numbers in paths.

The web server's own would end a name at the end of a line, and fail at a number that is
longer than Python reads.
"""

from __future__ import annotations

from typing import Final

from starlette.convertors import Convertor, register_url_convertor

__all__ = ["ANY_TEXT", "NUMBER"]

# How a route writes it: f"/{{name:{ANY_TEXT}}}".
ANY_TEXT: Final = "text"
NUMBER: Final = "number"


class AnyText(Convertor[str]):
    """What a path names, with all slashes and ends of lines in it."""

    regex = r"[\s\S]*"

    def convert(self, value: str) -> str:
        """Return the name as it stands in the path."""
        return value

    def to_string(self, value: str) -> str:
        """Return the name as it would stand in a path."""
        return value


class Number(Convertor[int]):
    """A number, of as many digits as anything that is counted here can have."""

    regex = "[0-9]{1,18}"

    def convert(self, value: str) -> int:
        """Return the number."""
        return int(value)

    def to_string(self, value: int) -> str:
        """Return the number as it would stand in a path."""
        return str(value)


register_url_convertor(ANY_TEXT, AnyText())
register_url_convertor(NUMBER, Number())
