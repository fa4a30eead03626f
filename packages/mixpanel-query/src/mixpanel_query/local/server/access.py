"""Who may ask and who may import: HTTP Basic credentials and the project id.

Mixpanel's schemes: https://developer.mixpanel.com/reference/authentication
"""

from __future__ import annotations

import base64
import binascii
import hmac

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.settings import ProjectSettings

__all__ = ["check_importer", "check_reader"]


def check_reader(
    settings: ProjectSettings, authorization: str | None, project_id: str | None
) -> None:
    """Check that a request may ask questions and export.

    A project without credentials lets everybody in, but still minds its number.

    Raises:
        RequestRefusedError: 401 for other credentials, another project or no
            project id; 400 for a project id that is not a number.
    """
    check_project_id(settings, project_id)
    if settings.username is None:
        return
    if not is_service_account(settings, authorization):
        raise RequestRefusedError(
            401,
            "Invalid credentials: the username or the secret is not that of this "
            "local project's service account",
        )
    if project_id is None:
        raise RequestRefusedError(
            401, "project_id is missing; a service account must name its project"
        )


def check_importer(
    settings: ProjectSettings, authorization: str | None, project_id: str | None
) -> None:
    """Check that a request may import events.

    Besides the service account, the project token will do, as the username of
    HTTP Basic: https://developer.mixpanel.com/reference/import-events

    Raises:
        RequestRefusedError: As `check_reader`.
    """
    user, _ = basic_pair(authorization)
    if settings.token is not None and same_text(user, settings.token):
        return
    check_reader(settings, authorization, project_id)


def check_project_id(settings: ProjectSettings, project_id: str | None) -> None:
    """Check that the project id, if there is one, is this project's."""
    if project_id is None:
        return
    if not (project_id.isascii() and project_id.isdigit() and len(project_id) < 20):
        raise RequestRefusedError(
            400, f"project_id {project_id[:40]!r} is not a number"
        )
    if settings.project_id not in (None, int(project_id)):
        raise RequestRefusedError(
            401, f"Invalid credentials: this local project is not project {project_id}"
        )


def is_service_account(settings: ProjectSettings, authorization: str | None) -> bool:
    """Tell whether the header holds the name and secret of the service account."""
    user, secret = basic_pair(authorization)
    right_user = same_text(user, settings.username or "")
    right_secret = same_text(secret, settings.secret)
    return right_user and right_secret


def basic_pair(authorization: str | None) -> tuple[str, str]:
    """Return user and password of an HTTP Basic header, empty if there are none.

    Mixpanel takes the pair in base64 and plain.

    >>> basic_pair("Basic dXNlcjpzM2NyZXQ="), basic_pair("Basic user:s3cret")
    (('user', 's3cret'), ('user', 's3cret'))
    """
    scheme, _, pair = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    if ":" not in pair:
        try:
            pair = base64.b64decode(pair, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
    user, _, secret = pair.strip().partition(":")
    return user, secret


def same_text(given: str, expected: str) -> bool:
    """Compare two texts in a time that does not tell how much of them agrees."""
    return hmac.compare_digest(given.encode(), expected.encode())
