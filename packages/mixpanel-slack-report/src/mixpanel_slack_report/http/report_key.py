"""Who may ask for a report: who shows the key, or a program of this machine.

The names are those of Azure Functions, so that a request need not change when the
reports move there.
https://learn.microsoft.com/azure/azure-functions/function-keys-how-to
"""

from __future__ import annotations

import hmac
from urllib.parse import parse_qsl, urlsplit

from mixpanel_slack_report.exceptions import RequestRefusedError
from mixpanel_slack_report.http.exchange import HttpRequest

__all__ = ["LOOPBACK_HOSTS", "check_key"]

LOOPBACK_HOSTS = ("127.0.0.1", "::1", "localhost")
# What proxies and tunnels add, also those that put this machine into Host.
# https://developer.mozilla.org/docs/Web/HTTP/Headers/Forwarded
OF_PROXIES = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


def check_key(request: HttpRequest, report_key: str | None) -> None:
    """Refuse who does not show the key, in ``x-functions-key`` or ``code``.

    Args:
        request: What is asked.
        report_key: The key; None if there is none, and only this machine can ask.

    Raises:
        RequestRefusedError: With status 401; without a key 403 for a request that
            came through a tunnel, or from a web page that happens to be open here.
    """
    if report_key is None:
        if not is_from_here(request):
            message = "without REPORT_KEY only programs of this machine may ask; set it"
            raise RequestRefusedError(message, status=403)
        return
    codes = [value for name, value in parse_qsl(request.query) if name == "code"]
    shown = request.header("x-functions-key") or "".join(codes)
    if not hmac.compare_digest(
        shown.encode(errors="replace"), report_key.encode(errors="replace")
    ):
        message = "the key is missing or wrong; send it in the header x-functions-key"
        raise RequestRefusedError(message, status=401)


def is_from_here(request: HttpRequest) -> bool:
    """Whether a request was made for this machine, and by no foreign web page.

    https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-Site
    """
    try:
        host = urlsplit(f"//{request.header('Host')}").hostname
    except ValueError:
        return False
    if any(map(request.header, OF_PROXIES)):
        return False
    by_page = request.header("Sec-Fetch-Site") not in ("", "none", "same-origin")
    return host in LOOPBACK_HOSTS and not by_page and not request.header("Origin")
