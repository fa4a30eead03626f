"""Rules of segmentation expressions, in where, on and selectors."""

from __future__ import annotations

from typing import Final

from mixpanel_query.local.rules.rule import DOCS, REFERENCE, Rule

__all__ = ["EXPRESSIONS"]

EXPRESSIONS: Final = (
    Rule(
        "expressions",
        "documented",
        "Expressions have the operators, casts, types and errors of the documentation; "
        "an undefined condition is not met.",
        f"{REFERENCE}segmentation-expressions",
    ),
    Rule(
        "boolean-casts",
        "documented",
        'boolean() of "false", 0, null, undefined and the empty text is false, and of '
        "everything else true.",
        f"{DOCS}data-structure/property-reference/data-type",
    ),
    Rule(
        "null-is-no-value",
        "assumed",
        "Null is no value: defined() of it is false, and /events/properties and "
        "/events/properties/values leave it out.",
        f"{REFERENCE}segmentation-expressions calls defined() true for any value, and "
        "null a value that is handled internally.",
    ),
    Rule(
        "order-of-texts",
        "assumed",
        "Two texts have no order: comparing them with > or < is undefined.",
        f"{REFERENCE}segmentation-expressions tells of numbers, and of values whose "
        "types differ.",
    ),
    Rule(
        "lists-in-expressions",
        "assumed",
        "A property that is a list is searched by in; string() and number() of a list "
        "or an object are undefined.",
        "The documentation shows in with texts and with lists that stand in the "
        "expression, and the casts of other values.",
    ),
    Rule(
        "rounding-halves",
        "assumed",
        "round() of a half is the number farther from 0.",
        "The documentation does not say which one it is.",
    ),
    Rule(
        "datetimes",
        "observed",
        "datetime() takes a text in the project's timezone, unless it has an offset, "
        "and numbers up to 4294967295 as seconds, larger ones as milliseconds.",
        "mixpanel_headless 0.4.0 writes them so; the documentation shows one text.",
    ),
)
