"""The settings: read once, checked together, never looked at again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path

from mixpanel_pyramid.accounts import (
    CUSTOMERIO_REGIONS,
    CustomerioAccount,
    ServiceAccount,
)
from mixpanel_pyramid.converters import is_loopback
from mixpanel_pyramid.exceptions import MixpanelSettingsError
from mixpanel_pyramid.header_properties import ALL, NEVER_ATTRIBUTES, HeaderProperties
from mixpanel_pyramid.invalid_values import InvalidCounts
from mixpanel_pyramid.plain_replicas import PlainReplicas, plain_replicas
from mixpanel_pyramid.settings_table import (
    ALIASES,
    CUSTOMERIO,
    PLAN,
    SERVICE_ACCOUNT,
    SETTINGS,
)
from mixpanel_schema import (
    EventProperties,
    Events,
    GroupProperties,
    MixpanelSchemaError,
    ProfileMetaProperties,
    ProfileProperties,
    Property,
    TrackingPlan,
    TypedEvent,
)
from mixpanel_schema.catalogues import members, nearest

__all__ = ["TrackingSettings", "read_settings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingSettings:
    """What an application's settings say about tracking.

    Attributes:
        token: The project's token; None to record and send nothing.
        base_url: Where messages go, without a slash at the end.
        api_secret: The project's secret, which older calls of ``api`` import with.
        service_account: What events are imported with; None to track them.
        events: The application's catalogue of events.
        event_properties: Its catalogue of what events may carry.
        profile_properties: Its catalogue of what profiles may have.
        profile_meta_properties: Its catalogue of what may stand beside an update.
        group_properties: Its catalogue of what groups may have.
        typed_events: The application's classes of typed events.
        plan: Catalogues and typed events together, ready for checks.
        consumer: ``"background"``, ``"buffered"``, ``"celery"``, or what makes the
            application's own consumer.
        celery_app: The dotted name of the application's Celery application.
        outbox: The file that keeps released messages; None for memory alone.
        outbox_sync: ``"normal"``, or ``"full"`` to survive a power cut.
        outbox_max_mb: How large the file may become, in MiB.
        commit_veto: Says of a request and its response whether to discard.
        distinct_id: Tells whose request it is.
        refuses_invalid: Whether a value that cannot be sent raises, or is mended.
        header_properties: Reads what ``X-Mixpanel-…`` headers may set.
        queue_size: How many messages may wait in memory.
        request_timeout: How long a post to Mixpanel may take, in seconds.
        flush_timeout: How long the exit may wait for the delivery, in seconds.
        customerio: The workspace that tracks and profiles are replicated to.
        replicas: What of the plan it takes without a closer look.
        structlog: Whether to log through structlog.
        warnings: What is allowed but probably not meant.
        invalid_counts: Counts the values that were mended.
    """

    token: str | None = field(repr=False)
    base_url: str
    api_secret: str | None = field(repr=False)
    service_account: ServiceAccount | None
    events: Events
    event_properties: EventProperties
    profile_properties: ProfileProperties
    profile_meta_properties: ProfileMetaProperties
    group_properties: GroupProperties
    typed_events: tuple[type[TypedEvent], ...]
    plan: TrackingPlan = field(repr=False)
    consumer: object
    celery_app: str | None
    outbox: Path | None
    outbox_sync: str
    outbox_max_mb: int
    commit_veto: Callable[[object, object], object] | None
    distinct_id: Callable[[object], object]
    refuses_invalid: bool
    header_properties: HeaderProperties
    queue_size: int
    request_timeout: float
    flush_timeout: float
    customerio: CustomerioAccount | None
    replicas: PlainReplicas
    structlog: bool
    warnings: tuple[str, ...] = ()
    invalid_counts: InvalidCounts = field(
        default_factory=InvalidCounts, repr=False, compare=False
    )


def read_settings(settings: Mapping[str, object]) -> TrackingSettings:
    """Read and check the ``mixpanel.*`` and ``customerio.tracking.*`` settings.

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
        given = settings.get(setting.name)
        if given is None and setting.name in ALIASES:
            given = settings.get(ALIASES[setting.name])
        try:
            values[setting.attribute] = (
                setting.default if given is None else setting.convert(given)
            )
        except ValueError as error:
            problems.append(f"{setting.name}: {error}")
    if all(name in values for name in PLAN):
        try:
            values["plan"] = TrackingPlan(
                **{name: values[name] for name in PLAN}  # type: ignore[arg-type]
            )
        except MixpanelSchemaError as error:
            problems.append(f"tracking plan: {error}")
    problems += incomplete(values, SERVICE_ACCOUNT) + incomplete(values, CUSTOMERIO)
    problems += unknown_attributes(values)
    problems += impossible(values)
    if problems:
        raise MixpanelSettingsError(problems)
    return joined(values, tuple(warnings_about(settings, values)))


