"""Identifiers for names: any text becomes a valid one, and no two the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from keyword import iskeyword
from unicodedata import normalize

__all__ = ["Identifiers", "pascal_case", "snake_case"]

# "userName" and "HTTPError" are two words each.
BOUNDARY = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Identifiers:
    """Gives out identifiers, each once.

    Args:
        taken: Identifiers that must not be given out.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = set(taken)

    def take(self, wanted: str, ending: str = "") -> str:
        """Give an identifier like the one wanted, numbered where that is taken.

        >>> known = Identifiers(taken=["plan"])
        >>> known.take("plan"), known.take("class"), known.take("plan")
        ('plan_2', 'class_', 'plan_3')
        """
        found = f"{wanted}{ending}"
        if iskeyword(found):
            found += "_"
        number = 1
        while found in self.taken:
            number += 1
            found = f"{wanted}_{number}{ending}"
        self.taken.add(found)
        return found


def snake_case(name: str, otherwise: str) -> str:
    """Write a name as the identifier of an attribute.

    Args:
        name: Any text.
        otherwise: The word that goes before a number, or stands for a name that has
            nothing of which an identifier could be made.

    >>> snake_case("Order Total (EUR)", "property"), snake_case("$email", "property")
    ('order_total_eur', 'dollar_email')
    >>> snake_case("3 D View", "event"), snake_case("!?", "event")
    ('event_3_d_view', 'event')
    """
    found = "_".join(words(name)).strip("_")
    return found if found.isidentifier() else f"{otherwise}_{found}".strip("_")


def pascal_case(name: str, otherwise: str) -> str:
    """Write a name as the identifier of a class.

    >>> pascal_case("Button/Link Clicked", "Event"), pascal_case("3D shown", "Event")
    ('ButtonLinkClicked', 'Event3dShown')
    """
    found = "".join(normal(word[:1].upper() + word[1:]) for word in words(name))
    return found if found.isidentifier() else f"{otherwise}{found}"


def words(name: str) -> list[str]:
    """Split a name into lower-case words that may stand in an identifier."""
    named = re.sub(r"^\$", "dollar ", name)
    whole = normal(BOUNDARY.sub(" ", normal(named)).lower())
    spaced = "".join(sign if f"a{sign}".isidentifier() else " " for sign in whole)
    return [word for word in re.split(r"[\s_]+", spaced) if word]


def normal(text: str) -> str:
    """Give text the form in which Python compares identifiers."""
    return normalize("NFKC", text)
