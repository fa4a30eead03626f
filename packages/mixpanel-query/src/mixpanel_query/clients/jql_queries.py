"""JQL: scripts that Mixpanel runs, as methods of both clients."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Mapping
from typing import TYPE_CHECKING

from mixpanel_query.clients.asking import Asking, AsyncAsking

if TYPE_CHECKING:
    from mixpanel_query.jql.scripts import Script
    from mixpanel_query.json_array import JsonArrayReader

__all__ = ["AsyncJqlQueries", "JqlQueries"]


class JqlQueries(Asking):
    """JQL: scripts that Mixpanel runs; see `Client`."""

    def jql(
        self, script: Script, params: Mapping[str, object] | None = None
    ) -> list[object]:
        """Run a script, and return its rows.

        Mixpanel keeps JQL in maintenance mode; `mixpanel_query.jql` builds queries
        that name what to use instead. A script runs for two minutes at most, and
        counts against two limits, JQL's 60 an hour and that of all queries.
        https://developer.mixpanel.com/reference/query-jql

        Args:
            script: JavaScript with a ``function main()``; the `pathlib.Path` of a file
                that holds it; or a query that was built.
            params: Values that the script reads as ``params.name``. Never write a value
                into the script itself: it would be run.

        Raises:
            InvalidQueryError: If there is no script, or a value is not JSON.
            QueryRefusedError: If the script fails; 412 and what JavaScript said.
            MixpanelQueryError: As `events` does.
        """
        return list(self.iter_jql(script, params))

    def iter_jql(
        self, script: Script, params: Mapping[str, object] | None = None
    ) -> Generator[object, None, None]:
        """Run a script, and yield its rows while they arrive, in bounded memory.

        An answer that is cut raises: what was yielded until then is not the whole.
        Mixpanel promises no order, so that nothing is asked again after the first row.
        https://developer.mixpanel.com/reference/query-jql

        Args:
            script: See `jql`.
            params: See `jql`.

        Raises:
            MixpanelQueryError: As `jql` does.
        """
        return self._sender.stream(reader_of(script, params))


class AsyncJqlQueries(AsyncAsking):
    """The same, awaited; see `AsyncClient`."""

    async def jql(
        self, script: Script, params: Mapping[str, object] | None = None
    ) -> list[object]:
        """Run a script, and return its rows, as `Client.jql` does."""
        return [row async for row in self.iter_jql(script, params)]

    def iter_jql(
        self, script: Script, params: Mapping[str, object] | None = None
    ) -> AsyncGenerator[object, None]:
        """Run a script, and yield its rows, as `Client.iter_jql` does.

        Close it with `contextlib.aclosing` if you stop before its end.
        """
        return self._sender.stream(reader_of(script, params))


def reader_of(script: Script, params: Mapping[str, object] | None) -> JsonArrayReader:
    """Return what reads the rows of a script, and knows what to ask for.

    What builds queries is imported here, as most clients run no script.
    """
    from mixpanel_query.jql.scripts import jql_request
    from mixpanel_query.json_array import JsonArrayReader

    return JsonArrayReader(jql_request(script, params))
