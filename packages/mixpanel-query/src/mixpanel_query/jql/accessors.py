"""What a query looks at: properties, paths, and what JavaScript makes of an item.

Wherever an accessor is taken, it may be one of these:

* a text, which is a path as JQL has it: ``"name"``, ``"properties.Plan"``, ``"value"``;
* a declared `mixpanel_schema.Property`, or `prop`, for a property of any name;
* `js`, for a function in JavaScript;
* `numeric_bucket` or `to_number`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, Union

from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.jql.parts import (
    AccessorPart,
    JavaScript,
    MultipleKeys,
    NumericBucket,
    Path,
    Prop,
    Slice,
    ToNumber,
)
from mixpanel_query.names import name_of

if TYPE_CHECKING:
    from mixpanel_schema import Property

__all__ = ["Accessor", "accessor_part", "js", "prop"]

Accessor: TypeAlias = Union[str, "Property", AccessorPart]


def js(text: str, **values: object) -> JavaScript:
    """Take a function in JavaScript as it is.

    Args:
        text: The function. It is code: put no value from outside into it.
        **values: What it reads from ``params``, by name.

    Raises:
        InvalidQueryError: If the text is empty.

    >>> is_plan = js("(item) => item.properties.Plan == params.plan", plan="Pro")
    >>> is_plan.values
    (('plan', 'Pro'),)
    """
    if not isinstance(text, str) or not text.strip():
        problem = f"{text!r} is no JavaScript"
        raise InvalidQueryError(f"{problem}; write a function, such as (e) => e.name")
    return JavaScript(text.strip(), tuple(values.items()))


def prop(named: Property | str, *, of: Literal["event", "user"] | None = None) -> Prop:
    """Take the value of a property, whatever signs its name has.

    Args:
        named: The property.
        of: In a join, whose it is.

    Raises:
        InvalidQueryError: If the name is empty, or ``of`` is something else.

    >>> prop("a.b")
    Prop(name='a.b', of=None)
    """
    if of not in (None, "event", "user"):
        raise InvalidQueryError(f"of {of!r} is unknown; use event or user")
    return Prop(name_of(named), of)


def accessor_part(given: Accessor) -> AccessorPart:
    """Return what an accessor stands for.

    Raises:
        InvalidQueryError: If it is none.
    """
    if isinstance(given, (Path, Prop, JavaScript, NumericBucket, ToNumber)):
        return given
    if isinstance(given, str):
        if not given:
            raise InvalidQueryError('a path is empty; write one such as "properties.x"')
        return Path(given)
    if isinstance(given, (MultipleKeys, Slice)):
        problem = f"{given!r} is a key, not a value"
        raise InvalidQueryError(f"{problem}; it stands in the keys of a group_by")
    return Prop(name_of(given))
