"""A property as it is declared, wherever it is declared."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from mixpanel_schema.catalogues import check_name

__all__ = ["Property"]


class QuickKey:
    """What makes a property a quick key, as properties are keys wherever one tracks.

    Python looks ``__hash__`` up in the class, finds a slot, and calls what the object
    has in it: a function in C that gives the number, at half the cost of a method.

    Attributes:
        property_name: The name once more. Nothing but a property has it, so whoever
            reads this one need not ask what it is the name of.
    """

    __slots__ = ("__hash__", "property_name")

    property_name: str


@dataclass(frozen=True, slots=True, eq=False)
class Property(QuickKey):
    """A property of an event, a profile or a group.

    Two properties are equal when their names are: a name means one thing
    throughout a project, whatever is said of it beside the name.

    Attributes:
        name: The name that Mixpanel shows, such as ``"Plan"``; at most 255
            characters.
        type: The type of its values as it stands in an annotation, such as ``int``;
            None for any.
        description: What the property means, for those who read reports.
        pii: Whether its values are personal data, to be masked wherever a person
            may see them outside Mixpanel: logs, panels, commands.

    Raises:
        NameStyleError: If the name is empty, no text, or too long.

    >>> Property("Plan") == Property("Plan", description="What they pay for.")
    True
    """

    name: str
    type: object = field(default=None, kw_only=True, compare=False, repr=False)
    description: str = field(default="", kw_only=True, compare=False, repr=False)
    pii: bool = field(default=False, kw_only=True, compare=False, repr=False)

    def __post_init__(self) -> None:
        check_name("property", self.name)
        object.__setattr__(self, "property_name", self.name)
        # Of an int, ``conjugate`` gives the int itself.
        object.__setattr__(self, "__hash__", hash(self.name).conjugate)

    # The slot itself; ``__eq__`` alone would take it away.
    __hash__ = QuickKey.__hash__  # type: ignore[misc]  # it is no other variable

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Property):
            return NotImplemented
        return self.name == other.name

    # Texts have another hash in each process.
    def __reduce__(self) -> tuple[object, ...]:
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return remade, (type(self), values)


def remade(kind: type[Property], values: dict[str, object]) -> Property:
    """Make a property anew of what another process, or a copy, has of it."""
    return kind(**values)  # type: ignore[arg-type]  # its own fields
