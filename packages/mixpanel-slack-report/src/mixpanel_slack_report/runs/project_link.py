"""The address of a project's pages in Mixpanel, for people."""

from __future__ import annotations

from mixpanel_slack_report.settings import Settings

__all__ = ["project_link"]

# https://docs.mixpanel.com/docs/privacy/eu-residency
HOSTS = {"us": "mixpanel.com", "eu": "eu.mixpanel.com", "in": "in.mixpanel.com"}


def project_link(settings: Settings) -> str:
    """Return the address of the project's pages; empty for one that has none."""
    if settings.base_url is not None:
        return ""
    return f"https://{HOSTS[settings.region]}/project/{settings.project_id}"
