"""Claims: how a worker knows whether another one began the same task before.

Redis hands out a task again when nobody acknowledged it for its visibility timeout, and
every broker does when a worker ended; whether that one had begun, it does not say.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import Enum
from threading import Lock
from typing import Any

__all__ = ["Claim", "Claims"]

logger = logging.getLogger("mixpanel_pyramid.delivery")

WEEK = 604_800  # seconds that a task may come again after its worker ended
# Not commands of the client, because kombu gives prefixes to some of those.
CLAIM = """
local state = redis.call('GET', KEYS[1])
if not state then redis.call('SET', KEYS[1], 'begun', 'EX', ARGV[1]) end
return state or 'new'
"""
SETTLE = "return redis.call('SET', KEYS[1], 'settled', 'EX', ARGV[1])"


class Claim(Enum):
    """What is known of a task that came."""

    NEW = "new"
    BEGUN = "begun"  # by somebody who may have delivered it, or not
    SETTLED = "settled"


class Claims:
    """Notes of tasks that were begun; where the broker is Redis, they are kept there.

    Args:
        channel: Opens a channel to the broker.
        visibility_timeout: Seconds after which Redis hands a task out again.
    """

    def __init__(
        self, channel: Callable[[], Any], visibility_timeout: float = 3600.0
    ) -> None:
        self.channel = channel
        self.has_redis = True
        self.lock = Lock()
        self.kept_for = max(2 * int(visibility_timeout), 60)

    def begin(self, task_id: str, *, redelivered: bool) -> Claim:
        """Note that a task begins, and tell what is known of it; never raises.

        Args:
            task_id: The task.
            redelivered: Whether the broker says that it was handed out before.
        """
        state = self.ask(CLAIM, task_id, WEEK)
        if state is None:
            return Claim.BEGUN if redelivered else Claim.NEW
        return Claim(state)

    def settle(self, task_id: str) -> None:
        """Note that a task is over; never raises."""
        self.ask(SETTLE, task_id, self.kept_for)

    def ask(self, script: str, task_id: str, seconds: int) -> str | None:
        """Run a script in Redis; None where there is none, or it does not answer."""
        if not self.has_redis:
            return None
        try:
            with self.lock, self.channel() as channel:
                client: Any = getattr(channel, "client", None)
                self.has_redis = hasattr(client, "eval")
                if not self.has_redis:
                    return None
                prefix = getattr(channel, "global_keyprefix", "") or ""
                key = f"{prefix}mixpanel_pyramid.once.{task_id}"
                answer = client.eval(script, 1, key, seconds)
        except Exception as error:  # whatever the library raises
            logger.warning("no claim of task %s (%s)", task_id, type(error).__name__)
            return None
        return answer.decode() if isinstance(answer, bytes) else str(answer)
