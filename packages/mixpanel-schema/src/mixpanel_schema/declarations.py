"""A property as it is declared, wherever it is declared."""

from __future__ import annotations

from dataclasses import dataclass, field

from mixpanel_schema.catalogues import check_name

__all__ = ["Property"]


@dataclass(frozen=True, slots=True, eq=False)
class Property:
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

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Property):
            return NotImplemented
        return self.name == other.name

    # Written by hand, because properties are keys wherever something is tracked.
    def __hash__(self) -> int:
        return hash(self.name)
