"""Annotations and their tags, as methods of both clients.

What reads them is imported where it is used, as most clients ask for little.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from mixpanel_query.clients.asking import Asking, AsyncAsking

if TYPE_CHECKING:
    from mixpanel_query.annotation_entries import Annotation, AnnotationTag
    from mixpanel_query.records import Records

__all__ = ["AnnotationQueries", "AsyncAnnotationQueries"]


class AnnotationQueries(Asking):
    """Annotations, for service accounts only; see `Client`."""

    def annotations(
        self, from_date: date | str | None = None, to_date: date | str | None = None
    ) -> Records[Annotation]:
        """List annotations in order of time.

        https://developer.mixpanel.com/reference/list-all-annotations-for-project

        Args:
            from_date: First day; where left out, from the first annotation on.
            to_date: Last day; where left out, to the last annotation.

        Raises:
            InvalidQueryError: If the question cannot be right, or the credentials are
                a project secret, which has no annotations; nothing was sent.
            MixpanelQueryError: As `events` does.
        """
        from mixpanel_query.annotations import list_annotations

        return self._sender.run(list_annotations(from_date, to_date))

    def annotation(self, annotation_id: int) -> Annotation:
        """Read one annotation.

        https://developer.mixpanel.com/reference/get-annotation

        Raises:
            QueryRefusedError: If there is none of this number.
            MixpanelQueryError: As `annotations` does.
        """
        from mixpanel_query.annotations import get_annotation

        return self._sender.run(get_annotation(annotation_id))

    def create_annotation(
        self,
        date: datetime | date | str,
        description: str,
        *,
        tags: Iterable[AnnotationTag | int] = (),
    ) -> Annotation:
        """Make an annotation; the account must be an analyst, or more.

        It is not sent again if nobody knows what became of it: look at `annotations`.
        https://developer.mixpanel.com/reference/create-annotation

        Args:
            date: Its time, as a clock in the project's timezone shows it: a
                ``datetime`` without a timezone, a ``date`` for its midnight, or text
                ``YYYY-MM-DD HH:MM:SS``.
            description: Its text.
            tags: Its tags, or their numbers; see `annotation_tags`.

        Raises:
            MixpanelQueryError: As `annotations` does.
        """
        from mixpanel_query.annotations import create_annotation

        return self._sender.run(create_annotation(date, description, tags))

    def update_annotation(
        self,
        annotation_id: int,
        *,
        description: str | None = None,
        tags: Iterable[AnnotationTag | int] | None = None,
    ) -> Annotation:
        """Change the text or the tags of an annotation; its time cannot be changed.

        https://developer.mixpanel.com/reference/patch-annotation

        Args:
            annotation_id: Its number.
            description: Its new text; as it is, where left out.
            tags: Its tags from now on; as they are, where left out.

        Raises:
            MixpanelQueryError: As `annotations` does.
        """
        from mixpanel_query.annotations import update_annotation

        return self._sender.run(update_annotation(annotation_id, description, tags))

    def delete_annotation(self, annotation_id: int) -> int:
        """Delete an annotation, and return its number.

        https://developer.mixpanel.com/reference/delete-annotation

        Raises:
            MixpanelQueryError: As `annotations` does.
        """
        from mixpanel_query.annotations import delete_annotation

        return self._sender.run(delete_annotation(annotation_id))

    def annotation_tags(self) -> Records[AnnotationTag]:
        """List the tags that annotations have.

        https://developer.mixpanel.com/reference/get-annotation-tags

        Raises:
            MixpanelQueryError: As `annotations` does.
        """
        from mixpanel_query.annotations import list_tags

        return self._sender.run(list_tags())

    def create_annotation_tag(self, name: str) -> AnnotationTag:
        """Make a tag for annotations.

        https://developer.mixpanel.com/reference/create-annotation-tag

        Raises:
            MixpanelQueryError: As `annotations` does.
        """
        from mixpanel_query.annotations import create_tag

        return self._sender.run(create_tag(name))


class AsyncAnnotationQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""

    async def annotations(
        self, from_date: date | str | None = None, to_date: date | str | None = None
    ) -> Records[Annotation]:
        """List annotations, as `Client.annotations` does."""
        from mixpanel_query.annotations import list_annotations

        return await self._sender.run(list_annotations(from_date, to_date))

    async def annotation(self, annotation_id: int) -> Annotation:
        """Read one annotation, as `Client.annotation` does."""
        from mixpanel_query.annotations import get_annotation

        return await self._sender.run(get_annotation(annotation_id))

    async def create_annotation(
        self,
        date: datetime | date | str,
        description: str,
        *,
        tags: Iterable[AnnotationTag | int] = (),
    ) -> Annotation:
        """Make an annotation, as `Client.create_annotation` does."""
        from mixpanel_query.annotations import create_annotation

        return await self._sender.run(create_annotation(date, description, tags))

    async def update_annotation(
        self,
        annotation_id: int,
        *,
        description: str | None = None,
        tags: Iterable[AnnotationTag | int] | None = None,
    ) -> Annotation:
        """Change an annotation, as `Client.update_annotation` does."""
        from mixpanel_query.annotations import update_annotation

        flow = update_annotation(annotation_id, description, tags)
        return await self._sender.run(flow)

    async def delete_annotation(self, annotation_id: int) -> int:
        """Delete an annotation, as `Client.delete_annotation` does."""
        from mixpanel_query.annotations import delete_annotation

        return await self._sender.run(delete_annotation(annotation_id))

    async def annotation_tags(self) -> Records[AnnotationTag]:
        """List tags, as `Client.annotation_tags` does."""
        from mixpanel_query.annotations import list_tags

        return await self._sender.run(list_tags())

    async def create_annotation_tag(self, name: str) -> AnnotationTag:
        """Make a tag, as `Client.create_annotation_tag` does."""
        from mixpanel_query.annotations import create_tag

        return await self._sender.run(create_tag(name))
