"""Where people look at the numbers themselves."""

from __future__ import annotations

import pytest

from mixpanel_slack_report.runs.project_link import project_link
from mixpanel_slack_report.settings import read_settings

ENVIRON = {
    "MIXPANEL_USERNAME": "reports",
    "MIXPANEL_SECRET": "s3cret",
    "MIXPANEL_PROJECT_ID": "12345",
}


@pytest.mark.parametrize(
    ("region", "link"),
    [
        ("us", "https://mixpanel.com/project/12345"),
        ("eu", "https://eu.mixpanel.com/project/12345"),
        ("in", "https://in.mixpanel.com/project/12345"),
    ],
)
def test_each_region_has_pages_of_its_own(region: str, link: str) -> None:
    """The wrong one shows no project."""
    settings = read_settings({**ENVIRON, "MIXPANEL_REGION": region}, to_send=False)

    assert project_link(settings) == link


def test_a_local_project_has_no_pages() -> None:
    """A link would lead to somebody else's project of that number."""
    environ = {**ENVIRON, "MIXPANEL_BASE_URL": "http://127.0.0.1:8000"}

    assert project_link(read_settings(environ, to_send=False)) == ""
