"""Better names for events, where the words leave no doubt what was done to which item.

A suggestion is taken as it is by whoever trusts it, and a name is lasting: so there is
none where a word might be the noun of an item as well as a verb.

>>> in_past_tense(["Page", "View"]), in_past_tense(["Support", "Ticket"])
('Page Viewed', '')
"""

from __future__ import annotations

import re

from mixpanel_schema.name_words import (
    ITEM_WORDS,
    PARTICLES,
    PREPOSITIONS,
    singular,
    title_case,
)
from mixpanel_schema.verb_words import (
    COMMANDS,
    ENDINGS,
    IRREGULAR,
    LABELS,
    NOUNS,
    UNCHANGING,
)
from mixpanel_schema.verbs import BASE_FORMS, PREFIXES, base_form, past_form
from mixpanel_schema.word_sets import word_set

__all__ = [
    "ADVERBS",
    "AUXILIARIES",
    "MODALS",
    "NOUNS_AS_WELL",
    "USED",
    "in_past_tense",
    "infinitive",
    "item_first",
    "noun_then_verb",
]

AUXILIARIES = word_set(
    """
    is are was were be been being am has have had
    """
)
MODALS = word_set("can cannot could may might must should will would")
# What goes before a verb that is not past: "Policy Will Renew", "User Is Typing".
BEFORE_VERBS = AUXILIARIES | MODALS | word_set("do does doesn't don't not")
# With these the actor says nothing: "User Clicked Button" is "Button Clicked".
USED = word_set("clicked tapped pressed viewed visited saw hovered selected")
ADVERBS = word_set(
    """
    abroad again ahead already alone early elsewhere first forever here instead last
    late later live now offline online once overnight prematurely remotely today
    together tomorrow too twice yesterday yet
    """
)
# Past tense, base form and noun are one word.
NOUNS_AS_WELL = word_set(
    "bet bid broadcast cast cost hurt overrun reset set split spread"
)
MOSTLY_NOUNS = NOUNS_AS_WELL - {"reset", "set"}
BASES = "|".join(entry.partition(":")[0] for entry in IRREGULAR.split())
# A verb like "uphold", so that "Uphold Appeal" is no item that was appealed.
PREFIXED = re.compile(f"(?:{'|'.join(PREFIXES)})-?(?:{BASES})s?$")
IRREGULAR_PASTS = frozenset(
    part for entry in IRREGULAR.split() for part in re.split("[:,]", entry)[1:]
)
ITEMS = (ITEM_WORDS & BASE_FORMS | NOUNS) - ENDINGS - {"view", "visit"}
# Nouns for how something went: "Create Account Failure".
OUTCOMES = word_set("attempt error failure start success timeout")
# Nouns that a word like "Download" describes, though one can be shown to them.
HEADS = word_set(
    """
    banner button card date dialog error form history icon job key limit link list menu
    message modal option order page panel popup price request screen section speed
    status tab time title widget
    """
)
SHOWING = word_set("browse click close show tap view visit")
ADJECTIVES = word_set("first free last more new next old")
ARTICLES = word_set("a an the my your this")
# Where nothing else is said, they are done to an item: "Add to Cart".
PLACED = word_set("added moved put removed saved")
NOUNS_OF_ACTIONS = {
    "login": "logged in",
    "logon": "logged on",
    "logoff": "logged off",
    "logout": "logged out",
    "signin": "signed in",
    "signout": "signed out",
    "signup": "signed up",
}


def in_past_tense(words: list[str]) -> str:
    """Write a name without a past tense with one; empty where that would be a guess."""
    small = [word.lower() for word in words]
    if not small or BEFORE_VERBS.intersection(small[:-1]):
        return ""
    last = len(small) - 1
    while last > 0 and small[last] in PARTICLES:
        last -= 1
    if small[last] in NOUNS_OF_ACTIONS:
        if last and set(small[:last]) <= ADJECTIVES:
            return ""
        item = words[:last] or ["User"]
        return title_case([*item, *NOUNS_OF_ACTIONS[small[last]].split()])
    if verb_at_end(small, last):
        done = past_form(infinitive(small[last]))
        return title_case([*words[:last], done, *words[last + 1 :]])
    if command_at_start(small):
        return item_first([past_form(small[0]), *words[1:]])
    return ""


