"""Start-up: what an app gets, what it is told, and what stops it."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pyramid.config import Configurator

import mixpanel_pyramid
from mixpanel_pyramid import Events, delivery_stats, flush
from mixpanel_pyramid.delivery_counts import DeliveryStats
from mixpanel_pyramid.exceptions import MixpanelPyramidError, MixpanelSettingsError

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.conftest import MakeApp, Sink


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Give what was logged at start-up, level first."""
    return [
        f"{record.levelname} {record.getMessage()}"
        for record in caplog.records
        if record.name == "mixpanel_pyramid"
    ]


class ShopEvents(Events):
    """The events of an app."""


BAD = {"mixpanel.tokne": "x", "mixpanel.region": "mars"}


@pytest.mark.parametrize("step", ["make_wsgi_app", "commit"])
def test_bad_settings_stop_the_start_up(step: str) -> None:
    """With our own error, which Pyramid does not wrap, and all problems in it."""
    config = Configurator(settings=BAD)
    config.include("mixpanel_pyramid")
    with pytest.raises(MixpanelSettingsError) as caught:
        getattr(config, step)()

    assert str(caught.value) == (
        "mixpanel.tokne is no setting; nearest is mixpanel.token: correct or remove it"
        "; mixpanel.region: is 'mars'; give one of us, eu, in"
    )


def test_bad_settings_stop_a_configurator_that_commits_at_once() -> None:
    """At the include, with the same error."""
    config = Configurator(settings=BAD, autocommit=True)
    with pytest.raises(MixpanelSettingsError, match="'mars'"):
        config.include("mixpanel_pyramid")


def test_without_introspection_the_settings_are_read_as_well() -> None:
    """The start-up is among what Pyramid registers of an action for introspection."""
    config = Configurator(settings={"mixpanel.token": "no"}, introspection=False)
    config.include("mixpanel_pyramid")
    config.commit()

    assert flush(config.registry)


def test_settings_may_come_after_the_include() -> None:
    """They are read on commit."""
    config = Configurator(settings=BAD)
    config.include("mixpanel_pyramid")
    del config.registry.settings["mixpanel.tokne"]
    config.add_settings({"mixpanel.region": "eu", "mixpanel.token": "no"})
    config.commit()

    assert flush(config.registry)


def test_one_line_says_what_is_configured(
    make_app: MakeApp, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    """Without the token."""
    caplog.set_level(logging.INFO)
    settings = {"mixpanel.token": "hush-hush", "mixpanel.base_url": sink.base_url}
    make_app({}, settings)

    (line,) = lines(caplog)
    assert line == (
        f"INFO Mixpanel configured: consumer=background, region={sink.base_url}, "
        "outbox=none, events=Events, event_properties=EventProperties, "
        "profile_properties=ProfileProperties, "
        "profile_meta_properties=ProfileMetaProperties, "
        "group_properties=GroupProperties, typed_events=0, customerio=off"
    )
    assert "hush" not in caplog.text


def test_the_line_says_what_an_app_has_changed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Its own catalogue, and Customer.io, while it only records; no secret."""
    caplog.set_level(logging.INFO)
    settings = {
        "mixpanel.token": "off",
        "mixpanel.region": "eu",
        "mixpanel.events": f"{__name__}.ShopEvents",
        "customerio.tracking.site_id": "hush-site",
        "customerio.tracking.api_key": "hush-key",
        "customerio.tracking.region": "eu",
    }
    with Configurator(settings=settings) as config:
        config.include("mixpanel_pyramid")
    (line,) = lines(caplog)

    assert "consumer=none, recording only, " in line
    assert "region=eu, " in line
    assert "events=ShopEvents, " in line
    assert line.endswith("customerio=on")
    assert "hush" not in caplog.text


def test_an_absent_token_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    """Once, at start-up."""
    with Configurator(settings={}) as config:
        config.include("mixpanel_pyramid")

    (line,) = lines(caplog)
    assert line.startswith("WARNING mixpanel.token is not set")


def test_a_configurator_that_commits_at_once_works() -> None:
    """As that of ``pyramid.testing.setUp``: the settings are there already."""
    config = Configurator(settings={"mixpanel.token": "no"}, autocommit=True)
    config.include("mixpanel_pyramid")

    assert flush(config.registry)


def test_without_the_include_the_remedy_is_named() -> None:
    """For ``flush`` and for the figures."""
    registry = Configurator().registry
    with pytest.raises(MixpanelPyramidError, match=r"call config\.include"):
        flush(registry)
    with pytest.raises(MixpanelPyramidError, match=r"call config\.include"):
        delivery_stats(registry)


def test_recording_has_nothing_to_deliver(make_app: MakeApp) -> None:
    """All figures are zero, and flushing is done at once."""
    app = make_app({})

    assert flush(app.registry, timeout=0)
    assert delivery_stats(app.registry) == DeliveryStats()


def test_every_public_name_can_be_imported() -> None:
    """And the list of them is sorted."""
    assert mixpanel_pyramid.__all__ == sorted(mixpanel_pyramid.__all__)
    for name in mixpanel_pyramid.__all__:
        assert getattr(mixpanel_pyramid, name) is not None
        assert name in dir(mixpanel_pyramid)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = mixpanel_pyramid.nothing


def test_importing_the_package_costs_nothing() -> None:
    """The root imports what is asked for, when it is asked for."""
    code = "import sys, mixpanel_pyramid; print('pyramid' in sys.modules)"
    output = subprocess.check_output([sys.executable, "-c", code], text=True)

    assert output.strip() == "False"
