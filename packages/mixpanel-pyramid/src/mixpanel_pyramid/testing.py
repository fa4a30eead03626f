"""What an app's tests need: a recorder of what the app tracked.

In a test with pytest, take the fixture ``mixpanel_recorder``. Elsewhere
``config.include("mixpanel_pyramid.testing")``, or ``pyramid.includes =
mixpanel_pyramid.testing`` among the settings of the tests, and ask ``recorder(app)``.

While a recorder listens nothing is sent, whatever ``mixpanel.token`` is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyramid.registry import Registry  # type: ignore[import-untyped]

from mixpanel_pyramid.observation import everywhere, observe
from mixpanel_pyramid.recorded_messages import GroupUpdate, ProfileUpdate, TrackedEvent
from mixpanel_pyramid.recorder import Recorder

if TYPE_CHECKING:
    from pyramid.config import Configurator  # type: ignore[import-untyped]

__all__ = [
    "GroupUpdate",
    "ProfileUpdate",
    "Recorder",
    "TrackedEvent",
    "includeme",
    "recorder",
    "recording",
]

KEY = "mixpanel_pyramid.testing"
BEFORE_THE_START = 9  # of mixpanel_pyramid, which reads the settings at 10


def includeme(config: Configurator) -> None:
    """Record what an application tracks, and send nothing.

    It includes ``mixpanel_pyramid``, and may stand before or after it. It sets
    ``mixpanel.token`` to false, so that what else is made of the application's
    settings sends nothing either.

    Args:
        config: The application's configurator.
    """
    registry = config.registry
    recorder(registry)
    record_only(registry)
    config.action(KEY, record_only, (registry,), order=BEFORE_THE_START)
    config.include("mixpanel_pyramid")


def record_only(registry: Registry) -> None:
    """Say in an application's settings that nothing is sent."""
    registry.settings["mixpanel.token"] = "false"


def recorder(app: object) -> Recorder:
    """Find an application's recorder; one that has none records from here on.

    Args:
        app: The application, also inside of WebTest's ``TestApp`` or of other WSGI
            middleware; its registry, its configurator, or a request.

    Raises:
        TypeError: If it is nothing of that kind.
    """
    registry = registry_of(app)
    found = registry.get(KEY)
    if not isinstance(found, Recorder):
        found = registry[KEY] = Recorder()
        observation = observe(registry)
        observation.listeners.append(found.entries.append)
        observation.is_recorded = True
    return found


def registry_of(app: object) -> Registry:
    """Find the registry of an application, wherever it is wrapped."""
    inner = app
    for _ in range(20):
        if isinstance(inner, Registry):
            return inner
        registry = getattr(inner, "registry", None)
        if isinstance(registry, Registry):
            return registry
        inner = getattr(inner, "app", None) or getattr(inner, "application", None)
    given = f"a {type(app).__name__} has no registry"
    raise TypeError(f"{given}; give the Pyramid app, its registry, or a request")


@contextmanager
def recording() -> Iterator[Recorder]:
    """Record what all applications of this process track in the meantime.

    Nothing is sent while this lasts, also by trackers that belong to no request.
    """
    made = Recorder()
    listener = made.entries.append
    everywhere.append(listener)
    try:
        yield made
    finally:
        everywhere.remove(listener)
