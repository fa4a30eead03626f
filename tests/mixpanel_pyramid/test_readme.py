"""What the README says of settings is so; its other examples are doctests."""

from __future__ import annotations

import re
from configparser import ConfigParser
from pathlib import Path

from mixpanel_pyramid.settings import read_settings
from mixpanel_pyramid.settings_table import SETTINGS

ROOT = Path(__file__).parents[2]
README = (ROOT / "packages/mixpanel-pyramid/README.md").read_text("utf-8")


def test_the_readme_names_settings_that_are_there() -> None:
    """Those that most apps have; docs/reference/settings.md is held to all of them."""
    rows = [
        line for line in README.splitlines() if re.match(r"\| `(mixpanel|custo)", line)
    ]
    documented = {
        name for row in rows for name in re.findall(r"`(\S+)`", row.split("|")[1])
    }

    assert {"mixpanel.token", "mixpanel.outbox", "mixpanel.events"} <= documented
    assert documented <= {setting.name for setting in SETTINGS}


def test_the_settings_for_production_work(tmp_path: Path) -> None:
    """The README's example is taken as it is, but for the folder of its outbox."""
    [text] = re.findall(r"```ini\n(\[app:main\].*?)```", README, re.DOTALL)
    parser = ConfigParser(interpolation=None)
    parser.read_string(text.replace("/var/lib/shop", str(tmp_path)))
    given = dict(parser["app:main"])

    settings = read_settings(given)

    assert given.pop("use") == "egg:shop"
    assert len(given) == 6
    assert settings.outbox == tmp_path / "mixpanel.sqlite"
    assert settings.service_account is not None


def test_the_pages_that_the_readme_names_are_there() -> None:
    """Each is a file or a folder of the repository."""
    named = re.findall(r"`((?:docs|examples)/[^`]+)`", README)

    assert len(named) > 8
    assert [name for name in named if not (ROOT / name).exists()] == []
