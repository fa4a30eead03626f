"""A panel for pyramid_debugtoolbar: what a request tracked, and what became of it.

Switch it on with ``debugtoolbar.includes = mixpanel_pyramid.debugtoolbar``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mako.template import Template  # type: ignore[import-untyped]
from pyramid_debugtoolbar.panels import DebugPanel  # type: ignore[import-untyped]

from mixpanel_pyramid.observation import observe
from mixpanel_pyramid.panel_rows import message_row, tally
from mixpanel_pyramid.registration import KEY, Tracking
from mixpanel_pyramid.request_stack import parent_of

if TYPE_CHECKING:
    from pyramid.config import Configurator  # type: ignore[import-untyped]
    from pyramid.request import Request  # type: ignore[import-untyped]

    from mixpanel_pyramid.settings import TrackingSettings

__all__ = ["MixpanelPanel", "includeme"]

MOST_ROWS = 300
# Classes of the toolbar's own style, for the number beside the panel's name.
BADGES = {
    "refused": "progress-bar-danger",
    "discarded": "progress-bar-warning",
    "waits": "progress-bar-info",
}


class MixpanelPanel(DebugPanel):  # type: ignore[misc]  # it has no type hints
    """The messages of one request.

    It is laid out when somebody looks at it, so that it shows also what was decided
    after the answer, and what a streamed body has tracked since.
    """

    name = "mixpanel"
    title = "Mixpanel messages"
    nav_title = "Mixpanel"
    has_content = True

    def __init__(self, request: Request) -> None:
        self.registry = request.registry
        self.observation = observe(request.registry)
        self.journal = self.observation.journal(request, parent_of(request))

    @property
    def nav_subtitle(self) -> str:
        """How many messages there are; nothing if there are none."""
        return str(len(self.journal.entries) or "")

    @property
    def nav_subtitle_style(self) -> str:
        """The colour of that number: the worst of what became of them."""
        states = tally(self.journal.entries)
        worst = next((state for state in BADGES if state in states), "")
        return BADGES.get(worst, "progress-bar-success")

    def render_content(self, request: Request) -> str:
        """Lay out the panel; the request is one to the toolbar.

        Not by an asset of Pyramid's, which pkg_resources would look for, and not find
        in a test: pytest loads packages that have a plugin with a loader of its own.
        """
        return str(panel_template().render(**self.shown()))

    def shown(self) -> dict[str, object]:
        """Give the template what it shows."""
        tracking = self.registry.get(KEY)
        if not isinstance(tracking, Tracking):
            return {"destination": None}
        settings = self.settings(tracking)
        entries = list(self.journal.entries)
        shown = entries[:MOST_ROWS]
        return {
            "destination": destination(settings),
            "rows": [message_row(e, settings, self.journal.where) for e in shown],
            "left": len(entries) - len(shown),
            "tally": tally(entries),
            "times": self.journal.times,
        }

    def settings(self, tracking: Tracking) -> TrackingSettings:
        """Give the settings that hold for the request."""
        if self.observation.records_only and tracking.settings.token is not None:
            return self.observation.recording(self.registry.settings)
        return tracking.settings


@cache
def panel_template() -> Template:
    """Read the template, once; it escapes all that it shows."""
    return Template(  # noqa: S702  # which is what the filter is for
        filename=str(Path(__file__).with_suffix(".mako")), default_filters=["h"]
    )


def destination(settings: TrackingSettings) -> str:
    """Say in a sentence where messages go, and how."""
    if settings.token is None:
        return "Messages are recorded only, and not sent."
    services = settings.base_url
    if settings.customerio is not None:
        services += f" and {settings.customerio.base_url}"
    how = settings.consumer if isinstance(settings.consumer, str) else "your own"
    kept = ", with an outbox" if settings.outbox else ""
    return f"Messages go to {services}: consumer {how}{kept}."


def includeme(config: Configurator) -> None:
    """Add the panel to the toolbar.

    Args:
        config: The toolbar's configurator, not the application's.
    """
    config.add_debugtoolbar_panel(MixpanelPanel)
