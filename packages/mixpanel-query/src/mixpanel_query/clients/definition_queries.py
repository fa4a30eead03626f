"""Lexicon, the project's data dictionary, as methods of both clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mixpanel_query.clients.asking import Asking, AsyncAsking

if TYPE_CHECKING:
    from mixpanel_query.lexicon import Lexicon, LexiconEntry, LexiconUpload, Uploadable
    from mixpanel_query.names import EventName
    from mixpanel_schema.json_values import Json

__all__ = ["AsyncDefinitionQueries", "DefinitionQueries"]


class DefinitionQueries(Asking):
    """Lexicon, for service accounts only; see `Client`."""

    def lexicon(
        self,
        *,
        entity_type: str | None = None,
        entity_name: EventName | None = None,
    ) -> Lexicon:
        """List the schemas of events and of profiles.

        Only what somebody described has a schema: events that arrive without one are
        not listed; ask `event_names` for those.
        https://developer.mixpanel.com/reference/list-all-schemas-for-project

        Args:
            entity_type: ``event`` or ``profile``; both, where left out.
            entity_name: Only this one; it goes with ``entity_type``.

        Raises:
            InvalidQueryError: If the question cannot be right, or the credentials are
                a project secret, which Lexicon does not take; nothing was sent.
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.lexicon import list_schemas

        return self._sender.run(list_schemas(entity_type, entity_name))

    def lexicon_entry(self, entity_type: str, name: EventName) -> LexiconEntry:
        """Read the schema of one entity.

        https://developer.mixpanel.com/reference/list-schemas-by-entity-and-name

        Args:
            entity_type: ``event`` or ``profile``.
            name: Name of the event; ``$user`` for profiles.

        Raises:
            MixpanelQueryError: As `lexicon` does.
        """
        from mixpanel_query.lexicon import read_entry

        return self._sender.run(read_entry(entity_type, name))

    def upload_lexicon(
        self,
        plan: Uploadable,
        *,
        dry_run: bool = False,
        remove_undeclared: bool = False,
    ) -> LexiconUpload:
        """Bring a tracking plan into Lexicon: send what differs from what is there.

        It is compared first, with one request. What the plan says wins; what it says
        nothing about stays: descriptions where it has none, types of properties that
        it leaves open, tags, owners, display names, and whole entities. Nothing is
        emptied first, and ``dropped``, which makes Mixpanel throw away what arrives,
        is never sent, even if the plan has it.

        Large plans go with several requests, at Mixpanel's pace. If one of them
        fails, those before it are done: upload the same again, and only what is
        missing is sent.
        https://developer.mixpanel.com/reference/upload-schemas-for-project

        Args:
            plan: A plan or a Lexicon document of mixpanel-schema, or entries.
            dry_run: Send nothing, and return what would be changed.
            remove_undeclared: Take properties out of Lexicon that events of the plan,
                or profiles, do not list; where they list any.

        Returns:
            What was changed, or would be: every value, old and new.

        Raises:
            MixpanelQueryError: As `lexicon` does.
        """
        from mixpanel_query.lexicon import upload_schemas

        return self._sender.run(
            upload_schemas(plan, dry_run=dry_run, remove_undeclared=remove_undeclared)
        )

    def upload_lexicon_entry(
        self, entity_type: str, name: EventName, schema: Mapping[str, Json]
    ) -> None:
        """Replace the schema of one entity by exactly this one.

        Description and properties that are not in ``schema`` are gone afterwards.
        Metadata are not: Mixpanel keeps a key that is left out; null takes it away.
        ``dropped`` is never sent.
        https://developer.mixpanel.com/reference/upload-schema-by-entity-and-name

        Args:
            entity_type: ``event`` or ``profile``.
            name: Name of the event; ``$user`` for profiles.
            schema: ``description``, ``properties``, ``metadata``, as Mixpanel has it.

        Raises:
            MixpanelQueryError: As `lexicon` does.
        """
        from mixpanel_query.lexicon import upload_entry

        self._sender.run(upload_entry(entity_type, name, schema))

    def delete_lexicon_entry(self, entity_type: str, name: EventName) -> int:
        """Delete the schema of one entity, and return how many were deleted.

        What arrives is kept; but an event that Mixpanel drops because its schema says
        so may be let in again.
        https://developer.mixpanel.com/reference/delete-schema-by-entity-and-name

        Args:
            entity_type: ``event`` or ``profile``.
            name: Name of the event; ``$user`` for profiles.

        Raises:
            MixpanelQueryError: As `lexicon` does.
        """
        from mixpanel_query.lexicon import delete_entry

        return self._sender.run(delete_entry(entity_type, name))

    def delete_lexicon(
        self, *, entity_type: str | None = None, everything: bool = False
    ) -> int:
        """Delete all schemas of one type, or all of them, and return how many.

        They are counted first, with one request: Mixpanel deletes fewer than 3000 at
        once, and more are refused here.
        https://developer.mixpanel.com/reference/delete-schemas-for-entity

        Args:
            entity_type: ``event`` or ``profile``.
            everything: Empty the whole Lexicon instead.

        Raises:
            MixpanelQueryError: As `lexicon` does.
        """
        from mixpanel_query.lexicon import delete_schemas

        return self._sender.run(delete_schemas(entity_type, everything=everything))


class AsyncDefinitionQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""

    async def lexicon(
        self,
        *,
        entity_type: str | None = None,
        entity_name: EventName | None = None,
    ) -> Lexicon:
        """List the schemas of events and of profiles, as `Client.lexicon` does."""
        from mixpanel_query.lexicon import list_schemas

        return await self._sender.run(list_schemas(entity_type, entity_name))

    async def lexicon_entry(self, entity_type: str, name: EventName) -> LexiconEntry:
        """Read the schema of one entity, as `Client.lexicon_entry` does."""
        from mixpanel_query.lexicon import read_entry

        return await self._sender.run(read_entry(entity_type, name))

    async def upload_lexicon(
        self,
        plan: Uploadable,
        *,
        dry_run: bool = False,
        remove_undeclared: bool = False,
    ) -> LexiconUpload:
        """Bring a tracking plan into Lexicon, as `Client.upload_lexicon` does."""
        from mixpanel_query.lexicon import upload_schemas

        return await self._sender.run(
            upload_schemas(plan, dry_run=dry_run, remove_undeclared=remove_undeclared)
        )

    async def upload_lexicon_entry(
        self, entity_type: str, name: EventName, schema: Mapping[str, Json]
    ) -> None:
        """Replace one entity's schema, as `Client.upload_lexicon_entry` does."""
        from mixpanel_query.lexicon import upload_entry

        await self._sender.run(upload_entry(entity_type, name, schema))

    async def delete_lexicon_entry(self, entity_type: str, name: EventName) -> int:
        """Delete one entity's schema, as `Client.delete_lexicon_entry` does."""
        from mixpanel_query.lexicon import delete_entry

        return await self._sender.run(delete_entry(entity_type, name))

    async def delete_lexicon(
        self, *, entity_type: str | None = None, everything: bool = False
    ) -> int:
        """Delete all schemas of a type, or all, as `Client.delete_lexicon` does."""
        from mixpanel_query.lexicon import delete_schemas

        return await self._sender.run(
            delete_schemas(entity_type, everything=everything)
        )
