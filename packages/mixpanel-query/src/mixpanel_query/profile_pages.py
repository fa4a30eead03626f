"""Reading profiles page by page, several pages at once, and each profile once.

The first page opens a session that holds the answer still; the others are asked for
in it. A session that Mixpanel no longer knows is replaced by a new one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Final

from mixpanel_query.exceptions import QueryRefusedError
from mixpanel_query.profiles import ENGAGE, Profile, read_profiles
from mixpanel_query.seen_ids import SeenIds
from mixpanel_query.wire import Answer, QueryRequest

__all__ = ["ProfilePages"]

# Mixpanel answers five queries at once; one place is left for somebody else.
PAGES_AT_ONCE: Final = 4
MOST_SESSIONS: Final = 3


class ProfilePages:
    """Reads profiles from the pages they come in; does no I/O itself.

    https://developer.mixpanel.com/reference/engage-query

    Args:
        form: What is asked for; the same on every page.
    """

    def __init__(self, form: Mapping[str, str]) -> None:
        self._form = dict(form)
        self._seen = SeenIds()
        self._sessions = 0
        self._begin()

    def _begin(self) -> None:
        """Begin with the first page of a new session."""
        self._sessions += 1
        self._session: str | None = None
        self._page_size = 0
        self._next_page = 0
        # How many pages there are, for all that the first one says.
        self._likely_pages = 1
        self._first_id: str | None = None
        self._is_done = False

    def requests(self) -> Sequence[QueryRequest]:
        """Return what to ask next: one page, or several that are likely there."""
        if self._is_done:
            return ()
        likely = self._likely_pages - self._next_page
        count = max(1, min(likely, PAGES_AT_ONCE))
        return [self._request(self._next_page + place) for place in range(count)]

    def take(self, answers: Sequence[Answer]) -> Iterator[Profile]:
        """Yield the profiles of some pages that were not handed over before."""
        pages = [self._read(answer) for answer in answers]
        if not any(pages):
            self._is_done = True  # whatever the total says
        for profiles in pages:
            for profile in profiles:
                if self._seen.add(profile.distinct_id):
                    yield profile

    def begin_again(self, error: QueryRefusedError) -> bool:
        """Begin a new session, if it was the session that was refused.

        The first page was answered, so that the question itself is not wrong.
        """
        if self._session is None or self._sessions >= MOST_SESSIONS:
            return False
        self._begin()
        return True

    def _request(self, page: int) -> QueryRequest:
        """Return the request for one page."""
        form = dict(self._form)
        if self._session is not None:
            form |= {"session_id": self._session, "page": str(page)}
        return QueryRequest(ENGAGE, method="POST", form=form)

    def _read(self, answer: Answer) -> list[Profile]:
        """Return the profiles of one page, and find out whether more follow."""
        profiles = list(read_profiles(answer))
        self._check_progress(answer, profiles)
        if self._next_page == 0:
            self._read_size(answer, len(profiles))
        self._next_page += 1
        # As the documents say: a full page may be followed by another one.
        is_full = len(profiles) >= self._page_size and not self._is_all(answer)
        # Where the total says that there are more, an empty one is not the last.
        goes_on = is_full or self._next_page < self._likely_pages
        if goes_on and self._session is None:
            raise answer.unreadable("more pages follow, and it has no session_id")
        self._is_done = not goes_on
        return profiles

    def _read_size(self, answer: Answer, count: int) -> None:
        """Take from the first page the session, and how many pages there may be."""
        body = answer.body if isinstance(answer.body, dict) else {}
        size, session = body.get("page_size"), body.get("session_id")
        if not isinstance(size, int) or isinstance(size, bool) or size < 1:
            raise answer.unreadable("it has no page_size")
        self._page_size = size
        self._session = session if isinstance(session, str) and session else None
        total = body.get("total")
        # The documents call it the number in this page, clients have seen that of all.
        if isinstance(total, int) and total > count:
            self._likely_pages = ceil(total / size)

    def _is_all(self, answer: Answer) -> bool:
        """Tell whether an only page, which cannot be followed, says that it is all."""
        body = answer.body if isinstance(answer.body, dict) else {}
        return self._session is None and body.get("total") == len(body["results"])

    def _check_progress(self, answer: Answer, profiles: Sequence[Profile]) -> None:
        """Refuse a page that is not the one asked for; it would never end."""
        body = answer.body if isinstance(answer.body, dict) else {}
        page = body.get("page", self._next_page)
        first_id = profiles[0].distinct_id if profiles else None
        if page != self._next_page:
            raise answer.unreadable(f"it is page {page!r}, not {self._next_page}")
        if first_id is not None and first_id == self._first_id:
            raise answer.unreadable(f"page {page} begins as the one before it")
        self._first_id = first_id
