"""Apps that send to a scripted Mixpanel."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from pyramid.config import Configurator

from .tracked_pages import MakeShop, View

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import App, MakeApp, Sink


@pytest.fixture
def make_shop(make_app: MakeApp, sink: Sink) -> MakeShop:
    """Make an app with one view that sends to the sink."""

    def make(
        view: View,
        configure: Callable[[Configurator], None] = lambda config: None,
        **more: str,
    ) -> App:
        settings = {
            "mixpanel.token": "t",
            "mixpanel.base_url": sink.base_url,
            **{f"mixpanel.{name}": value for name, value in more.items()},
        }
        return make_app({"view": view}, settings, configure)

    return make
