"""Names in paths, which the web server would end at the end of a line."""

from __future__ import annotations

from typing import Final

from starlette.convertors import Convertor, register_url_convertor

__all__ = ["ANY_TEXT"]

# How a route writes it: f"/{{name:{ANY_TEXT}}}".
ANY_TEXT: Final = "text"


class AnyText(Convertor[str]):
    """What a path names, with all slashes and ends of lines in it."""

    regex = r"[\s\S]*"

    def convert(self, value: str) -> str:
        """Return the name as it stands in the path."""
        return value

    def to_string(self, value: str) -> str:
        """Return the name as it would stand in a path."""
        return value


register_url_convertor(ANY_TEXT, AnyText())
