"""Tests of mixpanel_query.credentials."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from mixpanel_query import OAuthToken, ProjectSecret, ServiceAccount
from mixpanel_query.exceptions import InvalidQueryError

SECRET = "hunter2-hunter2"


@pytest.fixture
def project_secret() -> ProjectSecret:
    """A project secret, its warning seen."""
    with pytest.warns(DeprecationWarning, match="2027-03-03"):
        return ProjectSecret(SECRET)


def test_service_account_header() -> None:
    """A service account is HTTP Basic of its name and secret."""
    account = ServiceAccount("aladdin", "opensesame", 1)

    assert account.authorization() == "Basic YWxhZGRpbjpvcGVuc2VzYW1l"


def test_project_secret_header(project_secret: ProjectSecret) -> None:
    """A project secret is HTTP Basic with an empty password, the colon kept."""
    assert project_secret.authorization() == "Basic aHVudGVyMi1odW50ZXIyOg=="


def test_oauth_header() -> None:
    """An OAuth token is a bearer token."""
    assert OAuthToken("abc", 1).authorization() == "Bearer abc"


def test_project_secret_has_no_project_id(project_secret: ProjectSecret) -> None:
    """A project secret names its project by itself."""
    assert project_secret.project_id is None


def test_project_id_becomes_a_number() -> None:
    """Text of digits is as good as a number."""
    assert ServiceAccount("a", "b", "12345") == ServiceAccount("a", "b", 12345)


@pytest.mark.parametrize("given", ["d41d8cd98f00b204", "", "-1", "١٢٣", "12 "])
def test_project_token_is_not_an_id(given: str) -> None:
    """What is not a number is refused, and the message says where the number is."""
    with pytest.raises(InvalidQueryError, match="not the project token") as caught:
        ServiceAccount("a", "b", given)

    assert "d41d8cd98f00b204" not in str(caught.value)


@pytest.mark.parametrize(
    ("username", "secret", "problem"),
    [
        ("", "b", "username is empty"),
        ("a", "", "secret is empty"),
        ("a:b", "c", "username holds a colon"),
        ("a ", "b", "username begins or ends with a space"),
        ("a", "b\n", "secret begins or ends with a space"),
        ("a", "b\nc", "secret begins or ends with a space, or holds a line break"),
    ],
)
def test_unusable_account(username: str, secret: str, problem: str) -> None:
    """What HTTP cannot carry is refused here."""
    with pytest.raises(InvalidQueryError, match=problem):
        ServiceAccount(username, secret, 1)


@pytest.mark.parametrize("token", ["", "a b", "a\r\nX: y", "č"])
def test_unusable_token(token: str) -> None:
    """A token that would break the header is refused."""
    with pytest.raises(InvalidQueryError, match="token"):
        OAuthToken(token, 1)


def test_secret_given_as_username_is_not_quoted() -> None:
    """An error quotes nothing, as people paste name and secret together."""
    with pytest.raises(InvalidQueryError) as caught:
        ServiceAccount(f"name:{SECRET}", "x", 1)

    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("show", [repr, str])
def test_secret_is_never_shown(show: type, project_secret: ProjectSecret) -> None:
    """No credentials show their secret."""
    shown = [
        show(ServiceAccount("a", SECRET, 1)),
        show(OAuthToken(SECRET, 1)),
        show(project_secret),
    ]

    assert shown == [
        "ServiceAccount(username='a', project_id=1)",
        "OAuthToken(project_id=1)",
        "ProjectSecret()",
    ]


def test_frozen() -> None:
    """Credentials cannot be changed, so that clients may share them."""
    account = ServiceAccount("a", "b", 1)

    with pytest.raises(dataclasses.FrozenInstanceError):
        account.secret = "c"  # type: ignore[misc]


def test_echoed_credentials_are_taken_out(project_secret: ProjectSecret) -> None:
    """A server that echoes the secret, plain or encoded, does not give it away."""
    account = ServiceAccount("aladdin", SECRET, 1)
    echo = f"you sent {SECRET} as {account.authorization()}"

    assert account.redacted(echo) == "you sent *** as Basic ***"
    assert OAuthToken(SECRET, 1).redacted(SECRET) == "***"
    assert project_secret.redacted(f"{SECRET}!") == "***!"


def test_warning_points_at_the_caller() -> None:
    """The warning of a project secret names the line that made it."""
    with pytest.warns(DeprecationWarning, match="service account") as caught:
        ProjectSecret(SECRET)

    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    "make",
    [
        lambda: ServiceAccount(None, SECRET, 1),  # type: ignore[arg-type]
        lambda: ServiceAccount("a", None, 1),  # type: ignore[arg-type]
        lambda: ServiceAccount("a", SECRET.encode(), 1),  # type: ignore[arg-type]
        lambda: OAuthToken(None, 1),  # type: ignore[arg-type]
        lambda: ServiceAccount("a", SECRET, None),  # type: ignore[arg-type]
    ],
)
def test_variables_that_are_not_set(make: Callable[[], object]) -> None:
    """None, as os.environ.get gives it, is refused in words; no value is quoted."""
    with pytest.raises(InvalidQueryError) as caught:
        make()

    assert SECRET not in str(caught.value)
