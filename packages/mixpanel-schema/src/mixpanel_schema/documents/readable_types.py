"""Types in words, for those who do not read Python."""

from __future__ import annotations

from mixpanel_schema.json_values import Json
from mixpanel_schema.properties import Property
from mixpanel_schema.value_shapes import Shape, shape_of, without_null

__all__ = ["readable_type"]

WORDS = {
    "any": "any",
    "null": "nothing",
    "text": "text",
    "uuid": "text (UUID)",
    "whole": "whole number",
    "number": "number",
    "boolean": "true or false",
    "date": "date",
    "datetime": "date and time",
}


def readable_type(prop: Property) -> str:
    """Say in words what a property's values are.

    >>> readable_type(Property("Tags", type=list[str] | None))
    'list of text'
    """
    return in_words(without_null(shape_of(prop.type)))


def in_words(shape: Shape) -> str:
    """Say in words what values of a shape are."""
    parts = [in_words(part) for part in shape.parts]
    if shape.kind == "choice":
        return alternatives([shown(choice) for choice in shape.choices])
    if shape.kind == "union":
        return alternatives(parts)
    if shape.kind == "list":
        return "list" if parts == ["any"] else f"list of {parts[0]}"
    if shape.kind == "row":
        return f"list of {', '.join(parts)}"
    if shape.kind == "object":
        return "object" if parts == ["any"] else f"object with {parts[0]} as values"
    return WORDS[shape.kind]


def alternatives(words: list[str]) -> str:
    """Write what may stand instead of each other.

    >>> alternatives(["a", "b", "c"])
    'a, b or c'
    """
    return " or ".join([part for part in (", ".join(words[:-1]), words[-1]) if part])


def shown(choice: Json) -> str:
    """Show one choice as it is written in JSON."""
    import json

    return json.dumps(choice, ensure_ascii=False)
