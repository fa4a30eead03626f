"""How messages are handed to the workers of the application's own Celery.

A task carries at most a batch of messages, no credentials and no project token: whoever
delivers has those from its settings. Nothing is repeated by Celery or its libraries, so
that it stays clear what was enqueued.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

from kombu.exceptions import EncodeError

from mixpanel_pyramid.answers import Attempt, Outcome
from mixpanel_pyramid.exceptions import MixpanelSettingsError
from mixpanel_pyramid.message import Message

if TYPE_CHECKING:
    from celery import Celery  # type: ignore[import-untyped]

Connection: TypeAlias = Any  # kombu's, most of which has no type hints
Channel: TypeAlias = Any  # the same

__all__ = [
    "DELIVER",
    "DELIVER_ONCE",
    "CelerySender",
    "Parcel",
    "celery_application",
]

DELIVER = "mixpanel_pyramid.deliver"  # what may be repeated
DELIVER_ONCE = "mixpanel_pyramid.deliver_once"  # what counts
GIVEN = "mixpanel.celery_app is"
# Raised before anything is on its way, such as for a queue that is not declared.
NOTHING_SENT = (EncodeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a task carries.

    Attributes:
        project: The key of the project's address, which a worker for another project
            does not take.
        messages: Messages of one endpoint; all may be repeated or none.
        failures: Attempts to deliver them that failed so far.
        not_before: Epoch seconds until which the service asked to be left alone.
    """

    project: str
    messages: tuple[Message, ...]
    failures: int = 0
    not_before: float = 0.0

    @property
    def task(self) -> str:
        """The name of the task that delivers it."""
        return DELIVER if self.messages[0].repeatable else DELIVER_ONCE

    def payload(self) -> dict[str, object]:
        """Give what the task is called with; credentials are left out.

        >>> message = Message("events", "{}", 1, 2.5, (None, "secret"))
        >>> payload = Parcel("mixpanel-1f", (message,)).payload()
        >>> payload["endpoint"], payload["messages"]
        ('events', [['{}', 1, 2.5]])
        """
        return {
            "project": self.project,
            "endpoint": self.messages[0].endpoint,
            "messages": [[m.text, m.traits, m.moment] for m in self.messages],
            "failures": self.failures,
            "not_before": self.not_before,
        }

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> Parcel:
        """Read what a task was called with."""
        endpoint = payload["endpoint"]
        return cls(
            payload["project"],
            tuple(Message(endpoint, *values) for values in payload["messages"]),
            payload["failures"],
            payload["not_before"],
        )


class Sent:
    """What is known of a task that was enqueued: nothing that anybody asks for."""

    def __init__(self, task_id: str) -> None:
        self.task_id = task_id
        self.ignored = True


class CelerySender:
    """Enqueues batches; used by one thread at a time, in the process that made it.

    Args:
        app: The Celery application.
        project: The key of the project's address.
        timeout: Seconds that the broker may take to answer.
    """

    def __init__(self, app: Celery, project: str, timeout: float) -> None:
        self.app = app
        self.project = project
        self.timeout = timeout
        self.connection: Connection | None = None

    def post(self, batch: Sequence[Message], within: float | None = None) -> Attempt:
        """Enqueue messages of one endpoint; never raises."""
        return self.enqueue(Parcel(self.project, tuple(batch)), within=within)

    def enqueue(
        self, parcel: Parcel, *, countdown: float = 0.0, within: float | None = None
    ) -> Attempt:
        """Enqueue the task that delivers a parcel; never raises.

        Args:
            parcel: The parcel.
            countdown: Seconds until a worker may begin.
            within: Seconds that a new connection may take, if less than the timeout.
        """
        try:
            channel = self.channel(min(self.timeout, within or self.timeout))
        except Exception as error:  # whatever a broker's library raises
            self.close()
            return Attempt(Outcome.NOT_APPLIED, self.told(error))
        try:
            with channel:
                self.publish(channel, parcel, countdown)
        except NOTHING_SENT as error:
            return Attempt(Outcome.NOT_APPLIED, self.told(error))
        except Exception as error:  # the same
            self.close()
            return Attempt(Outcome.AMBIGUOUS, self.told(error))
        return Attempt(Outcome.ACCEPTED)

    def publish(self, channel: Channel, parcel: Parcel, countdown: float) -> None:
        """Publish a task, and wait until the broker has it."""
        number = len(parcel.messages)
        self.app.send_task(
            parcel.task,
            kwargs=parcel.payload(),
            countdown=countdown or None,
            producer=self.app.amqp.Producer(channel, auto_declare=False),
            result_cls=Sent,
            add_to_parent=False,
            ignore_result=True,
            retry=False,
            serializer="json",
            # What was tracked is nobody's business in a log or a monitor.
            argsrepr="()",
            kwargsrepr=f"<{number} messages for {parcel.project}>",
        )

    def channel(self, timeout: float) -> Channel:
        """Open a channel, which the broker answers: so it is known to be there."""
        if self.connection is not None:
            try:
                return self.connection.channel()
            except Exception:  # it was closed meanwhile, as after a long silence
                self.close()
        self.connection = connected(self.app, timeout)
        return self.connection.channel()

    def close(self) -> None:
        """Close the connection."""
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.release()

    def told(self, error: Exception) -> str:
        """Put an error into one line, without the broker's password."""
        text = " ".join(f"{type(error).__name__}: {error}".split())
        try:
            password = self.app.connection_for_write().password
        except Exception:  # kombu raises all sorts where a broker's library is missing
            text = re.sub(r"://[^/@\s]*@", "://…@", text)
            return f"{text}; install the library of your broker, such as celery[redis]"
        return text.replace(str(password), "…") if password else text


def connected(app: Celery, timeout: float) -> Connection:
    """Open a connection whose every step is bounded.

    https://docs.celeryq.dev/projects/kombu/en/stable/reference/kombu.transport.redis.html
    and .../kombu.transport.pyamqp.html name the options. Without ``confirm_publish``
    RabbitMQ does not say that it has a message.
    """
    connection: Connection = app.connection_for_write(
        heartbeat=0, connect_timeout=timeout
    )
    options: dict[str, object] = {
        "socket_timeout": timeout,
        "socket_connect_timeout": timeout,
    }
    if connection.get_transport_cls().driver_type == "amqp":
        options = {"read_timeout": timeout, "write_timeout": timeout}
        options["confirm_publish"] = True
    connection.transport_options = {**connection.transport_options, **options}
    try:
        # Its connect() sleeps for 2 s before it gives up.
        connection.ensure_connection(
            max_retries=1, interval_start=0, interval_step=0, timeout=timeout
        )
    except BaseException:
        connection.release()
        raise
    return connection


def celery_application(name: str) -> Celery:
    """Find a Celery application by its dotted name.

    Its module may be in the middle of its import, as where it makes the Pyramid
    application too; the application has to be there already.

    Raises:
        MixpanelSettingsError: If there is no such thing.
    """
    module, _, attribute = name.replace(":", ".").rpartition(".")
    try:
        app = getattr(import_module(module), attribute)
    except (ImportError, AttributeError, ValueError) as error:
        problem = f"which cannot be imported ({error}); correct the name"
        raise MixpanelSettingsError([f"{GIVEN} {name!r}, {problem}"]) from error
    if not (hasattr(app, "send_task") and hasattr(app, "connection_for_write")):
        problem = "which is no Celery application; name one"
        raise MixpanelSettingsError([f"{GIVEN} {name!r}, {problem}"])
    return app
