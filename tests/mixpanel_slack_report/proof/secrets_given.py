"""Secrets that a run is given, and a search that finds them in any coat.

The search knows nothing of the package's own masking: it takes the coats off what was
written, where masking puts them on.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote, unquote_plus

__all__ = [
    "ACCOUNT_KEY",
    "BOT_TOKEN",
    "PASSWORD",
    "PROXY",
    "REPLY_PATH",
    "REPORT_KEY",
    "SECRET",
    "SECRETS",
    "SIGNATURE",
    "SIGNING_SECRET",
    "USERNAME",
    "WEBHOOK_PATH",
    "found_secrets",
]

USERNAME = "reports.7e9f31.mp-service-account"
SECRET = "Xk9/vT+q2%Lm&w7Zr4"
WEBHOOK_PATH = "/services/T0QX7RB2M/B0ZK94TLP/gH7tYw2nVq8sKd5RmJx3"
BOT_TOKEN = "xoxb-715924830-559283016-qWm8rTz3LkVb"
SIGNING_SECRET = "8f742231b10e8888abcd99ee77zz85a5"
REPORT_KEY = "Rk+9/door&key=27"
REPLY_PATH = "/commands/T0QX7RB2M/448812/zPq6Nd8sYb1Wf"
ACCOUNT_KEY = base64.b64encode(b"a storage account's key, 64 bytes long").decode()
SIGNATURE = "Jc5/hV3+oYt8KqZ1mR6x="
PASSWORD = "pr0xyP4ss-Lwq8"
PROXY = f"http://clerk:{PASSWORD}@127.0.0.1:9"

SECRETS = {
    "username": USERNAME,
    "secret": SECRET,
    "end of the webhook": WEBHOOK_PATH.rpartition("/")[2],
    "bot token": BOT_TOKEN,
    "end of the bot token": BOT_TOKEN.rpartition("-")[2],
    "signing secret": SIGNING_SECRET,
    "report key": REPORT_KEY,
    "end of the response_url": REPLY_PATH.rpartition("/")[2],
    "storage key": ACCOUNT_KEY,
    "signature of the ledger's address": SIGNATURE,
    "password of the proxy": PASSWORD,
}
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}")


def found_secrets(written: str) -> set[str]:
    """Name the secrets that stand in a text, in whatever coat.

    >>> found_secrets("Authorization: Basic " + base64.b64encode(
    ...     f"{USERNAME}:{SECRET}".encode()).decode()) == {"username", "secret"}
    True
    """
    return {
        name
        for text in bare_texts(written)
        for name, secret in SECRETS.items()
        if secret.casefold() in text
    }


def bare_texts(written: str) -> Iterator[str]:
    """Yield a text without what may hide a secret, in small letters."""
    once = unquote(written)
    texts = [
        written,
        once,
        unquote(once),
        unquote_plus(written),
        html.unescape(written),
    ]
    texts += [text.replace("\\/", "/").replace("\\u0026", "&") for text in texts[:1]]
    # A line of a terminal or a log may be folded inside a secret.
    texts += ["".join(text.split()) for text in texts]
    yield from (text.casefold() for text in texts)
    for signs in set(BASE64.findall(written)) | set(BASE64.findall(once)):
        yield from decodings(signs)


def decodings(signs: str) -> Iterator[str]:
    """Yield what a run of signs may be the base64 of, wherever it was cut."""
    standard = signs.replace("-", "+").replace("_", "/")
    for start in range(4):
        # Signs that do not fill four are kept: what follows them is made up.
        filled = standard[start:] + "A" * (-len(standard[start:]) % 4)
        yield base64.b64decode(filled).decode("latin-1").casefold()
