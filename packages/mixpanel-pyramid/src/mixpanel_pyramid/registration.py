"""``config.include("mixpanel_pyramid")``: what happens once, at start-up."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mixpanel_pyramid.converters import REGIONS
from mixpanel_pyramid.exceptions import MixpanelPyramidError
from mixpanel_pyramid.observation import observation_of
from mixpanel_pyramid.request_lifecycle import request_tracker
from mixpanel_pyramid.settings import TrackingSettings, read_settings
from mixpanel_pyramid.settings_table import PLAN
from mixpanel_pyramid.structured_logging import log_through_structlog

if TYPE_CHECKING:
    from pyramid.config import Configurator  # type: ignore[import-untyped]
    from pyramid.registry import Registry  # type: ignore[import-untyped]
    from pyramid.request import Request  # type: ignore[import-untyped]

    from mixpanel_pyramid.delivery_counts import DeliveryStats
    from mixpanel_pyramid.dispatch import Dispatch
    from mixpanel_pyramid.track import MixpanelTrack

__all__ = ["Tracking", "delivery_stats", "flush", "includeme"]

logger = logging.getLogger("mixpanel_pyramid")

KEY = "mixpanel_pyramid"
LATE = 10  # after the application's own actions, which run at 0


@dataclass(frozen=True, slots=True)
class Tracking:
    """What an application's requests share.

    Attributes:
        settings: The checked settings.
        dispatch: Takes what is released; None where messages are only recorded.
    """

    settings: TrackingSettings
    dispatch: Dispatch | None


def includeme(config: Configurator) -> None:
    """Give every request its ``mixpanel``, made on first use.

    The settings are read when the configuration is committed, so this may be
    included before they are complete.

    Args:
        config: The application's configurator.

    Raises:
        MixpanelSettingsError: On commit, if the settings cannot work.
    """
    config.add_request_method(make_tracker, "mixpanel", reify=True)
    config.action(KEY, introspectables=(StartUp(config.registry),), order=LATE)


@dataclass(frozen=True, slots=True)
class StartUp:
    """Starts the tracking where Pyramid registers what an action tells of itself.

    Pyramid wraps whatever an action raises in its ``ConfigurationExecutionError``, so
    that nobody could catch a ``MixpanelSettingsError``. Here it leaves errors alone.

    Attributes:
        registry: The application's registry.
    """

    registry: Registry

    def register(self, introspector: object, action_info: object) -> None:
        """Start the tracking; there is nothing to tell."""
        start(self.registry)


def start(registry: Registry) -> None:
    """Read the settings, and make what all requests share."""
    settings = read_settings(registry.settings)
    if settings.structlog:
        log_through_structlog()
    dispatch, problems = None, list(settings.warnings)
    if settings.token is not None:
        from mixpanel_pyramid.dispatch import dispatch_for
        from mixpanel_pyramid.start_up import look_around

        dispatch = dispatch_for(settings)
        problems += look_around(dispatch)
    registry[KEY] = Tracking(settings, dispatch)
    for problem in problems:
        logger.warning("%s", problem)
    fields = configured(settings)
    logger.info(
        "Mixpanel configured: %s",
        ", ".join(f"{name}={value}" for name, value in fields.items()),
        extra={"structured": ("Mixpanel configured", fields)},
    )


def configured(settings: TrackingSettings) -> dict[str, str]:
    """Say what is configured, without any secret."""
    own = getattr(settings.consumer, "__qualname__", settings.consumer)
    is_sending = settings.token is not None
    names = {url: region for region, url in REGIONS.items()}
    plan = {
        name: type(getattr(settings, name)).__qualname__
        for name in PLAN
        if name != "typed_events"
    }
    return {
        "consumer": str(own) if is_sending else "none, recording only",
        "region": names.get(settings.base_url, settings.base_url),
        "outbox": str(settings.outbox or "none"),
        **plan,
        "typed_events": str(len(settings.typed_events)),
        "customerio": "on" if settings.customerio else "off",
    }


def make_tracker(request: Request) -> MixpanelTrack:
    """Make ``request.mixpanel``."""
    registry = request.registry
    tracking = tracking_of(registry)
    settings, dispatch = tracking.settings, tracking.dispatch
    observation = observation_of(registry)
    if observation is not None and observation.records_only and dispatch is not None:
        settings, dispatch = observation.recording(registry.settings), None
    return request_tracker(request, settings, dispatch, observation)


def tracking_of(registry: Registry) -> Tracking:
    """Find what ``includeme`` made for an application."""
    tracking = registry.get(KEY)
    if not isinstance(tracking, Tracking):
        message = (
            "this application has no tracking; call "
            'config.include("mixpanel_pyramid") and commit the configuration'
        )
        raise MixpanelPyramidError(message)
    return tracking


def flush(registry: Registry, timeout: float = 5.0) -> bool:
    """Wait until what this process released before the call is delivered.

    Args:
        registry: The application's registry, such as ``request.registry``.
        timeout: Seconds to wait at most.

    Returns:
        Whether nothing of it waits any more; always True while recording.

    Raises:
        MixpanelPyramidError: If the application does not include mixpanel_pyramid.
    """
    dispatch = tracking_of(registry).dispatch
    return dispatch is None or dispatch.flush(timeout)


def delivery_stats(registry: Registry) -> DeliveryStats:
    """Tell what became of the messages that this process released.

    Applications of one process that send to the same place share their delivery,
    and so its figures, but for those of what could not be sent as it was.

    Args:
        registry: The application's registry, such as ``request.registry``.

    Raises:
        MixpanelPyramidError: If the application does not include mixpanel_pyramid.
    """
    from mixpanel_pyramid.delivery_counts import DeliveryStats

    tracking = tracking_of(registry)
    counts, dispatch = tracking.settings.invalid_counts, tracking.dispatch
    stats = DeliveryStats() if dispatch is None else dispatch.stats()
    if counts.invalid:
        stats = replace(stats, dropped={**stats.dropped, "invalid": counts.invalid})
    return replace(stats, mended=counts.mended) if counts.mended else stats
