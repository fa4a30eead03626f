"""Which declared name was probably meant by one that is not declared."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import Final, NamedTuple

from mixpanel_schema.near_names import near_duplicates

__all__ = ["Near", "near_names"]

NEAR: Final = 0.75
# In shorter names, one letter may well make another one.
SHORTEST: Final = 5


class Near(NamedTuple):
    """A declared name that is near one that is not.

    Attributes:
        name: The declared name.
        is_misspelt: Whether the other can only be a misspelling of it.
    """

    name: str
    is_misspelt: bool


def near_names(
    unknown: Collection[str], declared: Iterable[str], *, event: bool
) -> dict[str, Near]:
    """Find the declared names that unknown ones are near to.

    Args:
        unknown: Names that are not declared.
        declared: Names that are.
        event: Whether they name events, in which tense and order make no difference.

    >>> near_names(["sign_up", "User Signed In"], ["User Signed Up"], event=True)
    {'sign_up': Near(name='User Signed Up', is_misspelt=True), \
'User Signed In': Near(name='User Signed Up', is_misspelt=False)}
    """
    known = list(declared)
    alike = near_duplicates([*known, *unknown], dict.fromkeys(unknown, 1), event=event)
    by_key = {name.casefold(): name for name in known}
    found = {}
    for name in unknown:
        if alike.get(name) in by_key.values():
            found[name] = Near(alike[name], is_misspelt=True)
            continue
        key = name.casefold()
        near = get_close_matches(key, by_key, n=1, cutoff=NEAR)
        if near:
            found[name] = Near(by_key[near[0]], is_slip(key, near[0]))
    return found


def is_slip(name: str, other: str) -> bool:
    """Tell whether two names differ by one slip of the fingers.

    Two letters are swapped, or one is missing; one that is another may well make
    another word, and one digit more another number.

    >>> is_slip("sing up", "sign up"), is_slip("page 1", "page 12")
    (True, False)
    """
    short, long = sorted((name, other), key=len)
    if len(short) < SHORTEST or len(long) - len(short) > 1 or short == long:
        return False
    pairs = enumerate(zip(short, long, strict=False))
    place = next((at for at, (a, b) in pairs if a != b), len(short))
    if len(short) == len(long):
        swapped = short[place + 1 : place + 2] + short[place]
        return long == short[:place] + swapped + short[place + 2 :]
    return long[place].isalpha() and short[place:] == long[place + 1 :]
