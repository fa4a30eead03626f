"""Takes secrets out of any text before somebody can read it.

Notices, tracebacks and the errors of HTTP endpoints go through here. Secrets are
found as they are, and as they look in an address, in JSON, in HTML, in a ``repr`` and
in base64, such as in the header of basic authentication.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from urllib.parse import quote, quote_plus, urlsplit

from mixpanel_slack_report.settings import SETTINGS, Settings

__all__ = ["MASK", "mask", "mask_secrets", "secrets_in_environment", "secrets_of"]

MASK = "***"
SECRET_FIELDS = (
    "username",
    "secret",
    "webhook_url",
    "bot_token",
    "signing_secret",
    "report_key",
)
# Shorter ones are masked as whole words only: they stand inside many a word.
SHORTEST_INSIDE = 4
# Fewer signs of base64 would be found where nobody encoded anything.
SHORTEST_BASE64 = 8
# What is a secret by its looks, whoever's it is: addresses to post to, Slack's tokens,
# signatures and keys of Azure Storage, function keys, credentials in an address or a
# header. The group is what stays.
# https://docs.slack.dev/authentication/tokens
# https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
LOOKS_SECRET = re.compile(
    r"""
    (https?://hooks\.slack(?:-gov)?\.com/)[^\s"'<>\\]+
  | \b(xox[a-z]|xapp|xoxe\.xox[a-z])-[\w-]{8,}
  | ((?:AccountKey|SharedAccessSignature|SharedAccessKey)\s*=\s*)[^;\s"']+
  | ([?&](?:sig|code|token)=)[^&\s"'<>]+
  | (\w://)[^/\s:@"']*:[^/\s@"']+(?=@)
  | (authorization["']?\s*[:=]\s*["']?\w+\s+)[^\s"']+
    """,
    re.VERBOSE | re.IGNORECASE,
)


def mask(text: str, settings: Settings) -> str:
    """Replace every secret of the settings in a text, in whatever form it is there.

    What looks like a secret of Slack or Azure is replaced too, whoever's it is.
    """
    return mask_secrets(text, secrets_of(settings))


def mask_secrets(text: str, secrets: Iterable[str]) -> str:
    """Replace the given secrets in a text, and what looks like one.

    >>> mask_secrets("GET /?key=a%2Fb%2Fc for ann", ["a/b/c"])
    'GET /?key=*** for ann'
    """
    forms = {form for secret in filter(None, secrets) for form in forms_of(secret)}
    # The longest first: a shorter one may be a part of it.
    patterns = [pattern_of(form) for form in sorted(forms, key=len, reverse=True)]
    if patterns:
        text = re.sub("|".join(patterns), MASK, text, flags=re.IGNORECASE)
    return LOOKS_SECRET.sub(lambda found: f"{kept(found)}{MASK}", text)


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """List the secrets of the settings, with those that are made of two."""
    values = {field: getattr(settings, field) for field in SECRET_FIELDS}
    return tuple(dict.fromkeys(known_secrets(values)))


def secrets_in_environment(environ: Mapping[str, str]) -> tuple[str, ...]:
    """List the secrets of an environment that may be too incomplete for settings."""
    values = {row.field: environ.get(row.name, "").strip() for row in SETTINGS}
    secret = {field: values[field] for field in SECRET_FIELDS}
    return tuple(dict.fromkeys(known_secrets(secret)))


def known_secrets(values: Mapping[str, str | None]) -> Iterator[str]:
    """Yield what may not be shown of the secret settings.

    A username that is a word, as in tests, is no secret, and stands in many a sentence.
    """
    for field, value in values.items():
        if value and not (field == "username" and value.isalpha()):
            yield value
    if values["username"] and values["secret"]:
        yield f"{values['username']}:{values['secret']}"
    if values["webhook_url"]:
        # Its path is as good as the whole, and its last part is the secret.
        path = urlsplit(values["webhook_url"]).path.strip("/")
        yield from filter(None, (path, path.removeprefix("services/")))
        yield path.rpartition("/")[2]


def forms_of(secret: str) -> Iterator[str]:
    """Yield a secret as it is, and as it looks in other places."""
    raw = secret.encode("utf-8", "surrogateescape")
    yield secret
    for quoted in (quote(raw), quote(raw, safe=""), quote_plus(raw)):
        yield from (quoted, quote(quoted, safe=""))
    yield from (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1])
    yield from (repr(secret)[1:-1], escape(secret))
    for signs in (b64encode(raw).decode().rstrip("="), *inside_base64(raw)):
        # https://www.rfc-editor.org/rfc/rfc4648#section-5
        yield from (signs, signs.replace("+", "-").replace("/", "_"))


def inside_base64(secret: bytes) -> Iterator[str]:
    """Yield the signs of base64 that a secret has for itself inside a longer text.

    Four signs hold three bytes, so it depends on where the secret begins which of
    three forms it has; its first and last sign may belong to a neighbour as well.
    """
    for before in range(3):
        signs = b64encode(b"\0" * before + secret).decode()
        own = signs[(before * 8 + 5) // 6 : (before + len(secret)) * 8 // 6]
        if len(own) >= SHORTEST_BASE64:
            yield own


def pattern_of(form: str) -> str:
    """Write the pattern that finds one form of a secret."""
    found = re.escape(form)
    return found if len(form) >= SHORTEST_INSIDE else rf"(?<!\w){found}(?!\w)"


def kept(found: re.Match[str]) -> str:
    """Return what stays of something that looks like a secret."""
    return next(filter(None, found.groups()), "")
