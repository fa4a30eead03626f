"""The class that an application's own queue begins with."""

from __future__ import annotations

__all__ = ["QueuedConsumer"]


class QueuedConsumer:
    """Gives messages to a queue of the application's own, to be sent elsewhere.

    Subclass it, say how a message gets into the queue, and name the subclass in
    ``mixpanel.consumer``:

        class TaskConsumer(QueuedConsumer):
            def send(self, endpoint, json_message, api_key=None, api_secret=None):
                send_to_mixpanel.delay(endpoint, json_message)

    The worker gives both to the official library:
    ``mixpanel.Consumer().send(endpoint, json_message)``. It is called after the
    request is over, once for each message that is released, in the order of the calls;
    a ``flush()``, if there is one, after the last of them. Each thread has an object of
    its own. What raises is logged and counted, and reaches no request.
    """

    def send(
        self,
        endpoint: str,
        json_message: str,
        api_key: object = None,
        api_secret: str | None = None,
    ) -> None:
        """Take a message.

        Args:
            endpoint: ``"events"``, ``"people"``, ``"groups"`` or ``"imports"``.
            json_message: The message, ready for Mixpanel, with the project's token.
            api_key: With an import, the pair of key and secret it came with.
            api_secret: Nothing; it is here for the official library's consumers.

        Raises:
            NotImplementedError: If the subclass does not say how.
        """
        message = f"{type(self).__name__} has no send of its own; write one"
        raise NotImplementedError(message)
