"""Near duplicates: names that differ only in their spelling, and mean one thing.

>>> near_key("User Signed Up", event=True) == near_key("Sign Up", event=True)
True
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from mixpanel_schema.name_words import PARTICLES, PREPOSITIONS, singular, split_words
from mixpanel_schema.spellings import american, misspelt
from mixpanel_schema.verbs import BASE_FORMS, base_form, is_past

__all__ = ["near_duplicates", "near_key", "numbered"]

ARTICLES = frozenset(["a", "an", "the"])
# What the number belongs to: each line of an address is a property of its own.
NUMBERED_PARTS = frozenset(["address", "line", "street"])
SHORTEST_MISSPELT = 8


def near_key(name: str, *, event: bool) -> str:
    """Give what near names have in common.

    Case, separators, articles and plurals make no difference; in the name of an event
    neither do the tense, a leading "User", nor whether the action comes first.
    """
    words = near_words(name, event=event)
    ordered = event and not PREPOSITIONS.intersection(words)
    return "".join(sorted(words) if ordered else words)


def near_words(name: str, *, event: bool) -> list[str]:
    """Give the words of a name, each in the form in which it is compared."""
    words = plain_words(name)
    if not event:
        return [*map(singular, words)]
    joined: list[str] = []
    for stem in (singular(word) for word in map(base_form, at_base(words))):
        if joined and stem in PARTICLES and joined[-1] in BASE_FORMS:
            joined[-1] += stem
        else:
            joined.append(stem)
    if joined[0] == "user" and len(joined) > 1:
        del joined[0]
    return joined


def plain_words(name: str) -> list[str]:
    """Give the words of a name in lower case and one spelling."""
    spoken = name.replace("+", " plus ").replace("#", " sharp ")
    words = [american(word.lower()) for word in split_words(spoken)]
    # Signs alone are compared as they stand.
    return [word for word in words if word not in ARTICLES] or words or [name]


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
        words = near_words(name, event=event)
        # As it is spoken, too: "Web Site Deployed" and "Website Deployed".
        keys = near_key(name, event=event), " " + "".join(words)
        known = next((groups[key] for key in keys if key in groups), [])
        known.append(name)
        for key in keys:
            groups.setdefault(key, known)
    found = {}
    for group in [*groups.values(), *misspelt_pairs(groups)]:
        keep = min(group, key=lambda name: kept.get(name, 0))
        found.update({name: keep for name in group if name != keep})
    return found


def misspelt_pairs(groups: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Find pairs of names of which one misspells a long word of the other."""
    alike: dict[tuple[str, ...], dict[str, str]] = {}
    for group in groups.values():
        words = plain_words(group[0])
        for place, word in enumerate(words):
            if len(word) >= SHORTEST_MISSPELT:
                ends = word[0] + word[-1] + str(place)
                rest = (*words[:place], ends, *words[place + 1 :])
                alike.setdefault(rest, {})[word] = group[0]
    for names in alike.values():
        for (word, name), (other, near) in combinations(names.items(), 2):
            if misspelt(word, other):
                yield [name, near]


def numbered(names: Iterable[str]) -> dict[str, list[str]]:
    """Find names that number the items of one list: "Item 1", "Item 2".

    Returns:
        Each such name, and all that share its words.
    """
    groups: dict[str, list[str]] = {}
    for name in names:
        found = re.fullmatch(r"(.*?([^\W\d_]+))[\s_]*\d{1,3}", name)
        if found and found[2].lower() not in NUMBERED_PARTS:
            groups.setdefault(found[1].lower(), []).append(name)
    return {name: group for group in groups.values() if group[1:] for name in group}
