"""The web server in its thread."""

from __future__ import annotations

import socket

from mixpanel_query.local.server.serving import listening_socket


def test_answers_do_not_wait_for_acknowledgements() -> None:
    """Asyncio switches Nagle's algorithm off only where the protocol is named."""
    with listening_socket("127.0.0.1", 0) as listening:
        with socket.create_connection(listening.getsockname()):
            accepted, _ = listening.accept()
        with accepted:
            assert accepted.proto == socket.IPPROTO_TCP
