"""Credentials and project ids of requests."""

from __future__ import annotations

import base64
from datetime import datetime, timezone

import pytest

from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.server.access import check_importer, check_reader
from mixpanel_query.local.settings import ProjectSettings, project_settings


def settings(
    credentials: tuple[str, str] | None = ("user", "s3cret"),
    project_id: int | None = 7,
    token: str | None = None,
) -> ProjectSettings:
    """Return the settings of a project with credentials."""
    return project_settings(
        timezone="UTC",
        week_start="monday",
        clock=lambda: datetime(2026, 11, 22, tzinfo=timezone.utc),
        credentials=credentials,
        project_id=project_id,
        token=token,
    )


def basic(pair: str) -> str:
    """Return an HTTP Basic header."""
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


@pytest.mark.parametrize(
    "header",
    [
        basic("user:s3cret"),
        "Basic user:s3cret",
        basic("user:s3cret").lower()[:5] + basic("user:s3cret")[5:],
    ],
    ids=["base64", "plain", "small letters"],
)
def test_service_account_may_read(header: str) -> None:
    """The pair is taken in base64 and plain, as Mixpanel does."""
    check_reader(settings(), header, "7")


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic",
        "Basic !!!",
        "Basic /w==",
        "Bearer user:s3cret",
        basic("user:wrong"),
        basic("other:s3cret"),
        basic("user:"),
        basic(":"),
        basic("üser:s3crét"),
    ],
)
def test_other_credentials_are_refused(header: str | None) -> None:
    """Anything but the service account gets 401."""
    with pytest.raises(RequestRefusedError, match="Invalid credentials") as caught:
        check_reader(settings(), header, "7")

    assert caught.value.status == 401
    assert "s3cret" not in str(caught.value)


def test_service_account_must_name_its_project() -> None:
    """A missing project id gets 401."""
    with pytest.raises(RequestRefusedError, match="project_id is missing") as caught:
        check_reader(settings(), basic("user:s3cret"), None)

    assert caught.value.status == 401


def test_other_project_is_refused() -> None:
    """The number of another project gets 401, also from a project without secrets."""
    for project in (settings(), settings(credentials=None)):
        with pytest.raises(RequestRefusedError, match="is not project 8") as caught:
            check_reader(project, basic("user:s3cret"), "8")

        assert caught.value.status == 401


@pytest.mark.parametrize("project_id", ["", "seven", "-7", "7.0", "\u0667", "9" * 20])
def test_project_id_is_a_number(project_id: str) -> None:
    """A project id that is no number gets 400."""
    with pytest.raises(RequestRefusedError, match="is not a number") as caught:
        check_reader(settings(), basic("user:s3cret"), project_id)

    assert caught.value.status == 400


@pytest.mark.parametrize("header", [None, basic("any:body")])
def test_project_without_credentials_lets_everybody_in(header: str | None) -> None:
    """Credentials are not looked at when the project has none."""
    check_reader(settings(credentials=None), header, None)


def test_any_project_id_will_do_when_the_project_has_none() -> None:
    """A project without a number answers to every number."""
    check_reader(settings(project_id=None), basic("user:s3cret"), "12345")


def test_token_may_import() -> None:
    """The token as username is enough for importing, without a project id."""
    check_importer(settings(token="t0ken"), basic("t0ken:"), None)


@pytest.mark.parametrize("header", [None, basic("wrong:"), basic(":")])
def test_other_token_may_not_import(header: str | None) -> None:
    """Another token gets 401."""
    for token in ("t0ken", None):
        with pytest.raises(RequestRefusedError) as caught:
            check_importer(settings(token=token), header, "7")

        assert caught.value.status == 401


def test_service_account_may_import() -> None:
    """The service account imports as it reads."""
    check_importer(settings(token="t0ken"), basic("user:s3cret"), "7")
