"""Apps with pyramid_tm, for each way to send and each transaction manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyramid.config import Configurator

from .shops import EXPLICIT, Configure, MakeShop, Shop, View

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp


@pytest.fixture(params=["explicit", "thread-local"])
def manager(request: pytest.FixtureRequest) -> dict[str, str]:
    """The settings that choose the transaction manager."""
    return EXPLICIT if request.param == "explicit" else {}


@pytest.fixture(params=["recorded", "sent"])
def make_shop(
    request: pytest.FixtureRequest, make_app: MakeApp, manager: dict[str, str]
) -> MakeShop:
    """Make an app with pyramid_tm, which records or sends, with either manager."""
    sink = request.getfixturevalue("sink") if request.param == "sent" else None

    def make(
        view: View,
        settings: dict[str, str] | None = None,
        configure: Configure = lambda config: None,
        **views: View,
    ) -> Shop:
        def include(config: Configurator) -> None:
            config.include("pyramid_tm")
            configure(config)

        chosen = {**manager, **(settings or {})}
        if sink is not None:
            chosen |= {"mixpanel.token": "t", "mixpanel.base_url": sink.base_url}
        return Shop(make_app({"home": view, **views}, chosen, include), sink)

    return make
