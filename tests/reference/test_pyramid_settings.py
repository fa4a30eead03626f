"""docs/reference/settings.md has the settings of Pyramid apps, all and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import SimpleNamespace

import pytest
from tests.reference.pages import anchors, rows, section
from tests.reference.settings_tables import (
    APP,
    NONE,
    OUTBOX,
    PAGE,
    defaults_in,
    names_in,
)

from mixpanel_pyramid.exceptions import MixpanelSettingsError
from mixpanel_pyramid.outbox_sender import sending_settings
from mixpanel_pyramid.settings import read_settings
from mixpanel_pyramid.settings_table import ALIASES, SETTINGS, Setting

TOLD_IN_WORDS = {"mixpanel.distinct_id", "mixpanel.on_invalid"}


def test_the_page_has_the_settings_of_an_app() -> None:
    """Those of the table that reads them, in its order."""
    in_code = [setting.name for setting in SETTINGS]

    assert sorted(names_in(APP)) == sorted(in_code)


@pytest.mark.parametrize(
    "setting",
    [setting for setting in SETTINGS if setting.name not in TOLD_IN_WORDS],
    ids=lambda setting: setting.name,
)
def test_the_default_of_an_apps_setting_is_the_codes(setting: Setting) -> None:
    """Whoever gives what the page tells gets what counts anyway."""
    told = defaults_in(APP)[setting.name]

    if told == NONE:
        assert not setting.default
    elif told.startswith("mixpanel_pyramid."):
        assert type(setting.convert(told)) is type(setting.default)
        assert type(setting.default).__name__ == told.removeprefix("mixpanel_pyramid.")
    else:
        assert setting.convert(told) == setting.default


def test_the_default_of_distinct_id_is_the_codes() -> None:
    """It is an attribute of an attribute of the request."""
    request = SimpleNamespace(user=SimpleNamespace(distinct_id="user-1"))

    assert defaults_in(APP)["mixpanel.distinct_id"] == "request.user.distinct_id"
    assert read_settings({}).distinct_id(request) == "user-1"


def test_the_default_of_on_invalid_is_the_codes() -> None:
    """It depends on whether something is sent."""
    told = defaults_in(APP)["mixpanel.on_invalid"]

    assert told == "raise` while recording, else `log"
    assert read_settings({"mixpanel.token": "false"}).refuses_invalid
    assert not read_settings({"mixpanel.token": "abc"}).refuses_invalid


def test_the_page_has_the_other_names_of_settings() -> None:
    """Each is read where the setting itself is not given."""
    text = section(PAGE, APP)

    assert ALIASES
    for name, other in ALIASES.items():
        assert f"`{other}` is read where `{name}` is not set" in text


def test_all_problems_of_an_apps_settings_are_told_together() -> None:
    """An unknown name is one of them."""
    with pytest.raises(MixpanelSettingsError) as caught:
        read_settings({"mixpanel.regoin": "eu", "mixpanel.queue_size": "0"})

    assert len(caught.value.problems) == 2


class WatchedEnvironment(Mapping[str, str]):
    """An environment without variables, which notes what it is asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_the_page_has_the_variables_of_the_outbox() -> None:
    """Each variable that is read is a row, and each row's setting is read from it."""
    environment = WatchedEnvironment()

    sending_settings({}, environment)

    assert set(names_in(OUTBOX)) == environment.asked
    for variable, setting in rows(section(PAGE, OUTBOX)):
        name = re.findall(r"\[`(.+)`\]\(#(.+)\)", setting)[0]
        assert f"`{name[0].upper().replace('.', '_')}`" in variable
        assert name[1] in anchors(PAGE)
