"""Declare what may be tracked, once: events, properties, and the plan they make.

The names below are the public ones. Everything is pure: no I/O, no clock, no
randomness, and nothing but code is read at import. What only tools need is loaded
when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from mixpanel_schema import exceptions
from mixpanel_schema.events import Event, Events
from mixpanel_schema.exceptions import (
    DuplicateNameError,
    InvalidValueError,
    MixpanelSchemaError,
    NameStyleError,
    ReservedNameError,
    UndeclaredNameError,
)
from mixpanel_schema.messages import event_message
from mixpanel_schema.profile_messages import group_message, profile_message
from mixpanel_schema.properties import (
    EventProperties,
    GroupProperties,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
)
from mixpanel_schema.tracking_plan import TrackingPlan
from mixpanel_schema.typed_events import TypedEvent, prop

if TYPE_CHECKING:
    from mixpanel_schema import limits, reserved
    from mixpanel_schema.documents import (
        event_json_schema,
        to_csv,
        to_json_schema,
        to_markdown,
        to_typescript,
    )
    from mixpanel_schema.lexicon import LexiconPlan, from_lexicon, to_lexicon
    from mixpanel_schema.naming import Finding, lint
    from mixpanel_schema.plan_diff import Change, PlanDiff, diff
    from mixpanel_schema.python_module import generate_module
    from mixpanel_schema.reserved import RESERVED
    from mixpanel_schema.usage import UsageFinding, UsageReport, find_usages

__all__ = [
    "RESERVED",
    "Change",
    "DuplicateNameError",
    "Event",
    "EventProperties",
    "Events",
    "Finding",
    "GroupProperties",
    "InvalidValueError",
    "LexiconPlan",
    "MixpanelSchemaError",
    "NameStyleError",
    "PlanDiff",
    "ProfileMetaProperties",
    "ProfileProperties",
    "Property",
    "ReservedNameError",
    "TrackingPlan",
    "TypedEvent",
    "UndeclaredNameError",
    "UsageFinding",
    "UsageReport",
    "diff",
    "event_json_schema",
    "event_message",
    "exceptions",
    "find_usages",
    "from_lexicon",
    "generate_module",
    "group_message",
    "limits",
    "lint",
    "profile_message",
    "prop",
    "reserved",
    "to_csv",
    "to_json_schema",
    "to_lexicon",
    "to_markdown",
    "to_typescript",
]

# Public name: the module that has it, or that it is.
ON_FIRST_USE = {
    "Change": "plan_diff",
    "Finding": "naming",
    "LexiconPlan": "lexicon",
    "PlanDiff": "plan_diff",
    "RESERVED": "reserved",
    "UsageFinding": "usage",
    "UsageReport": "usage",
    "diff": "plan_diff",
    "event_json_schema": "documents",
    "find_usages": "usage",
    "from_lexicon": "lexicon",
    "generate_module": "python_module",
    "limits": "limits",
    "lint": "naming",
    "reserved": "reserved",
    "to_csv": "documents",
    "to_json_schema": "documents",
    "to_lexicon": "lexicon",
    "to_markdown": "documents",
    "to_typescript": "documents",
}


def __getattr__(name: str) -> object:
    """Load what only tools need when it is first used."""
    if name not in ON_FIRST_USE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{ON_FIRST_USE[name]}")
    value = module if ON_FIRST_USE[name] == name else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, those not yet loaded included."""
    return __all__
