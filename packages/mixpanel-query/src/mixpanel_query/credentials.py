"""Credentials: who asks, and how that is said in an HTTP request.

A secret is in no ``repr``, ``str`` or error; errors here quote no value at all,
because people swap them. `redacted` removes the secret from what a server says.
Mixpanel's schemes: https://developer.mixpanel.com/reference/authentication
"""

from __future__ import annotations

import base64
import warnings
from dataclasses import dataclass, field
from typing import TypeAlias

from mixpanel_query.exceptions import InvalidQueryError

__all__ = ["Credentials", "OAuthToken", "ProjectSecret", "ServiceAccount"]

# Shorter ones are made up for tests; removing them would garble ordinary words.
SHORTEST_REDACTED = 8


@dataclass(frozen=True, slots=True, init=False)
class ServiceAccount:
    """A service account of Mixpanel, the credentials to prefer.

    Attributes:
        username: Name of the account, such as ``reports.1a2b3c.mp-service-account``.
        secret: Its secret; shown by Mixpanel once, when the account is made.
        project_id: Number of the project to ask, from Project Settings > Overview.
            It is not the project token.

    Raises:
        InvalidQueryError: If one is empty, or the project id is not a number.

    >>> ServiceAccount("reports.1a2b3c", "s3cret", "12345")
    ServiceAccount(username='reports.1a2b3c', project_id=12345)
    """

    username: str
    secret: str = field(repr=False)
    project_id: int

    def __init__(self, username: str, secret: str, project_id: int | str) -> None:
        object.__setattr__(self, "username", checked_username(username))
        object.__setattr__(self, "secret", checked_text("secret", secret))
        object.__setattr__(self, "project_id", checked_project_id(project_id))

    def authorization(self) -> str:
        """Return the value of the ``Authorization`` header; it is secret."""
        return basic_authorization(f"{self.username}:{self.secret}")

    def redacted(self, text: str) -> str:
        """Return ``text`` without the secret."""
        return without(text, self.secret, self.authorization())


@dataclass(frozen=True, slots=True)
class ProjectSecret:
    """A project's own secret, which Mixpanel retires on 2027-03-03.

    Attributes:
        secret: The secret, from Project Settings > Access Keys.

    Raises:
        InvalidQueryError: If it is empty.
    """

    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        """Check the secret and warn of its end."""
        checked_text("secret", self.secret)
        # https://developer.mixpanel.com/reference/project-secret
        warnings.warn(
            "Mixpanel retires project secrets on 2027-03-03; "
            "use a service account: ServiceAccount(username, secret, project_id)",
            DeprecationWarning,
            stacklevel=3,
        )

    @property
    def project_id(self) -> None:
        """None, because the secret itself says which project it belongs to."""
        return None

    def authorization(self) -> str:
        """Return the value of the ``Authorization`` header; it is secret."""
        return basic_authorization(f"{self.secret}:")

    def redacted(self, text: str) -> str:
        """Return ``text`` without the secret."""
        return without(text, self.secret, self.authorization())


@dataclass(frozen=True, slots=True, init=False)
class OAuthToken:
    """An OAuth bearer token.

    Attributes:
        token: The access token, without the word "Bearer".
        project_id: Number of the project to ask, from Project Settings > Overview.

    Raises:
        InvalidQueryError: If one is empty, or the project id is not a number.

    >>> OAuthToken("s3cret", 12345)
    OAuthToken(project_id=12345)
    """

    token: str = field(repr=False)
    project_id: int

    def __init__(self, token: str, project_id: int | str) -> None:
        object.__setattr__(self, "token", checked_text("token", token))
        if not token.isascii() or " " in token:
            problem = "token holds a space or a sign that is not ASCII"
            raise InvalidQueryError(f"{problem}; give the access token alone")
        object.__setattr__(self, "project_id", checked_project_id(project_id))

    def authorization(self) -> str:
        """Return the value of the ``Authorization`` header; it is secret."""
        return f"Bearer {self.token}"

    def redacted(self, text: str) -> str:
        """Return ``text`` without the token."""
        return without(text, self.token)


Credentials: TypeAlias = ServiceAccount | ProjectSecret | OAuthToken


def checked_text(name: str, value: str) -> str:
    """Return ``value`` if it can be a credential; errors never quote it."""
    if value is not None and not isinstance(value, str):
        raise InvalidQueryError(f"{name} is no text; copy it from Mixpanel")
    if not value:
        raise InvalidQueryError(f"{name} is empty; copy it from Mixpanel")
    if value != value.strip() or not value.isprintable():
        problem = "begins or ends with a space, or holds a line break"
        raise InvalidQueryError(f"{name} {problem}; copy it again from Mixpanel")
    return value


def checked_username(username: str) -> str:
    """Return ``username`` if HTTP Basic authentication can carry it."""
    checked_text("username", username)
    if ":" in username:
        problem = "username holds a colon, which ends it in HTTP"
        raise InvalidQueryError(f"{problem}; give the name alone, without the secret")
    return username


def checked_project_id(project_id: int | str) -> int:
    """Return ``project_id`` as a number, as people like to give the token instead."""
    text = str(project_id)
    if not (text.isascii() and text.isdigit()):
        raise InvalidQueryError(
            "project id is not a number; take the Project ID from Mixpanel's "
            "Project Settings > Overview, not the project token"
        )
    return int(text)


def basic_authorization(pair: str) -> str:
    """Return the header of HTTP Basic authentication for ``user:password``."""
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def without(text: str, secret: str, header: str = "") -> str:
    """Return ``text`` with the secret, plain or in its header, replaced by stars.

    A secret of which a text that was shortened holds the beginning only goes as well.
    """
    for part in (header.removeprefix("Basic "), secret):
        for length in range(len(part), SHORTEST_REDACTED - 1, -1):
            cut = "" if length == len(part) else "…"
            text = text.replace(part[:length] + cut, f"***{cut}")
    return text
