"""How a name is written: its case, and the characters that it holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from mixpanel_schema.event_phrases import Remark
from mixpanel_schema.name_words import (
    ACRONYMS,
    ITEM_WORDS,
    SMALL_WORDS,
    camel_parts,
    is_brand,
    split_words,
    title_case,
)
from mixpanel_schema.verbs import BASE_FORMS, is_past
from mixpanel_schema.word_sets import word_set

__all__ = ["name_style", "title_words"]

SHOUTED = word_set(
    """
    and for from in of off out the to up with
    """
)
FILE_ENDINGS = word_set(
    """
    ai app co com dev io js me net org py ts tv us
    """
)
WITHIN_EVENTS = "-/&'’+.,"  # noqa: RUF001  # the apostrophe of well-set text
WITHIN_PROPERTIES = f"{WITHIN_EVENTS}()%#$€£:?°²³µ"
INNER_CAPITAL = re.compile(r"[^\W\d_A-Z][A-Z]|[A-Z]{2,}[a-z]{2,}")


def name_style(name: str, *, event: bool) -> Iterator[Remark]:
    """Say what is wrong with the way a name is written, each thing once."""
    suggestion = title_case(title_words(name))
    if "_" in name:
        message = "words are joined by underscores; write Title Case with spaces"
        yield Remark("snake-case", message, suggestion)
    elif has_camel_case(name):
        message = "words are joined by capitals; write Title Case with spaces"
        yield Remark("camel-case", message, suggestion)
    elif not has_title_case(name):
        message = "no Title Case; begin each word with a capital, acronyms aside"
        yield Remark("title-case", message, suggestion)
    odd = odd_characters(name, WITHIN_EVENTS if event else WITHIN_PROPERTIES)
    if event and re.fullmatch(r"\w+(?:[-/]\w+)+", name):
        odd = "words joined without spaces"
    if odd:
        message = f"{odd}; a name is plain words with single spaces"
        yield Remark("plain-characters", message, suggestion)


def title_words(name: str) -> list[str]:
    """Take a name apart into the words that its title would have.

    >>> title_words("userName"), title_words("Sign-Up form sent")
    (['user', 'Name'], ['Sign-Up', 'form', 'sent'])
    """
    found: list[str] = []
    for word in re.split(r"[\s_]+", name):
        bare = re.sub(r"^\W+|\W+$", "", word)
        if bare and (" " not in name.strip() or is_camel(bare, alone=False)):
            found.extend(split_words(bare))
        elif bare or word == "&":
            found.append(bare or word)
    return found


def has_camel_case(name: str) -> bool:
    """Tell whether capitals stand where spaces should."""
    words = re.findall(r"[^\W_]+", name)
    return any(is_camel(word, alone=len(words) == 1) for word in words)


def is_camel(word: str, *, alone: bool) -> bool:
    """Tell whether a word is several words joined by capitals, and no brand.

    Args:
        word: Letters and digits.
        alone: Whether it is the whole name: then it is taken for joined words unless
            it is a known brand; among others it must be made of known words.
    """
    parts = camel_parts(word)
    if len(parts) < 2 or is_brand(word) or not INNER_CAPITAL.search(word):
        return False
    if re.match(r"(?:Mc|Mac|De|Di|La|Le)[A-Z][a-z]+$", word):
        return False
    if alone:
        return not re.fullmatch(r"[A-Z]{2,}s", word)
    if word[0].islower():
        return len(parts[0]) > 1  # iPhone, eBay, pH, mRNA
    return all(is_known(part.lower()) for part in parts)


def is_known(small: str) -> bool:
    """Tell whether a lowercase word is an ordinary one in names."""
    stem = small.removesuffix("ing")
    return (
        small in ITEM_WORDS | SMALL_WORDS | BASE_FORMS | ACRONYMS
        or small.removesuffix("s") in ITEM_WORDS
        or stem in BASE_FORMS
        or f"{stem}e" in BASE_FORMS
        or is_past(small)
    )


def has_title_case(name: str) -> bool:
    """Tell whether each word begins with a capital, small words inside aside."""
    words = [re.sub(r"^[^\w/]+|[^\w/]+$", "", word) for word in name.split()]
    outside = re.sub(r"\([^)]*\)", " ", name).split()
    lasts = {0, len(words) - 1}
    for index, (word, raw) in enumerate(zip(words, name.split(), strict=True)):
        if not word or raw not in outside:
            continue  # a unit in parentheses is written as the unit is
        if any(not is_capitalised(part, index in lasts) for part in word.split("/")):
            return False
    return not is_shouted(words)


def is_capitalised(word: str, at_end: bool) -> bool:
    """Tell whether one word is written as in a title."""
    if not word or is_brand(word) or not word[0].isalpha():
        return True
    if word[0].islower():
        if re.match(r"[a-z]-?[A-Z]", word):
            return True  # iPhone, e-Signature
        if any(character.isdigit() for character in word):
            return word.rstrip("0123456789") not in ITEM_WORDS
        return word in SMALL_WORDS and not at_end
    parts = word.split("-")
    return not any(is_shouted_word(part) for part in parts)


def is_shouted_word(word: str) -> bool:
    """Tell whether a word is in capitals though it is no acronym."""
    small = word.lower()
    if len(word) < 2 or not word.isupper() or not word.isalpha() or small in ACRONYMS:
        return False
    if small in ITEM_WORDS or small in SHOUTED or len(word) > 6:
        return True
    return len(word) > 3 and (is_past(small) or small in BASE_FORMS)


def is_shouted(words: list[str]) -> bool:
    """Tell whether a whole name of several words is in capitals."""
    letters = [word for word in words if word.isalpha()]
    return (
        len(letters) > 1
        and all(word.isupper() for word in letters)
        and any(len(word) > 4 for word in letters)
    )


def odd_characters(name: str, allowed: str) -> str:
    """Name what a name holds beside plain words; empty if nothing."""
    if name != name.strip() or "  " in name:
        return "spaces at an end, or several in a row"
    for character in re.sub(r"(?<=\d):(?=\d)|(?<=[A-Z])#(?!\w)", "", name):
        plain = character.isalnum() or character in f" _{allowed}"
        if not plain and unicodedata.category(character) not in {"Mn", "Mc"}:
            return f"the character {character!r}"
    for word in name.split():
        if word in {"-", "/", ".", ",", "+"}:
            return f"the separator {word!r}"
        dotted = re.fullmatch(r"(?:[^\W\d_]{2,}\.)+([^\W\d_]{2,})", word)
        if dotted and dotted[1].lower() not in FILE_ENDINGS:
            return "dots between words"
    return ""
