"""`MixpanelQuery`, for apps that come from pyramid_mixpanel.

It reads the settings of mixpanel-pyramid, which has those of pyramid_mixpanel 0.13. New
code rather makes a `mixpanel_query.Client`, which asks more questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from mixpanel_query.clients import Client
from mixpanel_query.credentials import Credentials, ProjectSecret, ServiceAccount
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.regions import checked_base_url, checked_region

if TYPE_CHECKING:
    from mixpanel_query.jql.scripts import Script

__all__ = ["MixpanelQuery"]

ACCOUNT: Final = "mixpanel.service_account"
ACCOUNT_PARTS: Final = ("username", "secret", "project_id")


class MixpanelQuery:
    """Queries Mixpanel for events and profiles, as pyramid_mixpanel's class did.

    Threads may share one. It keeps no connection: each question makes its own, and
    counts in the budget that all processes of the machine share.

    Args:
        settings: Settings of a Pyramid application:
            ``mixpanel.service_account.username``, ``.secret`` and ``.project_id``; or
            ``mixpanel.api_secret``, which Mixpanel retires on 2027-03-03. And, if they
            are there, ``mixpanel.region`` and ``mixpanel.base_url``.

    Raises:
        InvalidQueryError: If settings are missing or wrong.

    >>> MixpanelQuery({
    ...     "mixpanel.service_account.username": "app.1a2b3c",
    ...     "mixpanel.service_account.secret": "s3cret",
    ...     "mixpanel.service_account.project_id": "12345",
    ...     "mixpanel.region": "eu",
    ... })
    MixpanelQuery(ServiceAccount(username='app.1a2b3c', project_id=12345), region='eu')
    """

    def __init__(self, settings: Mapping[str, object]) -> None:
        self._credentials = read_credentials(settings)
        self._region = checked_region(text(settings, "mixpanel.region") or "us")
        base_url = text(settings, "mixpanel.base_url")
        self._base_url = checked_base_url(base_url) if base_url else None

    def __repr__(self) -> str:
        return f"MixpanelQuery({self._credentials!r}, region={self._region!r})"

    def jql(
        self,
        jql: Script | None = None,
        params: Mapping[str, object] | None = None,
        *,
        script: Script | None = None,
    ) -> list[object]:
        """Run a script in JQL, and return its rows.

        Args:
            jql: The script; what else it may be, `Client.jql` says.
            params: Values that the script reads as ``params.name``. Write no value into
                the script itself: it would be run.
            script: Another name for ``jql``, which `Client.jql` has.

        Raises:
            MixpanelQueryError: If it fails; `mixpanel_query.exceptions` says how.
        """
        given = [each for each in (jql, script) if each is not None]
        if len(given) != 1:
            raise InvalidQueryError("jql takes one script; give it as jql or as script")
        with self._client() as client:
            return client.jql(given[0], params)

    def profile_by_email(self, email: str) -> dict[str, object] | None:
        """Find the user whose ``$email`` is an address.

        Unlike pyramid_mixpanel, it runs no script, so that no address can be code.

        Args:
            email: The address, exactly as the profile has it.

        Returns:
            ``{"distinct_id": …, "email": …}``, or None if there is no such profile.

        Raises:
            MultipleProfilesFoundException: If several profiles have the address.
            MixpanelQueryError: If it fails; `mixpanel_query.exceptions` says how.
        """
        with self._client() as client:
            return client.profile_by_email(email)

    def _client(self) -> Client:
        """Make the client for one question."""
        return Client(self._credentials, self._region, self._base_url)


def read_credentials(settings: Mapping[str, object]) -> Credentials:
    """Return the service account of the settings or, without one, the project secret.

    Raises:
        InvalidQueryError: If there is neither, or half of the first.
    """
    account = {part: text(settings, f"{ACCOUNT}.{part}") for part in ACCOUNT_PARTS}
    missing = [f"{ACCOUNT}.{part}" for part, value in account.items() if not value]
    if not missing:
        return ServiceAccount(**account)
    if len(missing) < len(account):
        problem = f"settings {', '.join(missing)} are missing"
        raise InvalidQueryError(f"{problem}; a service account needs all three")
    secret = text(settings, "mixpanel.api_secret")
    if not secret:
        allowed = ", ".join(f"{ACCOUNT}.{part}" for part in ACCOUNT_PARTS)
        problem = "settings name nobody who may query"
        raise InvalidQueryError(f"{problem}; set {allowed}, or mixpanel.api_secret")
    return ProjectSecret(secret)


def text(settings: Mapping[str, object], name: str) -> str:
    """Return a setting as text; empty if it is missing."""
    value = settings.get(name)
    return "" if value is None else str(value).strip()
