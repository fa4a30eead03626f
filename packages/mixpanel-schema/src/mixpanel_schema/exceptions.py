"""Errors of mixpanel-schema.

MixpanelSchemaError (also ValueError)
├ UndeclaredNameError   an event or property that the tracking plan does not hold
├ DuplicateNameError    one name declared twice, with different meanings
├ ReservedNameError     a name that only Mixpanel's server may set
├ InvalidValueError     a value that cannot be sent: not JSON, too large, wrong type
└ NameStyleError        a name that cannot be an event's or a property's name
"""

from __future__ import annotations

__all__ = [
    "DuplicateNameError",
    "InvalidValueError",
    "MixpanelSchemaError",
    "NameStyleError",
    "ReservedNameError",
    "UndeclaredNameError",
]


class MixpanelSchemaError(ValueError):
    """Anything that mixpanel-schema refuses."""


class UndeclaredNameError(MixpanelSchemaError):
    """An event or a property that the tracking plan does not hold."""


class DuplicateNameError(MixpanelSchemaError):
    """One name that was declared twice with different meanings."""


class ReservedNameError(MixpanelSchemaError):
    """A name that only Mixpanel's server may set."""


class InvalidValueError(MixpanelSchemaError):
    """A value that cannot be sent to Mixpanel as it is."""


class NameStyleError(MixpanelSchemaError):
    """A name that cannot be the name of an event or a property."""
