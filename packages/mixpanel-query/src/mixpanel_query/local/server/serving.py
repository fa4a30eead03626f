"""A web server in a thread of its own, on a socket of this machine."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import threading
from typing import TYPE_CHECKING, Any

import uvicorn

from mixpanel_query.local.exceptions import LocalProjectError
from mixpanel_query.local.server.tls import MachineCertificate

if TYPE_CHECKING:
    from starlette.types import ASGIApp

__all__ = ["BackgroundServer"]

# How long answers that are under way when the server is stopped may take.
SECONDS_TO_FINISH = 3
# How often a server that is being stopped looks who has all answers.
GLANCE = 0.02


class BackgroundServer:
    """Serves an application from `start` to `stop`; one thread calls both.

    Attributes:
        url: Where it serves.
        certificate: What it proves with that it is this machine, if it does.
    """

    def __init__(
        self, host: str, port: int, *, tls: bool | str | os.PathLike[str] = False
    ) -> None:
        """Take the port, so that requests wait from now on.

        Args:
            host: Address to listen at.
            port: Port to listen at; 0 takes any free one.
            tls: Whether to serve over https, or the file that gets what clients must
                trust then.

        Raises:
            LocalProjectError: If the port is taken, or cannot be had, or if there can
                be no certificate.
        """
        if not 0 <= port <= 65535:
            raise LocalProjectError(
                f"port {port} does not exist; choose one from 0 to 65535 with --port"
            )
        try:
            self._socket = listening_socket(host, port)
        except OSError as error:
            raise LocalProjectError(no_port(host, port, error)) from error
        try:
            self.certificate = None if tls is False else MachineCertificate(tls, host)
        except LocalProjectError:
            self._socket.close()
            raise
        name = f"[{host}]" if ":" in host else host
        scheme = "https" if self.certificate else "http"
        self.url = f"{scheme}://{name}:{self._socket.getsockname()[1]}"

    def start(self, app: ASGIApp) -> None:
        """Answer requests, in another thread."""
        config = uvicorn.Config(
            app,
            loop="asyncio",
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=SECONDS_TO_FINISH,
        )
        config.load()
        if self.certificate:
            # Its own settings want the key in a file.
            config.ssl = self.certificate.context
        self._server = PromptServer(config)
        self._thread = threading.Thread(
            target=self._server.run,
            kwargs={"sockets": [self._socket]},
            name="mixpanel-local-project",
            daemon=True,
        )
        self._thread.start()
        self._quiet = QuietCuts(self._thread)
        logging.getLogger("uvicorn.error").addFilter(self._quiet)

    def stop(self) -> None:
        """Finish the answers that are under way, and give the port back."""
        self._server.should_exit = True
        self._thread.join(timeout=SECONDS_TO_FINISH + 2)
        logging.getLogger("uvicorn.error").removeFilter(self._quiet)
        self.close()

    def close(self) -> None:
        """Give the port back, also if `start` was never called."""
        self._socket.close()
        if self.certificate:
            self.certificate.close()


class PromptServer(uvicorn.Server):
    """A server that hangs up on clients which have their answers, and stay connected.

    The end of TLS wants the client to agree. One that has nothing to ask does not look,
    and asyncio would wait for it for half a minute.
    """

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finish the answers that are under way, and close all connections."""
        ending = asyncio.ensure_future(super().shutdown(sockets))
        while not ending.done():
            await asyncio.wait((ending,), timeout=GLANCE)
            for connection in list(self.server_state.connections):
                if is_idle(connection):
                    connection.transport.abort()
        await ending


def is_idle(connection: Any) -> bool:  # noqa: ANN401 - one of two unrelated classes
    """Tell whether a client has all that it asked for."""
    cycle, transport = connection.cycle, connection.transport
    is_answered = cycle is None or cycle.response_complete
    return bool(is_answered and transport.get_write_buffer_size() == 0)


class QuietCuts(logging.Filter):
    """Keeps a server in one thread from logging answers that are cut on purpose."""

    def __init__(self, thread: threading.Thread) -> None:
        super().__init__()
        self._thread = thread

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be logged."""
        is_cut = "without completing response" in record.getMessage()
        return not (is_cut and record.thread == self._thread.ident)


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address.

    Raises:
        OSError: If the port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Without the protocol's name asyncio does not switch off Nagle's algorithm, and
    # each answer waits 40 ms for the client's acknowledgement.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            # Elsewhere this would let two servers have the same port.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(1024)
    except OSError:
        listening.close()
        raise
    return listening


def no_port(host: str, port: int, error: OSError) -> str:
    """Say why a port cannot be had, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} of {host} is taken; choose another one with --port, "
            "or 0 for any free one"
        )
    return f"cannot listen at port {port} of {host}: {error}; choose another --port"
