"""An event, and the built-in catalogue of events.

>>> class MyEvents(Events):
...     site_deployed = Event("Site Deployed")
>>> MyEvents.site_deployed.name, MyEvents.page_viewed.name
('Site Deployed', 'Page Viewed')
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mixpanel_schema.catalogues import Catalogue, check_name
from mixpanel_schema.exceptions import DuplicateNameError, InvalidValueError
from mixpanel_schema.properties import Property

__all__ = ["Event", "Events"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that a user did, or that happened to one.

    Two events are equal when their names are.

    Attributes:
        name: The name that Mixpanel shows, such as ``"Site Deployed"``; at most
            255 characters.
        properties: The properties that this event may carry; None for any that the
            tracking plan holds.
        description: What the event means, for those who read reports.
        renamed_from: Names that the event had before.
        required: Names of those of its properties that every message carries.

    Raises:
        NameStyleError: If a name is empty, no text, or too long.
        InvalidValueError: If ``properties`` holds anything but properties, or lacks
            one that is required.
        DuplicateNameError: If it lists a property twice.

    >>> Event("Site Deployed") == Event("Site Deployed", description="It went live.")
    True
    """

    name: str
    properties: tuple[Property, ...] | None = field(
        default=None, kw_only=True, compare=False, repr=False
    )
    description: str = field(default="", kw_only=True, compare=False, repr=False)
    renamed_from: tuple[str, ...] = field(
        default=(), kw_only=True, compare=False, repr=False
    )
    required: frozenset[str] = field(
        default=frozenset(), kw_only=True, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        check_name("event", self.name)
        if self.properties is not None:
            object.__setattr__(self, "properties", tuple(self.properties))
            for prop in self.properties:
                if not isinstance(prop, Property):
                    message = (
                        f"event {self.name!r} lists {prop!r} among its properties; "
                        "only a Property may stand there: wrap the name in Property(…)"
                    )
                    raise InvalidValueError(message)
            names = [prop.name for prop in self.properties]
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                message = f"event {self.name!r} lists {twice[0]!r} twice; list it once"
                raise DuplicateNameError(message)
        if isinstance(self.renamed_from, str):
            object.__setattr__(self, "renamed_from", (self.renamed_from,))
        for name in self.renamed_from:
            check_name("event", name)
        object.__setattr__(self, "required", frozenset(self.required))
        unlisted = self.required - {prop.name for prop in self.properties or ()}
        if unlisted:
            message = (
                f"event {self.name!r} requires {', '.join(sorted(unlisted))}, which it "
                "does not list; add it to properties"
            )
            raise InvalidValueError(message)


class Events(Catalogue):
    """What may be tracked."""

    page_viewed: Event = Event("Page Viewed", description="A page was shown.")
    button_link_clicked: Event = Event(
        "Button/Link Clicked", description="A button or a link was used."
    )
    user_signed_up: Event = Event(
        "User Signed Up", description="A user made an account."
    )
    user_logged_in: Event = Event("User Logged In", description="A user logged in.")
    user_charged: Event = Event(
        "User Charged", description="A payment by the user succeeded."
    )
    user_disabled: Event = Event(
        "User Disabled", description="The user's account was switched off."
    )
    # https://docs.mixpanel.com/docs/experiments
    dollar_experiment_started: Event = Event(
        "$experiment_started", description="A user was shown a variant."
    )
    """Exposure to an experiment, with ``Experiment name`` and ``Variant name``."""
