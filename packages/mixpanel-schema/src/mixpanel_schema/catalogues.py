"""Catalogues: ordinary classes whose attributes are events or properties."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from mixpanel_schema.exceptions import MixpanelSchemaError, NameStyleError

__all__ = ["LONGEST_NAME", "Catalogue", "check_name", "members", "nearest"]

# Longer names are cut by the server: https://developer.mixpanel.com/reference/import-events
LONGEST_NAME = 255

Member = TypeVar("Member")


class Catalogue:
    """Names declared as class attributes, to be subclassed by an app.

    A subclass may be plain or a ``@dataclass(frozen=True)``. Two instances of one
    class are equal; instances are immutable by convention and may be shared by
    threads.
    """

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}()"


def members(
    catalogue: type[Catalogue] | Catalogue, kind: type[Member]
) -> dict[str, Member]:
    """List what a catalogue holds, by attribute, inherited members first.

    Args:
        catalogue: The class, or an instance of it.
        kind: What its members are: ``Event`` or ``Property``.

    Raises:
        MixpanelSchemaError: If an annotated attribute holds anything else, which is
            nearly always a forgotten ``Event(…)`` or ``Property(…)``.

    >>> from mixpanel_schema import Event, Events
    >>> list(members(Events, Event))[:2]
    ['page_viewed', 'button_link_clicked']
    """
    owner = catalogue if isinstance(catalogue, type) else type(catalogue)
    attributes: dict[str, None] = {}
    for base in reversed(owner.__mro__):
        attributes.update(dict.fromkeys(vars(base)))
    attributes.update(dict.fromkeys(getattr(catalogue, "__dict__", ())))
    found = {}
    for attribute in attributes:
        if attribute.startswith("_"):
            continue
        value = getattr(catalogue, attribute)
        if isinstance(value, kind):
            found[attribute] = value
        elif not callable(value):
            message = (
                f"{owner.__qualname__}.{attribute} is {value!r}; "
                f"a catalogue holds {kind.__name__} objects: "
                f"write {attribute} = {kind.__name__}(…)"
            )
            raise MixpanelSchemaError(message)
    return found


def check_name(kind: str, name: object) -> None:
    """Refuse what cannot be the name of an event or of a property.

    Args:
        kind: What is named, for the message: ``"event"`` or ``"property"``.
        name: The name.

    Raises:
        NameStyleError: If the name is no text, blank, too long, or no valid Unicode.

    >>> check_name("event", "Site Deployed")
    >>> check_name("event", " ")
    Traceback (most recent call last):
    mixpanel_schema.exceptions.NameStyleError: event name ' ' is blank; give it a name
    """
    if not isinstance(name, str):
        message = f"{kind} name {name!r} is a {type(name).__name__}; a name is text"
        raise NameStyleError(message)
    if not name.strip():
        raise NameStyleError(f"{kind} name {name!r} is blank; give it a name")
    if len(name) > LONGEST_NAME:
        message = (
            f"{kind} name {name[:40]!r}… has {len(name)} characters; "
            f"at most {LONGEST_NAME} are kept: shorten it"
        )
        raise NameStyleError(message)
    if not name.isascii() and any(
        "\ud800" <= character <= "\udfff" for character in name
    ):
        message = f"{kind} name {name!r} has half a surrogate pair; give valid Unicode"
        raise NameStyleError(message)


def nearest(given: object, known: Iterable[str]) -> str:
    """Write the hint which known name was probably meant; empty where none is near.

    >>> nearest("Page Veiwed", ["Page Viewed", "User Signed Up"])
    "; nearest is 'Page Viewed'"
    """
    from difflib import get_close_matches  # only on the way to an error

    near = get_close_matches(str(getattr(given, "name", given)), known, 1)
    return f"; nearest is {near[0]!r}" if near else ""
