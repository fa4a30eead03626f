"""The table of settings: name, reader, default and help, one row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mixpanel_pyramid.accounts import CUSTOMERIO_REGIONS
from mixpanel_pyramid.converters import (
    CONSUMERS,
    REGIONS,
    catalogue_of,
    consumer_class,
    dotted_callable,
    file_path,
    header_attributes,
    one_of,
    project_token,
    region_host,
    seconds,
    secret_text,
    service_url,
    typed_event_classes,
    whole_number,
)
from mixpanel_pyramid.structured_logging import structlog_truth
from mixpanel_schema import (
    EventProperties,
    Events,
    GroupProperties,
    ProfileMetaProperties,
    ProfileProperties,
)

__all__ = [
    "ALIASES",
    "CUSTOMERIO",
    "PLAN",
    "SERVICE_ACCOUNT",
    "SETTINGS",
    "Setting",
]


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the table of settings.

    Attributes:
        name: Its name in the application's settings.
        convert: Makes the value from what is given; raises ValueError.
        default: The value where nothing is given.
        help: What the setting does.
        as_attribute: What the value is called in the code, where that is not what
            follows ``mixpanel.`` in the name.
    """

    name: str
    convert: Callable[[object], object]
    default: object
    help: str
    as_attribute: str = ""

    @property
    def attribute(self) -> str:
        """What the value is called in the code."""
        return self.as_attribute or self.name.removeprefix("mixpanel.")


def user_distinct_id(request: object) -> object:
    """Give ``request.user.distinct_id``, or None where there is no such thing."""
    return getattr(getattr(request, "user", None), "distinct_id", None)


def customerio_region(value: object) -> str | None:
    """Read a region of Customer.io; None where it is empty."""
    word = str(value).strip().lower()
    if word and word not in CUSTOMERIO_REGIONS:
        known = " or ".join(CUSTOMERIO_REGIONS)
        raise ValueError(f"Unknown customer.io region {value!r}; give {known}")
    return word or None


SETTINGS = (
    Setting("mixpanel.token", project_token, None, "project token; false: record only"),
    Setting("mixpanel.region", region_host, REGIONS["us"], "us, eu or in"),
    Setting("mixpanel.base_url", service_url, None, "another host than the region's"),
    Setting("mixpanel.api_secret", secret_text, None, "secret, for older imports"),
    Setting(
        "mixpanel.service_account.username",
        secret_text,
        None,
        "service account: events are imported, with an answer for each",
        "service_account_username",
    ),
    Setting(
        "mixpanel.service_account.secret",
        secret_text,
        None,
        "its secret",
        "service_account_secret",
    ),
    Setting(
        "mixpanel.service_account.project_id",
        secret_text,
        None,
        "the project's number",
        "service_account_project_id",
    ),
    Setting("mixpanel.events", catalogue_of(Events), Events(), "your Events"),
    Setting(
        "mixpanel.event_properties",
        catalogue_of(EventProperties),
        EventProperties(),
        "your EventProperties",
    ),
    Setting(
        "mixpanel.profile_properties",
        catalogue_of(ProfileProperties),
        ProfileProperties(),
        "your ProfileProperties",
    ),
    Setting(
        "mixpanel.profile_meta_properties",
        catalogue_of(ProfileMetaProperties),
        ProfileMetaProperties(),
        "your ProfileMetaProperties",
    ),
    Setting(
        "mixpanel.group_properties",
        catalogue_of(GroupProperties),
        GroupProperties(),
        "your GroupProperties",
    ),
    Setting("mixpanel.typed_events", typed_event_classes, (), "your typed events"),
    Setting(
        "mixpanel.consumer",
        consumer_class,
        CONSUMERS[0],
        "background, buffered, celery, or the dotted name of your own class",
    ),
    Setting(
        "mixpanel.celery_app",
        secret_text,
        None,
        "dotted name of your Celery application",
    ),
    Setting("mixpanel.outbox", file_path, None, "file that keeps released messages"),
    Setting(
        "mixpanel.outbox_sync",
        one_of("normal", "full"),
        "normal",
        "full: survive a power cut too",
    ),
    Setting("mixpanel.outbox_max_mb", whole_number, 1024, "how large the file may be"),
    Setting(
        "mixpanel.commit_veto",
        dotted_callable,
        None,
        "callable(request, response): True discards",
    ),
    Setting(
        "mixpanel.distinct_id",
        dotted_callable,
        user_distinct_id,
        "who is it: callable(request)",
    ),
    Setting(
        "mixpanel.on_invalid",
        one_of("raise", "log"),
        None,
        "values that cannot be sent: raise, or log and mend",
    ),
    Setting(
        "mixpanel.header_properties",
        header_attributes,
        frozenset({"*"}),
        "what X-Mixpanel-… headers may set: *, none, or a list",
    ),
    Setting(
        "mixpanel.queue_size", whole_number, 100_000, "messages that may wait in memory"
    ),
    Setting("mixpanel.request_timeout", seconds, 10.0, "seconds a post may take"),
    Setting(
        "mixpanel.flush_timeout", seconds, 5.0, "seconds the exit of a process may take"
    ),
    Setting("mixpanel.structlog", structlog_truth, False, "log through structlog"),
    Setting(
        "customerio.tracking.site_id",
        secret_text,
        None,
        "Customer.io: the workspace's site id",
        "customerio_site_id",
    ),
    Setting(
        "customerio.tracking.api_key",
        secret_text,
        None,
        "its Track API key",
        "customerio_api_key",
    ),
    Setting(
        "customerio.tracking.region",
        customerio_region,
        None,
        "us or eu",
        "customerio_region",
    ),
    Setting(
        "customerio.tracking.base_url",
        service_url,
        None,
        "another host than the region's",
        "customerio_base_url",
    ),
)

# Settings that other packages of the same authors made popular, by ours.
ALIASES = {"mixpanel.structlog": "pyramid_heroku.structlog"}

PLAN = (
    "events",
    "event_properties",
    "profile_properties",
    "profile_meta_properties",
    "group_properties",
    "typed_events",
)
# Groups that are given together or not at all.
SERVICE_ACCOUNT = {
    "service_account_username": "mixpanel.service_account.username",
    "service_account_secret": "mixpanel.service_account.secret",
    "service_account_project_id": "mixpanel.service_account.project_id",
}
CUSTOMERIO = {
    "customerio_site_id": "customerio.tracking.site_id",
    "customerio_api_key": "customerio.tracking.api_key",
    "customerio_region": "customerio.tracking.region",
}
