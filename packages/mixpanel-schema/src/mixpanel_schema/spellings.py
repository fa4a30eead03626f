"""Spellings of one word: British and American ones, and plain misspellings.

>>> american("colour"), american("organisations"), misspelt("recieved", "received")
('color', 'organizations', True)
"""

from __future__ import annotations

import re

__all__ = ["american", "misspelt"]

# A whole word is longer than this before a letter more or less is surely a mistake:
# "mediation" and "medication" are two words.
LONGEST_DOUBTFUL = 9
RULES = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (
            r"^(arm|behavi|col|endeav|fav|flav|glam|harb|hon|hum|lab|misdemean|neighb"
            r"|od|parl|rig|rum|sav|tum|val|vap|vig)our",
            r"\1or",
        ),
        (r"^(calib|cent|fib|lit|lust|met|sab|spect|theat)re(?=s?$)", r"\1er"),
        (r"^(catal|dial|epil|monol|prol)ogue", r"\1og"),
        (r"^(def|lic|off|pret)ence", r"\1ense"),
        (r"^(enrol|fulfil|instal)(?=s?$|ment)", r"\1l"),
        (
            r"^(cance|channe|counse|dia|fue|initia|labe|leve|mode|signa|trave|tunne)ll"
            r"(?=ed$|ers?$|ing$)",
            r"\1l",
        ),
        (r"^(acknowledg|judg)ement", r"\1ment"),
        (r"^program(?:me|m)(?=s?$)", "program"),
        (r"^grey", "gray"),
        (r"^jewellery", "jewelry"),
        (r"(?<=\w{3})is(?=e$|es$|ed$|er$|ers$|ing$|ations?$)", "iz"),
        (r"(?<=\w{3})ys(?=e$|es$|ed$|er$|ers$|ing$)", "yz"),
    )
)


def american(small: str) -> str:
    """Write a lowercase word as Americans do, as far as rules tell."""
    for pattern, form in RULES:
        small = pattern.sub(form, small, count=1)
    return small


def misspelt(word: str, other: str) -> bool:
    """Tell whether one of two long words can only be a misspelling of the other.

    Two letters inside are swapped, a letter is doubled or not, or, in words too long
    for another word to be so near, one inner letter is missing.

    >>> misspelt("subscripton", "subscription"), misspelt("mediation", "medication")
    (True, False)
    """
    short, long = sorted((word, other), key=len)
    if word == other or short[0] != long[0] or len(long) - len(short) > 1:
        return False
    place = next(
        (i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), -1
    )
    if place < 0:
        return False  # only the end differs, which may be another form of the word
    if len(short) == len(long):
        swapped = long[place + 1 : place + 2] + long[place]
        return short[place:] == swapped + long[place + 2 :]
    if short[place:] != long[place + 1 :]:
        return False
    doubled = long[place] == long[place - 1]
    return doubled or len(short) > LONGEST_DOUBTFUL
