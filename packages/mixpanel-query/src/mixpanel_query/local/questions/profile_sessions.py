"""Sessions of questions for profiles: which profiles their pages have.

The first page settles it, so that profiles which change, come or go meanwhile neither
stand on two pages nor on none.
https://developer.mixpanel.com/reference/engage-query
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from mixpanel_query.local.exceptions import RequestRefusedError

__all__ = ["ProfileSessions"]

MOST_SESSIONS = 20


class ProfileSessions:
    """The latest 20 sessions; any thread may use them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sessions: dict[str, Sequence[str]] = {}

    def keep(self, session_id: str, ids: Sequence[str]) -> None:
        """Keep the ids of the profiles of a session, in the order of its pages."""
        with self._lock:
            self._sessions[session_id] = ids
            while len(self._sessions) > MOST_SESSIONS:
                del self._sessions[next(iter(self._sessions))]

    def ids(self, session_id: str) -> Sequence[str]:
        """Return the ids of the profiles of a session.

        Raises:
            RequestRefusedError: 400, if it is not known, or not any more.
        """
        with self._lock:
            found = self._sessions.get(session_id)
        if found is None:
            given = f"session_id {session_id[:40]!r} is not known"
            raise RequestRefusedError(400, f"{given}; begin again with page 0")
        return found
