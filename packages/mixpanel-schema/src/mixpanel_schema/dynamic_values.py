"""Values in names: what belongs in a property, because it differs from case to case.

>>> dynamic_value("Purchased 3 items", event=True)
'3'
>>> dynamic_value("404 Page Viewed", event=True)
''
"""

from __future__ import annotations

import re

from mixpanel_schema.verbs import is_past
from mixpanel_schema.word_sets import word_set

__all__ = ["dynamic_value"]

MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
# Tried in order; the whole match is what the finding shows.
ANYWHERE = re.compile(
    r"""
    \$?\{[^}]*\} | %[sd](?![a-z]) | <[^<>]+> | \[[^\[\]]+\]  # placeholders
    | [\w.+-]+@[\w-]+(?:\.\w+)+                              # e-mail address
    | \w+://\S+ | \bwww\.\S+ | (?<!\S)/[\w*:-]\S*            # address, path
    | \b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b        # UUID
    | \b\d{1,4}([-/.])\d{1,2}\1\d{1,4}\b                     # date
    | \b\d{4}-\d{2}\b                                        # month
    | \b\d{1,2}:\d{2}(?::\d{2})?\b                           # time of day
    | \b\d+(?:[.,]\d+)+\b                                    # amount, version, address
    | \#\s?\d+ | [$€£¥]\s?\d[\d.,]* | \b\d+\s?%              # number, money, share
    | (?<!\w)["\u201c\u201d].*?["\u201c\u201d]
    | (?<!\w)['\u2018\u2019]\w[^'\u2018\u2019]*['\u2018\u2019](?!\w)  # quoted text
    """,
    re.VERBOSE | re.IGNORECASE,
)
DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s{MONTH}|{MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?)\b",
    re.IGNORECASE,
)
# Letters and digits mixed as in ids: user4711, SKU-99213, a1b2c3d4, ORD2024X7.
LETTERS_THEN_DIGITS = re.compile(r"[^\W\d_]{3,}-?\d{3,}|[^\W\d_]{1,2}-?\d{4,}")
STANDARDS = re.compile(r"(?:HTTP|ISO|RFC|EN|DIN|IEC|IEEE|BS|W|H|X)-?\d{1,5}")
HEXADECIMAL = re.compile(r"(?=.*\d.*\d)(?=.*[a-f])[0-9a-f]{6,}", re.IGNORECASE)
SWITCHING = re.compile(r"(?:[a-z]+\d+){2,}[a-z]*|(?:\d+[a-z]+){2,}\d*", re.IGNORECASE)
VERSION = re.compile(r"v\d+(?:\.\d+)*", re.IGNORECASE)
# Numbers that are names: what stands before them, and the numbers themselves.
NUMBERED_NAMES = word_set(
    """
    android area apple chatgpt chrome dynamics error form formula galaxy gpt gta
    http ios iphone ipad macos microsoft mode office pixel playstation ps python
    route studio top type vitamin web windows xbox
    """
)
# A grade is a part of the item's name where that goes on: "Level 3 Support Requested".
GRADES = word_set(
    """
    category chapter class grade group level phase priority schedule section series
    stage tier type zone
    """
)
DAYS = frozenset(["today", "tomorrow", "tonight", "yesterday"])
WELL_KNOWN = word_set(
    """
    24 101 112 360 365 400 401 403 404 500 502 503 504 911
    """
)


def dynamic_value(name: str, *, event: bool) -> str:
    """Give the first value in a name; empty if there is none.

    A short number is a value in the name of an event ("Level 5 Completed") and part of
    the name in that of a property ("Address Line 2").

    Args:
        name: The name.
        event: Whether it names an event.
    """
    spaced = name.replace("_", " ")
    for pattern in (ANYWHERE, DATE):
        found = pattern.search(spaced)
        if found and found[0] != "9-1-1":
            return found[0]
    words = spaced.split()
    for place, word in enumerate(words):
        bare = word.strip(".,:;!?()#")
        before, after = words[place - 1] if place else "", words[place + 1 :]
        if is_grade(bare, before, after):
            continue
        if is_number_value(bare, before, event) or is_id(bare):
            return bare
        if event and VERSION.fullmatch(bare):
            return bare
    # An event has its time, and its name is read on other days, too.
    return words[-1] if event and words and words[-1].lower() in DAYS else ""


def is_grade(word: str, before: str, after: list[str]) -> bool:
    """Tell whether a number says which kind of item, as in "Phase 3 Trial Started"."""
    small = before.lower()
    named = re.fullmatch(r"\d", word) and small in GRADES and len(after) > 1
    return bool(named) and not is_past(after[0])


def is_number_value(word: str, before: str, event: bool) -> bool:
    """Tell whether a word is a number that differs from case to case."""
    if not re.fullmatch(r"[+-]?\d+", word):
        return False
    if not event:
        return len(word) > 3
    named = before.lower() in NUMBERED_NAMES and len(word) < 5
    return not named and word not in WELL_KNOWN


def is_id(word: str) -> bool:
    """Tell whether a word mixes letters and digits as generated ids do."""
    if not any(character.isdigit() for character in word) or STANDARDS.fullmatch(word):
        return False
    return bool(
        LETTERS_THEN_DIGITS.fullmatch(word)
        or HEXADECIMAL.fullmatch(word)
        or (len(word) > 5 and SWITCHING.fullmatch(word))
        or re.fullmatch(r"[A-Za-z]+(?:-\d{2,}){2,}", word)
        or re.fullmatch(r"\d{2,}-\d{3,}[\d-]*", word)
    )
