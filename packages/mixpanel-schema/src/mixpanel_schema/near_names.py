"""Near duplicates: names that differ only in their spelling, and mean one thing.

>>> near_key("User Signed Up", event=True) == near_key("Sign Up", event=True)
True
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mixpanel_schema.name_words import PARTICLES, PREPOSITIONS, singular, split_words
from mixpanel_schema.verbs import BASE_FORMS, base_form, is_past

__all__ = ["near_duplicates", "near_key"]

ARTICLES = frozenset(["a", "an", "the"])


def near_key(name: str, *, event: bool) -> str:
    """Give what near names have in common.

    Case, separators, articles and plurals make no difference; in the name of an event
    neither do the tense, a leading "User", nor whether the action comes first.
    """
    spoken = name.replace("+", " plus ").replace("#", " sharp ")
    words = [word.lower() for word in split_words(spoken)]
    words = [word for word in words if word not in ARTICLES] or words
    if not event:
        return "".join(map(singular, words))
    stems = [singular(word) for word in map(base_form, at_base(words))]
    joined: list[str] = []
    for stem in stems:
        if joined and stem in PARTICLES and joined[-1] in BASE_FORMS:
            joined[-1] += stem
        else:
            joined.append(stem)
    if joined[0] == "user" and len(joined) > 1:
        del joined[0]
    if not PREPOSITIONS.intersection(joined):
        joined.sort()
    return "".join(joined)


def at_base(words: list[str]) -> list[str]:
    """Turn a last "viewing" into "view", where nothing else says what was done."""
    last = words[-1]
    if not last.endswith("ing") or any(map(is_past, words)) or len(words) < 2:
        return words
    stem = last.removesuffix("ing")
    for form in (stem, f"{stem}e", stem[:-1]):
        if form in BASE_FORMS:
            return [*words[:-1], form]
    return words


def near_duplicates(
    names: Iterable[str], kept: Mapping[str, int], *, event: bool
) -> dict[str, str]:
    """Find names that are near another one.

    Args:
        names: Names of one kind, in order of declaration.
        kept: How much speaks against keeping a name; of two near names, the one with
            less of it is the one to keep, and of equals the earlier one.
        event: Whether they name events.

    Returns:
        Each name that should go, and the name to keep.
    """
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(near_key(name, event=event), []).append(name)
    found = {}
    for group in groups.values():
        keep = min(group, key=lambda name: kept.get(name, 0))
        found.update({name: keep for name in group if name != keep})
    return found