def noun_then_verb(words: list[str]) -> bool:
    """Tell whether "Cost Incur" begins with a noun, not with a past tense."""
    small = [word.lower() for word in words]
    if len(small) < 2 or small[0] not in UNCHANGING:
        return False
    end = infinitive(small[-1])
    return end in ENDINGS or (small[0] in MOSTLY_NOUNS and end in BASE_FORMS - ITEMS)


def verb_at_end(small: list[str], last: int) -> bool:
    """Tell whether a word is a verb, and those before it are what it is done to."""
    end, first = infinitive(small[last]), infinitive(small[0])
    if not first and PREFIXED.match(small[0]):
        return False
    if not end or last == 0:
        return False
    if end in ITEMS and last == len(small) - 1:
        return False
    if small[0] in COMMANDS:
        return False
    if small[0] in LABELS:
        return end in ENDINGS
    return first == "" or first in ITEMS or end in ENDINGS or small[0] != first


def command_at_start(small: list[str]) -> bool:
    """Tell whether a name is a command: a verb, then the item it is done to."""
    if small[0] not in COMMANDS | LABELS or small[-1] in OUTCOMES:
        return False
    if small[0] in LABELS | NOUNS and small[0] not in SHOWING and small[-1] in HEADS:
        return False
    end = infinitive(small[-1])
    if len(small) > 2:  # "Create Account Click" is no account click that was created
        return not end
    return not end or end in ITEMS or (small[0] in COMMANDS and end not in ENDINGS)


def infinitive(small: str) -> str:
    """Give the base form of "view", "views" or "viewing"; empty for other words.

    >>> [infinitive(word) for word in ("views", "applies", "typing", "driver")]
    ['view', 'apply', 'type', '']
    """
    forms = [small, small.removesuffix("s"), small.removesuffix("es"), singular(small)]
    stem = small.removesuffix("ing")
    if stem != small:
        forms += [stem, f"{stem}e"]
        forms += [stem[:-1]] if stem[-1:] == stem[-2:-1] else []
    return next((form for form in forms if form in BASE_FORMS), "")


def item_first(words: list[str]) -> str:
    """Turn "Clicked Button" round; empty where the item is not said."""
    done, rest = words[0].lower(), words[1:]
    if done in MOSTLY_NOUNS:
        return ""
    # The participle, because the item is what it is done to: "Password Forgotten".
    action = [past_form(base_form(done)) if done in IRREGULAR_PASTS else words[0]]
    if done in USED and rest[:1] and rest[0].lower() == "on":
        rest = rest[1:]
    while rest and rest[0].lower() in PARTICLES:
        action.append(rest.pop(0))
    if not rest:
        return title_case(["User", *action]) if len(action) > 1 else ""
    if rest[0].lower() in PREPOSITIONS:
        return without_item(action, rest)
    while len(rest) > 1 and rest[0].lower() in ARTICLES:
        rest = rest[1:]
    place = end_of_item(rest)
    return title_case([*rest[:place], *action, *rest[place:]])


def end_of_item(words: list[str]) -> int:
    """Count the words that name the item, before "to Cart", "Back" or "Yesterday"."""
    small = [word.lower() for word in words]
    for index, word in enumerate(small):
        if word in PREPOSITIONS:
            return index
    loose = small[-1] in PARTICLES | ADVERBS or small[-1].endswith("ly")
    return len(words) - 1 if loose and len(words) > 1 else len(words)


def without_item(action: list[str], rest: list[str]) -> str:
    """Name who or what "Logged In with Google" and "Added to Cart" are about."""
    if len(action) > 1:
        return title_case(["User", *action, *rest])
    return title_case(["Item", *action, *rest]) if action[0].lower() in PLACED else ""
