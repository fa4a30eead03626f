"""Who wants to know what becomes of an application's messages.

An application that nobody listens to has no ``Observation``; a request finds that out
by one look into the registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from mixpanel_pyramid.journal import ALONE, Journal, Listener
from mixpanel_pyramid.settings import TrackingSettings, read_settings

if TYPE_CHECKING:
    from pyramid.registry import Registry  # type: ignore[import-untyped]
    from pyramid.request import Request  # type: ignore[import-untyped]

__all__ = [
    "Observation",
    "everywhere",
    "journal_of_process",
    "observation_of",
    "observe",
    "settings_of_process",
]

KEY = "mixpanel_pyramid.observation"

# Those that listen to every application of the process; nothing is sent while they do.
everywhere: list[Listener] = []


class Observation:
    """What listens to an application, and the journals of its requests.

    Attributes:
        listeners: Are told of each message that is tracked.
    """

    def __init__(self) -> None:
        self.listeners: list[Listener] = []
        self.is_recorded = False
        self.journals: WeakKeyDictionary[Request, Journal] = WeakKeyDictionary()
        self.recording_settings: TrackingSettings | None = None

    @property
    def records_only(self) -> bool:
        """Whether nothing may be sent, whatever the settings say."""
        return self.is_recorded or bool(everywhere)

    def recording(self, settings: Mapping[str, object]) -> TrackingSettings:
        """Read an application's settings as if they said to record."""
        if self.recording_settings is None:
            self.recording_settings = read_settings(
                {**settings, "mixpanel.token": "false"}
            )
        return self.recording_settings

    def journal(self, request: Request, parent: Request | None) -> Journal:
        """Find, or begin, the journal of a request.

        Args:
            request: The request.
            parent: The request around it, if it is a subrequest.
        """
        journal = self.journals.get(request)
        if journal is None:
            where = f"{request.method} {request.path}"
            journal = (
                Journal(where, [*self.listeners, *everywhere])
                if parent is None
                else self.journal(parent, None).inner(where)
            )
            self.journals[request] = journal
        return journal


def settings_of_process(settings: TrackingSettings) -> TrackingSettings:
    """Give the settings of a tracker without a request: recording, while all is."""
    if everywhere and settings.token is not None:
        return replace(settings, token=None, refuses_invalid=True)
    return settings


def journal_of_process() -> Journal | None:
    """Begin the journal of a tracker without a request, if anybody wants to know."""
    return Journal("no request", [*everywhere], ALONE) if everywhere else None


def observation_of(registry: Registry) -> Observation | None:
    """Find what listens to an application; None where nothing does."""
    observation: Observation | None = registry.get(KEY)
    return observe(registry) if everywhere and observation is None else observation


def observe(registry: Registry) -> Observation:
    """Find what listens to an application, or begin to listen."""
    observation: Observation = registry.setdefault(KEY, Observation())
    return observation
