"""Records what an app tracks in a request."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from pyramid.config import Configurator

from mixpanel_pyramid.testing import Recorder, recorder

from .recorded_shop import SETTINGS, Record, View

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp


@pytest.fixture
def recorded(make_app: MakeApp) -> Record:
    """Ask each view of an app once, and give the recorder."""

    def ask(*views: View, include: tuple[str, ...] = ()) -> Recorder:
        def configure(config: Configurator) -> None:
            for name in ("mixpanel_pyramid.testing", *include):
                config.include(name)

        app = make_app({view.__name__: view for view in views}, SETTINGS, configure)
        for view in views:
            with suppress(RuntimeError):
                app.web.get(f"/{view.__name__}", expect_errors=True)
        return recorder(app.web)

    return ask
