"""What is enqueued, what is known of it when it fails, and how that is told."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from celery import Celery  # type: ignore[import-untyped]

from mixpanel_pyramid import MixpanelTrack
from mixpanel_pyramid.answers import Outcome
from mixpanel_pyramid.celery_sender import CelerySender, Parcel, celery_application
from mixpanel_pyramid.exceptions import MissingExtraError, MixpanelSettingsError
from mixpanel_pyramid.message import Message

if TYPE_CHECKING:
    from tests.mixpanel_pyramid.celery_runs.conftest import MakeShop, OwnRedis
    from tests.mixpanel_pyramid.conftest import MakeApp

EVENT = Message("imports", '{"properties":{"A":"ü"},"event":"E"}', 1, 2.5, ("k", "s"))
ADD = Message("people", '{"$add":{"Logins":1}}', 0, 3.5)


def test_a_parcel_is_the_same_behind_the_broker() -> None:
    """But for the credentials, which stay here."""
    parcel = Parcel("mixpanel-1f", (EVENT, EVENT), failures=2, not_before=9.5)

    assert Parcel.of(parcel.payload()) == Parcel(
        "mixpanel-1f", (EVENT._replace(credentials=None),) * 2, 2, 9.5
    )


def test_what_counts_has_a_task_of_its_own() -> None:
    """It is acknowledged first; what may be repeated, last."""
    assert Parcel("p", (EVENT,)).task == "mixpanel_pyramid.deliver"
    assert Parcel("p", (ADD,)).task == "mixpanel_pyramid.deliver_once"


def test_a_broker_that_comes_back_is_connected_to_again(
    make_shop: MakeShop, own_redis: OwnRedis
) -> None:
    """What was attempted meanwhile is known not to be enqueued, counters too."""
    shop = make_shop("http://127.0.0.1:9", own_redis.url)
    sender = CelerySender(shop.celery, "mixpanel-1f", 5.0)
    outcomes = [sender.post([ADD]).outcome]
    own_redis.start()
    outcomes.append(sender.post([ADD]).outcome)
    own_redis.stop()
    outcomes.append(sender.post([ADD]).outcome)
    own_redis.start()
    outcomes.append(sender.post([ADD]).outcome)
    sender.close()

    assert outcomes == [
        Outcome.NOT_APPLIED,
        Outcome.ACCEPTED,
        Outcome.NOT_APPLIED,
        Outcome.ACCEPTED,
    ]


def test_a_cut_connection_is_noticed_before_anything_is_published(
    make_shop: MakeShop, rabbitmq_url: str
) -> None:
    """RabbitMQ may have closed it in a long silence; nothing is lost or unclear."""
    shop = make_shop("http://127.0.0.1:9", rabbitmq_url)
    sender = CelerySender(shop.celery, "mixpanel-1f", 5.0)
    first = sender.post([ADD])
    assert sender.connection is not None
    sender.connection.connection.sock.close()
    second = sender.post([ADD])
    sender.close()

    assert (first.outcome, second.outcome) == (Outcome.ACCEPTED, Outcome.ACCEPTED)


def test_the_password_of_the_broker_is_in_no_error(
    make_shop: MakeShop, rabbitmq_url: str
) -> None:
    """Wrong credentials are told in one line, and nothing was enqueued."""
    broker = rabbitmq_url.replace("guest:guest", "nobody:let-me-in")
    shop = make_shop("http://127.0.0.1:9", broker)
    attempt = CelerySender(shop.celery, "mixpanel-1f", 5.0).post([EVENT])

    assert attempt.outcome is Outcome.NOT_APPLIED
    assert "let-me-in" not in attempt.reason
    assert "\n" not in attempt.reason


@pytest.mark.parametrize("scheme", ["nowhere", "sqs"])
def test_a_broker_whose_library_is_missing_is_told_of(scheme: str) -> None:
    """In one line, with what to do, and nothing was enqueued."""
    shop = Celery("shop", broker=f"{scheme}://me:let-me-in@127.0.0.1:9/0")
    attempt = CelerySender(shop, "mixpanel-1f", 5.0).post([EVENT])

    assert attempt.outcome is Outcome.NOT_APPLIED
    assert "let-me-in" not in attempt.reason
    assert attempt.reason.endswith(
        "; install the library of your broker, such as celery[redis]"
    )


def test_a_celery_application_that_is_not_there_stops_the_start_up(
    make_app: MakeApp,
) -> None:
    """With the setting's name, and what is wrong."""
    settings = {
        "mixpanel.token": "t",
        "mixpanel.consumer": "celery",
        "mixpanel.celery_app": "json.app",
    }
    with pytest.raises(MixpanelSettingsError, match=r"mixpanel\.celery_app is 'json\."):
        make_app({}, settings)
    with pytest.raises(MixpanelSettingsError, match="is no Celery application"):
        celery_application("json:loads")


def test_the_celery_application_has_to_be_named(make_app: MakeApp) -> None:
    """Nobody guesses which one is meant."""
    settings = {"mixpanel.token": "t", "mixpanel.consumer": "celery"}
    with pytest.raises(MixpanelSettingsError, match=r"mixpanel\.celery_app is missing"):
        make_app({}, settings)


def test_celery_is_missed_at_start_up(
    make_shop: MakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the extra; no other consumer needs it."""
    shop = make_shop("http://127.0.0.1:9")
    monkeypatch.delitem(sys.modules, "mixpanel_pyramid.celery_sender")
    monkeypatch.delitem(sys.modules, "kombu.exceptions")
    monkeypatch.setitem(sys.modules, "kombu", None)
    with pytest.raises(MissingExtraError, match=r"mixpanel-pyramid\[celery\]"):
        MixpanelTrack(shop.settings)


def test_a_broken_installation_is_not_taken_for_a_missing_celery(
    make_shop: MakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The extra would not bring a module of this package back."""
    shop = make_shop("http://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "mixpanel_pyramid.celery_sender", None)
    with pytest.raises(ModuleNotFoundError) as broken:
        MixpanelTrack(shop.settings)

    assert broken.value.name == "mixpanel_pyramid.celery_sender"
    assert not isinstance(broken.value, MissingExtraError)


def test_an_application_in_the_middle_of_its_import_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its module may make the Pyramid application, once it has the Celery one."""
    app = SimpleNamespace(send_task=None, connection_for_write=None)
    monkeypatch.setitem(sys.modules, "half", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "half.tasks", SimpleNamespace(app=app))

    assert celery_application("half.tasks.app") is app
