"""A property, and the built-in catalogues of properties.

A catalogue is an ordinary class whose attributes are properties. An app adds its
own by subclassing, so that each name is written once and every other place in the
code refers to an attribute:

>>> class MyEventProperties(EventProperties):
...     plan = Property("Plan", description="The plan that was chosen.")
>>> MyEventProperties.plan.name, MyEventProperties.title.name
('Plan', 'Title')
"""

from __future__ import annotations

from mixpanel_schema.declarations import Property
from mixpanel_schema.special_properties import (
    SpecialEventProperties,
    SpecialGroupProperties,
    SpecialProfileMetaProperties,
    SpecialProfileProperties,
)

__all__ = [
    "EventProperties",
    "GroupProperties",
    "ProfileMetaProperties",
    "ProfileProperties",
    "Property",
]


class EventProperties(SpecialEventProperties):
    """What may be said of an event."""

    title: Property = Property("Title", description="Title of the page.")
    path: Property = Property("Path", description="Path of the page's address.")


class ProfileProperties(SpecialProfileProperties):
    """What may be said of a profile."""


class ProfileMetaProperties(SpecialProfileMetaProperties):
    """What may be said of a profile update itself, beside the profile's properties."""


class GroupProperties(SpecialGroupProperties):
    """What may be said of a group, such as a company."""
