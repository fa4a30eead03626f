"""What mixpanel-pyramid refuses."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from pyramid.registry import Registry  # type: ignore[import-untyped]
from tests.reference.refusals.refusal import Refusal

import mixpanel_pyramid
from mixpanel_pyramid import Events, MixpanelTrack, delivery_stats
from mixpanel_pyramid.dispatch import check_celery
from mixpanel_pyramid.exceptions import (
    DistinctIdMissingError,
    MissingExtraError,
    MixpanelPyramidError,
    MixpanelSettingsError,
    OutboxUnusableError,
)
from mixpanel_pyramid.outbox_status import read_status
from mixpanel_pyramid.settings import read_settings
from mixpanel_pyramid.track import customerio_library
from mixpanel_schema import Event, Property
from mixpanel_schema.exceptions import UndeclaredNameError

__all__ = ["IN_A_VIEW", "PYRAMID"]

OUTBOX = "mixpanel.outbox"


def settings(**given: object) -> Callable[[Path], object]:
    """Read settings, each by its name with an underscore for its first dot."""
    named = {name.replace("_", ".", 1): value for name, value in given.items()}
    return lambda _: read_settings({"mixpanel.token": "false"} | named)


def dotted(given: dict[str, object]) -> Callable[[Path], object]:
    """Read settings."""
    return lambda _: read_settings({"mixpanel.token": "false"} | given)


def tracker() -> MixpanelTrack:
    """Make a tracker that records."""
    return MixpanelTrack({"mixpanel.token": "false"}, distinct_id="user-1")


def without(module: str, work: Callable[[], object]) -> Callable[[Path], object]:
    """Do something where a library is not installed."""

    def provoke(_: Path) -> object:
        # What is loaded already would be found without a look at its parent.
        parts = (name for name in sys.modules if name.startswith(f"{module}."))
        with patch.dict(sys.modules, dict.fromkeys((module, *parts))):
            for name in ("celery_sender", "official_customerio"):
                sys.modules.pop(f"mixpanel_pyramid.{name}", None)
                # An imported module is an attribute of its package, too.
                vars(mixpanel_pyramid).pop(name, None)
            return work()

    return provoke


def someone_elses(folder: Path) -> object:
    """Look at a file that is no outbox."""
    (folder / "notes.sqlite").write_text("notes of somebody " * 100, encoding="utf-8")
    return read_status(folder / "notes.sqlite")


def refused(provoke: Callable[[Path], object], remedy: str) -> Refusal:
    """Make a row about settings."""
    return Refusal(MixpanelSettingsError, provoke, remedy)


CUSTOMERIO = "customerio.tracking."
PYRAMID = [
    refused(
        settings(mixpanel_tokne="…"),
        "Nothing reads the setting. Write the name that is meant.",
    ),
    refused(settings(mixpanel_token=" "), "A token is empty, so that nothing is sent."),
    refused(settings(mixpanel_region="de"), "Mixpanel has three regions."),
    refused(
        settings(mixpanel_base_url="mixpanel.example"),
        "An address has a scheme and a host.",
    ),
    refused(
        settings(mixpanel_base_url="https://user:secret@mixpanel.example"),
        "Credentials have settings of their own.",
    ),
    refused(
        settings(mixpanel_queue_size="many"), "It counts messages, so it is a number."
    ),
    refused(settings(mixpanel_flush_timeout="0"), "Nothing can be sent in no time."),
    refused(
        settings(mixpanel_on_invalid="ignore"), "There are two ways to treat a value."
    ),
    refused(
        settings(mixpanel_outbox_sync="off"), "There are two ways to write to the disk."
    ),
    refused(settings(mixpanel_structlog="maybe"), "It is switched on, or it is not."),
    refused(
        settings(mixpanel_outbox="missing/mixpanel.sqlite"),
        "The folder of the outbox is not there.",
    ),
    refused(
        settings(mixpanel_outbox="."), "The outbox is a file, and a folder was given."
    ),
    refused(
        settings(mixpanel_events="shop.names.ShopEvents"),
        "The name cannot be imported: it is misspelt, or not installed.",
    ),
    refused(
        settings(mixpanel_events=".names.ShopEvents"),
        "The settings are read in no package, so that names are whole.",
    ),
    refused(
        settings(mixpanel_events="collections.Counter"),
        "The name leads to something else than a catalogue.",
    ),
    refused(
        settings(mixpanel_typed_events="collections.Counter"),
        "The name leads to something else than typed events.",
    ),
    refused(
        settings(mixpanel_commit_veto="sys.maxsize"),
        "The name leads to something that is no function.",
    ),
    refused(
        settings(mixpanel_consumer="bufferd"),
        "There is no such consumer.",
    ),
    refused(
        settings(mixpanel_consumer="collections.Counter"),
        "A consumer takes messages with `send`.",
    ),
    refused(
        settings(mixpanel_consumer="celery"),
        "The name of the Celery application is missing.",
    ),
    refused(
        settings(mixpanel_header_properties="amuont"),
        "No property of yours has the name.",
    ),
    refused(
        dotted({"mixpanel.service_account.username": "reports"}),
        "A service account needs its three settings; each that is missing is named.",
    ),
    refused(
        dotted({f"{CUSTOMERIO}site_id": "1", f"{CUSTOMERIO}api_key": "2"}),
        "A workspace needs its three settings.",
    ),
    refused(
        dotted({f"{CUSTOMERIO}region": "de"}),
        "Customer.io has two regions.",
    ),
    refused(
        settings(mixpanel_api_secret=True),
        "A credential is text. Its value is never shown.",
    ),
    Refusal(
        DistinctIdMissingError,
        lambda _: MixpanelTrack({"mixpanel.token": "false"}).track(Events.page_viewed),
        "Nobody said who it was. Set `request.mixpanel.distinct_id`, or "
        "`mixpanel.distinct_id`.",
    ),
    Refusal(
        MissingExtraError,
        without("kombu", lambda: check_celery("shop.tasks.app")),
        "Install the extra that is named.",
    ),
    Refusal(
        MissingExtraError,
        without("customerio", customerio_library),
        "Install the extra that is named.",
    ),
    Refusal(
        OutboxUnusableError,
        lambda folder: read_status(folder / "missing.sqlite"),
        "There is no file of this name. Give the one that the setting names.",
    ),
    Refusal(
        OutboxUnusableError,
        read_status,
        "A folder was given. Name the file in it.",
    ),
    Refusal(
        MixpanelPyramidError,
        lambda _: delivery_stats(Registry()),
        "The application was made without `config.include`, or is not made yet.",
    ),
]

IN_A_VIEW = [
    Refusal(
        UndeclaredNameError,
        lambda _: tracker().track(Event("Order Complete")),
        "The event is in no catalogue of the app. Declare it in the one that "
        "`mixpanel.events` names.",
    ),
    Refusal(
        UndeclaredNameError,
        lambda _: tracker().track(Events.page_viewed, {Property("Amuont"): 1}),
        "The property is in no catalogue of the app. Declare it in the one that "
        "`mixpanel.event_properties` names.",
    ),
    Refusal(
        UndeclaredNameError,
        lambda _: tracker().profile_set({Property("Plna"): "pro"}),
        "The property is in no catalogue of the app. Declare it in the one that "
        "`mixpanel.profile_properties` names.",
    ),
]
