"""How an event's name is phrased: an item, then what was done to it, in the past tense.

>>> event_phrase(["Site", "Deployed"])
>>> event_phrase(["Page", "View"]).suggestion
'Page Viewed'
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mixpanel_schema.name_words import PARTICLES, PREPOSITIONS, title_case
from mixpanel_schema.phrase_suggestions import (
    ADVERBS,
    AUXILIARIES,
    MODALS,
    NOUNS_AS_WELL,
    USED,
    in_past_tense,
    infinitive,
    item_first,
    noun_then_verb,
)
from mixpanel_schema.verb_words import COMMANDS, LABELS, UNCHANGING
from mixpanel_schema.verbs import is_past, past_form
from mixpanel_schema.word_sets import word_set

__all__ = ["Remark", "event_phrase"]

BETWEEN = word_set(
    """
    not been be being just already never
    """
)
LINKING = word_set(
    """
    get gets getting stay stays keep keeps remain be become
    """
)
# States as well as commands: "Door Left Open", "Order Marked Complete".
STATES = frozenset(["complete", "open"])
JOINING = frozenset(["and", "or", "then", "&"])
ACTORS = word_set(
    """
    user users customer visitor client guest member
    """
)


class Remark(NamedTuple):
    """What a rule has against a name."""

    rule: str
    message: str
    suggestion: str = ""


def event_phrase(words: list[str]) -> Remark | None:
    """Say what is wrong with the phrase that an event's name is; None if nothing.

    Args:
        words: The name's words, in any case; one may hold hyphens or slashes.
    """
    actions = [index for index, word in enumerate(words) if names_action(word)]
    if not actions or (actions == [0] and noun_then_verb(words)):
        message = "no past-tense action; say what was done to the item"
        return Remark("past-tense", message, in_past_tense(words))
    if actions == [0]:
        message = "the action comes first; name the item, then the action"
        return Remark("item-first", message, item_first(words))
    small = [word.lower() for word in words]
    return (
        noun_like_action(small, actions)
        or helping_verb(words, small, actions[-1])
        or actor_first(words, small)
        or adjective_only(small, actions)
        or second_action(small, actions[-1])
    )


def names_action(word: str) -> bool:
    """Tell whether a word, or a part of it, is in the past tense."""
    return any(is_past(part) for part in re.split(r"[-/+&]", word) if part)


def takes_object(small: list[str], action: int) -> bool:
    """Tell whether a noun follows an action, which may then be a mere adjective."""
    if action + 1 >= len(small):
        return False
    follower = small[action + 1]
    return not (
        follower in PARTICLES
        or follower in PREPOSITIONS
        or follower in ADVERBS
        or follower.endswith("ly")
    )


def noun_like_action(small: list[str], actions: list[int]) -> Remark | None:
    """Refuse "Place Bid": a command, and a noun that is written as its past tense."""
    action = actions[-1]
    if len(actions) > 1 or small[action] not in UNCHANGING:
        return None
    # "Password Reset Request": the noun is part of an item, and another noun follows.
    noun = small[action] in NOUNS_AS_WELL and takes_object(small, action)
    part = noun and infinitive(small[-1]) and small[0] not in ACTORS
    if small[0] not in COMMANDS and not part:
        return None
    message = "no past-tense action; say what was done to the item"
    return Remark("past-tense", message, in_past_tense(small))


def helping_verb(words: list[str], small: list[str], action: int) -> Remark | None:
    """Refuse "Site Was Deployed" and "Get Started"."""
    first = action
    while first > 0 and small[first - 1] in AUXILIARIES | BETWEEN:
        first -= 1
    message = "a helping verb mixes tenses; use the plain past tense"
    if small[action] == "did" and action + 1 < len(small):
        plain = [*words[:action], past_form(infinitive(small[-1]) or small[-1])]
        certain = action + 2 == len(small) and infinitive(small[-1])
        return Remark("tense-mix", message, title_case(plain) if certain else "")
    if any(word in AUXILIARIES for word in small[first:action]):
        while first > 0 and small[first - 1] in MODALS:
            first -= 1
            if small[first] not in {"will", "would", "should"}:
                return Remark("tense-mix", message)  # what can be done is not done
        kept = [word for word in words[first:action] if word.lower() == "not"]
        plain = [*words[:first], *kept, *words[action:]]
        return Remark("tense-mix", message, title_case(plain) if first else "")
    if small[action] in UNCHANGING and small[action - 1] in MODALS:
        return Remark("tense-mix", message)
    if small[action - 1] in LINKING and len(small) - action <= 2:
        return Remark("tense-mix", message)
    return None


def actor_first(words: list[str], small: list[str]) -> Remark | None:
    """Refuse "User Clicked Button", which is one more name for "Button Clicked"."""
    if small[0] not in ACTORS or small[1] not in USED or not takes_object(small, 1):
        return None
    message = "the item that something was done to comes first, not who did it"
    return Remark("item-first", message, item_first(words[1:]))


def adjective_only(small: list[str], actions: list[int]) -> Remark | None:
    """Refuse "View Saved Items", where the only past tense describes the item."""
    action = actions[0]
    if len(actions) > 1 or not takes_object(small, action):
        return None
    present = {word.removesuffix("s") for word in small[1:action] if word[-1] == "s"}
    if small[0] not in COMMANDS | LABELS and not present & COMMANDS:
        return None
    message = "the action is not in the past tense, though another word is"
    return Remark("tense-mix", message)


def second_action(small: list[str], action: int) -> Remark | None:
    """Refuse "Cart Viewed and Submit": a second action in another tense."""
    message = "actions in different tenses; use one, in the past tense"
    after = small[action + 1 :]
    for before, word in zip(small[action:], after, strict=False):
        if before in JOINING and (word in COMMANDS or word[:-1] in COMMANDS):
            return Remark("tense-mix", message)
    last = after[0] if len(after) == 1 and after[0] not in STATES else ""
    if last in COMMANDS or last[:-1] in COMMANDS:
        return Remark("tense-mix", message)
    joined = small[action - 1] in JOINING and action > 1
    if joined and small[action - 2] in COMMANDS | LABELS:
        return Remark("tense-mix", message)
    return None