def joined(values: dict[str, object], warnings: tuple[str, ...]) -> TrackingSettings:
    """Join the values of the table's rows to what the package works with."""
    region, base_url = values.pop("region"), values.pop("base_url")
    username, secret, project_id = (values.pop(name) for name in SERVICE_ACCOUNT)
    site_id, api_key, cio_region = (values.pop(name) for name in CUSTOMERIO)
    cio_url = values.pop("customerio_base_url")
    on_invalid = values.pop("on_invalid")
    catalogue, allowed = values["event_properties"], values["header_properties"]
    account = (
        ServiceAccount(str(username), str(secret), str(project_id))
        if username
        else None
    )
    workspace = (
        CustomerioAccount(
            str(site_id),
            str(api_key),
            str(cio_region),
            str(cio_url or CUSTOMERIO_REGIONS[str(cio_region)]),
        )
        if site_id
        else None
    )
    values |= {
        "base_url": base_url or region,
        "service_account": account,
        "customerio": workspace,
        "replicas": plain_replicas(values["plan"]) if workspace else PlainReplicas(),  # type: ignore[arg-type]  # the plan
        "refuses_invalid": (on_invalid or "raise") == "raise"
        if values["token"] is None
        else on_invalid == "raise",
        "header_properties": HeaderProperties(
            catalogue,  # type: ignore[arg-type]  # by the table's rows
            allowed,  # type: ignore[arg-type]  # the same
        ),
        "warnings": warnings,
    }
    return TrackingSettings(**values)  # type: ignore[arg-type]  # by the table's rows


def impossible(values: Mapping[str, object]) -> list[str]:
    """Find settings that cannot work here, or not without another."""
    problems = []
    if values.get("consumer") == "celery" and not values.get("celery_app"):
        problems.append(
            "mixpanel.consumer is celery, but mixpanel.celery_app is missing; "
            "give the dotted name of your Celery application"
        )
    if values.get("outbox") and find_spec("fcntl") is None:
        problems.append(
            "mixpanel.outbox is set, but this system cannot lock files as Linux and "
            "macOS do; remove it"
        )
    return problems


def incomplete(values: Mapping[str, object], group: Mapping[str, str]) -> list[str]:
    """Find settings that are missing beside others of their group."""
    if not any(values.get(attribute) for attribute in group):
        return []
    return [
        f"{name} is missing; give {', '.join(group.values())} together, or none"
        for attribute, name in group.items()
        if attribute in values and not values[attribute]
    ]


def unknown_attributes(values: Mapping[str, object]) -> list[str]:
    """Find attributes for headers that no event property has."""
    catalogue, allowed = values.get("event_properties"), values.get("header_properties")
    if not (isinstance(catalogue, EventProperties) and isinstance(allowed, frozenset)):
        return []
    known = members(catalogue, Property)
    return [
        f"mixpanel.header_properties: {attribute} is no attribute of "
        f"mixpanel.event_properties{nearest(attribute, known)}; correct or remove it"
        for attribute in sorted(allowed - {ALL} - known.keys() - NEVER_ATTRIBUTES)
    ]


def unknown_settings(settings: Mapping[str, object]) -> list[str]:
    """Find settings that would be ignored."""
    known = [setting.name for setting in SETTINGS]
    problems = []
    for name in settings:
        if name not in known and name.startswith(("mixpanel.", "customerio.tracking.")):
            (near,) = get_close_matches(name, known, n=1, cutoff=0.0)
            problems.append(
                f"{name} is no setting; nearest is {near}: correct or remove it"
            )
    return problems


def warnings_about(
    settings: Mapping[str, object], values: Mapping[str, object]
) -> list[str]:
    """Say what is allowed but probably not meant."""
    warnings = []
    if settings.get("mixpanel.token") is None:
        warnings.append(
            "mixpanel.token is not set: messages are recorded and nothing is sent; "
            "set it to the project token, or to false where that is meant"
        )
    for name, attribute in (
        ("mixpanel.base_url", "base_url"),
        ("customerio.tracking.base_url", "customerio_base_url"),
    ):
        url = str(values[attribute] or "")
        if url.startswith("http://") and not is_loopback(url):
            warnings.append(
                f"{name} {url} is plain http to another machine: anybody "
                "on the way can read what is tracked; use https"
            )
    never = sorted(NEVER_ATTRIBUTES & values["header_properties"])  # type: ignore[operator]
    if never:
        warnings.append(
            f"mixpanel.header_properties lists {', '.join(never)}, which no header "
            "may set; remove it"
        )
    if values["outbox"] and values["consumer"] not in {"background", "celery"}:
        warnings.append(
            "mixpanel.outbox keeps no messages for Mixpanel where mixpanel.consumer "
            "is another than background or celery; remove one of the two"
        )
    return warnings
