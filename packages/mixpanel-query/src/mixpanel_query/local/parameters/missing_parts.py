"""What questions can ask for and a local project has nothing like, whichever it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mixpanel_query.local.rules.basis import never_answered, rests_on

__all__ = ["refuse_custom_event", "refuse_missing_parts"]

CUSTOM: Final = "$custom_event:"
# Parameters that name events, alone or in a JSON array.
OF_EVENTS: Final = ("event", "born_event")
RULES_OF_PARAMETERS: Final = {
    "sampling": "sampling",
    "sampling_factor": "sampling",
    "behaviors": "behaviors",
    "sort_key": "profile-sorting",
    "search": "profile-sorting",
}


def refuse_missing_parts(given: Mapping[str, str]) -> None:
    """Refuse a question whose answer would be of something that is not there.

    Raises:
        RequestRefusedError: 501, as leaving it out of account would give a wrong
            answer.
    """
    for name, rule_id in RULES_OF_PARAMETERS.items():
        if given.get(name):
            raise never_answered(rule_id, f"questions with {name!r}")
    if given.get("workspace_id"):
        rests_on("workspace-ids")
    for name in OF_EVENTS:
        text = given.get(name, "")
        is_list = text.lstrip().startswith("[")
        refuse_custom_event(CUSTOM if is_list and f'"{CUSTOM}' in text else text)


def refuse_custom_event(name: str) -> None:
    """Refuse the name of a custom event.

    Raises:
        RequestRefusedError: 501.
    """
    if name.startswith(CUSTOM):
        raise never_answered("custom-events", f"questions about {CUSTOM}…")
