"""The settings: read once, checked together, never looked at again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from mixpanel_pyramid.converters import (
    REGIONS,
    catalogue_of,
    dotted_callable,
    is_loopback,
    project_token,
    region_host,
    seconds,
    service_url,
    typed_event_classes,
    whole_number,
)
from mixpanel_pyramid.destination import Destination
from mixpanel_pyramid.exceptions import MixpanelSettingsError
from mixpanel_schema import (
    EventProperties,
    Events,
    GroupProperties,
    MixpanelSchemaError,
    ProfileMetaProperties,
    ProfileProperties,
    TrackingPlan,
    TypedEvent,
)

__all__ = ["LATER", "SETTINGS", "Setting", "TrackingSettings", "read_settings"]


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the table of settings.

    Attributes:
        name: What follows ``mixpanel.`` in the application's settings.
        convert: Makes the value from what is given; raises ValueError.
        default: The value where nothing is given.
        help: What the setting does.
    """

    name: str
    convert: Callable[[object], object]
    default: object
    help: str


def user_distinct_id(request: object) -> object:
    """Give ``request.user.distinct_id``, or None where there is no such thing."""
    return getattr(getattr(request, "user", None), "distinct_id", None)


SETTINGS = (
    Setting("token", project_token, None, "project token; false: record only"),
    Setting("region", region_host, REGIONS["us"], "us, eu or in"),
    Setting("base_url", service_url, None, "another host than the region's"),
    Setting("events", catalogue_of(Events), Events(), "your Events"),
    Setting(
        "event_properties",
        catalogue_of(EventProperties),
        EventProperties(),
        "your EventProperties",
    ),
    Setting(
        "profile_properties",
        catalogue_of(ProfileProperties),
        ProfileProperties(),
        "your ProfileProperties",
    ),
    Setting(
        "profile_meta_properties",
        catalogue_of(ProfileMetaProperties),
        ProfileMetaProperties(),
        "your ProfileMetaProperties",
    ),
    Setting(
        "group_properties",
        catalogue_of(GroupProperties),
        GroupProperties(),
        "your GroupProperties",
    ),
    Setting("typed_events", typed_event_classes, (), "your typed events"),
    Setting(
        "distinct_id", dotted_callable, user_distinct_id, "who is it: callable(request)"
    ),
    Setting("queue_size", whole_number, 100_000, "messages that may wait in memory"),
    Setting("request_timeout", seconds, 10.0, "seconds a post to Mixpanel may take"),
    Setting("flush_timeout", seconds, 5.0, "seconds the exit of the process may take"),
)

PLAN = (
    "events",
    "event_properties",
    "profile_properties",
    "profile_meta_properties",
    "group_properties",
    "typed_events",
)

# Settings that pyramid_mixpanel has, or that are planned: taking them without doing
# what they say would lose data silently.
LATER = frozenset(
    {
        "mixpanel.api_secret",
        "mixpanel.celery_app",
        "mixpanel.commit_veto",
        "mixpanel.consumer",
        "mixpanel.header_properties",
        "mixpanel.on_invalid",
        "mixpanel.outbox",
        "mixpanel.outbox_max_mb",
        "mixpanel.outbox_sync",
        "mixpanel.service_account.project_id",
        "mixpanel.service_account.secret",
        "mixpanel.service_account.username",
        "mixpanel.structlog",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingSettings:
    """What an application's settings say about tracking.

    Attributes:
        token: The project's token; None to record and send nothing.
        base_url: Where messages go, without a slash at the end.
        events: The application's catalogue of events.
        event_properties: Its catalogue of what events may carry.
        profile_properties: Its catalogue of what profiles may have.
        profile_meta_properties: Its catalogue of what may stand beside an update.
        group_properties: Its catalogue of what groups may have.
        typed_events: The application's classes of typed events.
        plan: Catalogues and typed events together, ready for checks.
        distinct_id: Tells whose request it is.
        queue_size: How many messages may wait in memory.
        request_timeout: How long a post to Mixpanel may take, in seconds.
        flush_timeout: How long the exit may wait for the delivery, in seconds.
        warnings: What is allowed but probably not meant.
    """

    token: str | None = field(repr=False)
    base_url: str
    events: Events
    event_properties: EventProperties
    profile_properties: ProfileProperties
    profile_meta_properties: ProfileMetaProperties
    group_properties: GroupProperties
    typed_events: tuple[type[TypedEvent], ...]
    plan: TrackingPlan = field(repr=False)
    distinct_id: Callable[[object], object]
    queue_size: int
    request_timeout: float
    flush_timeout: float
    warnings: tuple[str, ...] = ()

    def destination(self) -> Destination:
        """Say where messages go, and within which bounds."""
        return Destination(
            self.base_url, self.queue_size, self.request_timeout, self.flush_timeout
        )


def read_settings(settings: Mapping[str, object]) -> TrackingSettings:
    """Read and check the ``mixpanel.*`` settings.

    Args:
        settings: The settings of a Pyramid application; others are left alone.

    Raises:
        MixpanelSettingsError: If anything is wrong; it names every problem.

    >>> read_settings({"mixpanel.token": "off", "mixpanel.region": "eu"}).base_url
    'https://api-eu.mixpanel.com'
    >>> read_settings({"mixpanel.regoin": "eu"})
    Traceback (most recent call last):
    mixpanel_pyramid.exceptions.MixpanelSettingsError: mixpanel.regoin is no setting; \
nearest is mixpanel.region: correct or remove it
    """
    problems = unknown_settings(settings)
    values: dict[str, object] = {}
    for setting in SETTINGS:
        given = settings.get(f"mixpanel.{setting.name}")
        try:
            values[setting.name] = (
                setting.default if given is None else setting.convert(given)
            )
        except ValueError as error:
            problems.append(f"mixpanel.{setting.name}: {error}")
    if all(name in values for name in PLAN):
        try:
            values["plan"] = TrackingPlan(
                **{name: values[name] for name in PLAN}  # type: ignore[arg-type]
            )
        except MixpanelSchemaError as error:
            problems.append(f"tracking plan: {error}")
    if problems:
        raise MixpanelSettingsError(problems)
    region, base_url = values.pop("region"), values.pop("base_url")
    values["base_url"] = base_url or region
    values["warnings"] = tuple(warnings_about(settings, str(values["base_url"])))
    return TrackingSettings(**values)  # type: ignore[arg-type]  # by the table's rows


def unknown_settings(settings: Mapping[str, object]) -> list[str]:
    """Find settings that would be ignored."""
    known = [f"mixpanel.{setting.name}" for setting in SETTINGS]
    problems = []
    for name in settings:
        if name in LATER or name.startswith("customerio."):
            problems.append(f"{name} is not supported by this version; remove it")
        elif name.startswith("mixpanel.") and name not in known:
            (near,) = get_close_matches(name, known, n=1, cutoff=0.0)
            problems.append(
                f"{name} is no setting; nearest is {near}: correct or remove it"
            )
    return problems


def warnings_about(settings: Mapping[str, object], base_url: str) -> list[str]:
    """Say what is allowed but probably not meant."""
    warnings = []
    if settings.get("mixpanel.token") is None:
        warnings.append(
            "mixpanel.token is not set: messages are recorded and nothing is sent; "
            "set it to the project token, or to false where that is meant"
        )
    if base_url.startswith("http://") and not is_loopback(base_url):
        warnings.append(
            f"mixpanel.base_url {base_url} is plain http to another machine: anybody "
            "on the way can read what is tracked; use https"
        )
    return warnings
