"""Verbs of event names: which words are past tense, and what their base form is.

A regular past tense is known by its ending, so that verbs that stand in no list are
understood too. What the ending does not tell stands in ``verb_words``.
"""

from __future__ import annotations

import re

from mixpanel_schema.verb_words import (
    COMMANDS,
    DOUBLES_LAST,
    IRREGULAR,
    LABELS,
    NO_VERBS_WITH_PREFIX,
    NOT_PAST,
    PAST_IN_EED,
    REGULAR,
    UNCHANGING,
)

__all__ = ["BASE_FORMS", "PREFIXES", "base_form", "is_past", "past_form"]

# A prefix makes another irregular verb: resent, overridden, misread, outsold, unbound.
PREFIXES = "auto co down fore mis out over pre re un under up with".split()

PAST_OF: dict[str, tuple[str, ...]] = {
    base: tuple(pasts.split(","))
    for base, _, pasts in (entry.partition(":") for entry in IRREGULAR.split())
} | {word: (word,) for word in UNCHANGING}
IRREGULAR_BASE = {past: base for base, pasts in PAST_OF.items() for past in pasts}
VOWELS = re.compile("[aeiouyáéíóú]")
# One short syllable doubles its last consonant, behind a prefix too: dropped, unpinned.
ONSET = "(?:[bcdfghjk-np-tvwz]|[bcdfgkpst][lrh]|s[ckmnptw]|s[ckpt]r|spl|qu|tw|wh|wr|kn)"
SHORT_SYLLABLE = re.compile(
    f"(?:(?:de|out|over|pre|re|un)?{ONSET})[aeiou][bdgklmnprtz]"
)


def is_past(word: str) -> bool:
    """Tell whether a word may be a past tense or a past participle.

    >>> [is_past(word) for word in ("Deployed", "sent", "overridden", "Feed", "LED")]
    [True, True, True, False, False]
    """
    small = word.lower()
    if small in IRREGULAR_BASE:
        return word != "LED"  # the lamp
    if re.search("[a-z]['\u2019]d$", small) or re.fullmatch("[A-Z]{2,}ed", word):
        return True  # Cc'd, RSVPed
    if small.endswith("ed"):
        return is_regular_past(small)
    return past_with_prefix(small)


def past_with_prefix(small: str) -> bool:
    """Tell whether a lowercase word is an irregular past tense behind a prefix."""
    if small in NO_VERBS_WITH_PREFIX:
        return False
    rests = (small.removeprefix(p).removeprefix("-") for p in PREFIXES)
    return any(
        rest in IRREGULAR_BASE and rest not in UNCHANGING
        for rest in rests
        if rest != small
    )


def is_regular_past(small: str) -> bool:
    """Tell whether a lowercase word in -ed is a past tense."""
    if small in NOT_PAST or len(small) < 4:
        return False
    if small.endswith("eed"):
        return small in PAST_IN_EED
    return VOWELS.search(small[:-2]) is not None


def past_form(base: str) -> str:
    """Give the past tense of a lowercase base form.

    >>> [past_form(base) for base in ("view", "make", "apply", "drop", "save")]
    ['viewed', 'made', 'applied', 'dropped', 'saved']
    """
    if base in PAST_OF:
        # The participle, because an item is what something is done to.
        return PAST_OF[base][-1]
    if base.endswith("e"):
        return f"{base}d"
    if base.endswith("y") and base[-2:-1] not in set("aeiou"):
        return f"{base[:-1]}ied"
    short = SHORT_SYLLABLE.fullmatch(base) and base not in {"debit", "debut"}
    doubled = base[-1] if short or base in DOUBLES_LAST else ""
    return f"{base}{doubled}ed"


BASE_FORMS = frozenset(
    {*REGULAR, *PAST_OF, *COMMANDS, *LABELS, *DOUBLES_LAST} - {"login"}
)
REGULAR_BASE = {past_form(base): base for base in BASE_FORMS - PAST_OF.keys()} | {
    "canceled": "cancel",
    "labeled": "label",
    "leveled": "level",
    "traveled": "travel",
    "enroled": "enroll",
    "synced": "sync",
    "synched": "sync",
}


def base_form(word: str) -> str:
    """Give the lowercase base form of a past tense; any other word as it is.

    >>> [base_form(word) for word in ("Signed", "Made", "Cancelled", "Item")]
    ['sign', 'make', 'cancel', 'item']
    """
    small = word.lower()
    for spelling in (small, re.sub("ised$", "ized", small)):
        found = REGULAR_BASE.get(spelling) or IRREGULAR_BASE.get(spelling)
        if found is not None:
            return found
    return small[:-2] if is_past(word) and small.endswith("ed") else small
