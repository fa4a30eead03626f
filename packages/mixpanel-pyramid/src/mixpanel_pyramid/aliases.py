"""The tracker's call that makes another id the user's."""

from __future__ import annotations

import os
import time as clocks

from mixpanel_pyramid.alias_messages import alias_message
from mixpanel_pyramid.message_keeping import MessageKeeper, Properties
from mixpanel_schema.json_values import Json

__all__ = ["Aliases"]


class Aliases(MessageKeeper):
    """Makes ids aliases of the user whose messages it keeps."""

    def alias(self, alias_id: str, original: str | None = None) -> None:
        """Say that another id is of the same user, in a project of Original ID Merge.

        What was or will be tracked under the alias is the user's. It waits for the end
        of the request like everything else, and travels alone, in its place in the
        order. Where a project has Simplified ID Merge, Mixpanel ignores it:
        https://docs.mixpanel.com/docs/tracking-methods/id-management

        Args:
            alias_id: The further id; it can stand for one user only, for good.
            original: Whose it is, if not the tracker's distinct id.

        Raises:
            DistinctIdMissingError: If it is not known whose it is.
            InvalidValueError: While recording, if one of the two is no id, or both are
                the same. In production it is not sent then, and logged.
        """
        who, now, unique = self.whose(original), clocks.time(), os.urandom(16).hex()

        def build(properties: Properties) -> dict[str, Json]:
            return alias_message(
                str(alias_id), who, token=self.token, time=now, insert_id=unique
            )

        self.keep("events", build, {})
