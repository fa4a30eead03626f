"""One request to Slack and the answer of that very host, within bounds.

urllib follows a redirection: it takes the token along to any host, asks there without
the message, and believes what that host says. A host that sends an answer sign by sign
would keep it for ever.
"""

from __future__ import annotations

import time
from http.client import HTTPResponse, IncompleteRead
from io import BytesIO
from urllib.error import HTTPError
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from slack_sdk.errors import SlackRequestError
from slack_sdk.webhook import WebhookClient, WebhookResponse

__all__ = ["SingleAnswerClient"]

# Slack's answers are a few hundred bytes; of anything longer the rest is left there.
LONGEST_ANSWER = 1_000_000
AT_ONCE = 65_536
# What urllib uses for the web, without what follows redirections. Proxies are taken
# from the environment (HTTPS_PROXY, NO_PROXY).
HANDLERS = (
    ProxyHandler,
    HTTPHandler,
    HTTPSHandler,
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
)


class SingleAnswerClient(WebhookClient):
    """slack_sdk's client without redirections, and with an end to each answer.

    A redirection is an answer like any other that is no yes.
    """

    def _perform_http_request_internal(self, url: str, req: Request) -> WebhookResponse:
        """Send one request and read its answer.

        Raises:
            HTTPError: If the status is not 2xx; with the body, as far as it came.
            HTTPException: If the answer is cut, or is none.
            OSError: If no answer came, or not in time.
            SlackRequestError: If the address is none of a web server.
        """
        if not url.lower().startswith(("http://", "https://")):
            raise SlackRequestError("no address of a web server")
        try:
            with opener().open(req, timeout=self.timeout) as answer:
                whole = read_within(answer, self.timeout)
                if answer.length and len(whole) < LONGEST_ANSWER:
                    raise IncompleteRead(whole, answer.length)
        except HTTPError as error:
            with error:
                said = BytesIO(read_within(error, self.timeout))
            address, status = error.filename, error.code
            raise HTTPError(address, status, error.msg, error.headers, said) from None
        charset = answer.headers.get_content_charset() or "utf-8"
        body = whole.decode(charset)
        headers = dict(answer.headers.items())
        return WebhookResponse(
            url=url, status_code=answer.status, body=body, headers=headers
        )


def opener() -> OpenerDirector:
    """Make what sends a request and follows no redirection."""
    made = OpenerDirector()
    for handler in HANDLERS:
        made.add_handler(handler())
    return made


def read_within(answer: HTTPResponse | HTTPError, seconds: float) -> bytes:
    """Read the body of an answer.

    Args:
        answer: What is read.
        seconds: How long that may take.

    Raises:
        TimeoutError: If it takes longer.
    """
    end = time.monotonic() + seconds
    parts, room = [], LONGEST_ANSWER
    while room > 0 and (part := answer.read1(min(room, AT_ONCE))):
        parts.append(part)
        room -= len(part)
        if time.monotonic() > end:
            raise TimeoutError("the answer takes too long")
    return b"".join(parts)
