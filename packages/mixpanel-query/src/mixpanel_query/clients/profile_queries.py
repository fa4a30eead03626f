"""Profiles of users and groups, as methods of both clients.

What reads them is imported where it is used, as most clients ask for none.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Generator, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from mixpanel_query.clients.asking import Asking, AsyncAsking

if TYPE_CHECKING:
    from mixpanel_query.expressions import Where
    from mixpanel_query.profiles import Profile
    from mixpanel_schema import Property

__all__ = ["AsyncProfileQueries", "ProfileQueries"]


class ProfileQueries(Asking):
    """Profiles of users and groups; see `Client`."""

    def profiles(
        self,
        *,
        where: Where | None = None,
        distinct_id: str | None = None,
        distinct_ids: Iterable[str] | None = None,
        data_group_id: int | str | None = None,
        output_properties: Iterable[Property | str] | None = None,
        behaviors: Sequence[Mapping[str, object]] | None = None,
        as_of_timestamp: int | None = None,
        filter_by_cohort: int | Mapping[str, object] | None = None,
        include_all_users: bool | None = None,
    ) -> Generator[Profile, None, None]:
        """Yield the profiles of users, or of groups, each once, in no order.

        They come in pages of 1000, and each page is one of the 60 queries an hour: ask
        for what you need by ``where``. For more than 60,000 profiles, give the client a
        budget that waits for longer: ``Budget(max_wait=3600)``. The first page is asked
        for alone, then up to four at once. When Mixpanel no longer knows the session
        that holds the pages together, they are asked for from the beginning, and what
        was yielded is left out. Memory holds four pages, and 20 bytes a profile.
        https://developer.mixpanel.com/reference/engage-query

        Args:
            where: Expression that a profile must meet; `profile_property` builds one.
                In text, a property of the profile is ``properties["plan"]`` here.
            distinct_id: The one profile to give.
            distinct_ids: The profiles to give; not together with ``distinct_id``.
            data_group_id: Number of a group key, from Project Settings > Group Keys:
                gives profiles of groups, instead of users.
            output_properties: The properties to give; all of them, where left out.
            behaviors: What users did, each under a name for ``where``:
                ``[{"window": "90d", "name": "bought", "event_selectors": [{"event":
                "Purchase"}]}]`` with ``where=behavior("bought") > 0``.
            as_of_timestamp: Up to when behaviors count, in seconds since 1970; now,
                where left out.
            filter_by_cohort: Number of the cohort whose members to give; not together
                with ``behaviors``.
            include_all_users: Whether to give members of the cohort without a profile
                too, with no properties. Mixpanel would do that by itself; here they
                are left out unless you say True.

        Raises:
            InvalidQueryError: If the question cannot be right; nothing was sent.
            MixpanelQueryError: As `events` does, while pages are asked for; what was
                yielded until then is not the whole.
        """
        from mixpanel_query.profile_filters import profile_form, seconds_shown
        from mixpanel_query.profile_pages import ProfilePages

        form = profile_form(
            now=seconds_shown(time.time(), self._stored_timezone),
            where=where,
            distinct_id=distinct_id,
            distinct_ids=distinct_ids,
            data_group_id=data_group_id,
            output_properties=output_properties,
            behaviors=behaviors,
            as_of_timestamp=as_of_timestamp,
            filter_by_cohort=filter_by_cohort,
            include_all_users=include_all_users,
        )
        return self._sender.pages(ProfilePages(form))

    def profile_by_email(self, email: str) -> dict[str, object] | None:
        """Find the user whose ``$email`` is an address.

        The address travels as data: none can change the question.
        https://developer.mixpanel.com/reference/engage-query

        Args:
            email: The address, exactly as the profile has it; case counts.

        Returns:
            ``{"distinct_id": …, "email": …}``, or None if there is no such profile.

        Raises:
            MultipleProfilesFoundException: If several profiles have the address.
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.profiles import find_by_email

        return self._sender.run(find_by_email(email))


class AsyncProfileQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""

    def profiles(
        self,
        *,
        where: Where | None = None,
        distinct_id: str | None = None,
        distinct_ids: Iterable[str] | None = None,
        data_group_id: int | str | None = None,
        output_properties: Iterable[Property | str] | None = None,
        behaviors: Sequence[Mapping[str, object]] | None = None,
        as_of_timestamp: int | None = None,
        filter_by_cohort: int | Mapping[str, object] | None = None,
        include_all_users: bool | None = None,
    ) -> AsyncGenerator[Profile, None]:
        """Yield the profiles of users, or of groups, as `Client.profiles` does.

        Close it with `contextlib.aclosing` if you stop before its end.
        """
        from mixpanel_query.profile_filters import profile_form, seconds_shown
        from mixpanel_query.profile_pages import ProfilePages

        form = profile_form(
            now=seconds_shown(time.time(), self._stored_timezone),
            where=where,
            distinct_id=distinct_id,
            distinct_ids=distinct_ids,
            data_group_id=data_group_id,
            output_properties=output_properties,
            behaviors=behaviors,
            as_of_timestamp=as_of_timestamp,
            filter_by_cohort=filter_by_cohort,
            include_all_users=include_all_users,
        )
        return self._sender.pages(ProfilePages(form))

    async def profile_by_email(self, email: str) -> dict[str, object] | None:
        """Find the user whose ``$email`` is an address, as `Client` does."""
        from mixpanel_query.profiles import find_by_email

        return await self._sender.run(find_by_email(email))
