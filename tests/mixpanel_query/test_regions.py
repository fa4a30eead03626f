"""Tests of mixpanel_query.regions."""

from __future__ import annotations

import warnings

import pytest

from mixpanel_query import Client, ServiceAccount
from mixpanel_query.exceptions import InvalidQueryError
from mixpanel_query.regions import checked_base_url, checked_region, is_loopback


@pytest.mark.parametrize(("given", "name"), [("us", "us"), ("EU", "eu"), ("In", "in")])
def test_regions(given: str, name: str) -> None:
    """The three regions are known, in small or capital letters."""
    assert checked_region(given) == name


def test_unknown_region() -> None:
    """Another region is refused, and the message lists those there are."""
    with pytest.raises(InvalidQueryError, match="'uk' is unknown; use us, eu or in"):
        checked_region("uk")


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("mixpanel.com", "begins with http"),
        ("ftp://mixpanel.com", "begins with http"),
        ("http://", "names a host"),
        ("http://host:99999", "Port out of range"),
        ("http://[::1", "Invalid IPv6"),
        ("http://host:0", "no address"),
        ("http://host/ path", "space"),
        ("https://host/?a=b", "more than scheme"),
        ("https://host/#a", "more than scheme"),
    ],
)
def test_unusable_base_url(given: str, problem: str) -> None:
    """An address that cannot be one is refused before anything is sent."""
    with pytest.raises(InvalidQueryError, match=problem):
        checked_base_url(given)


def test_password_in_base_url() -> None:
    """Credentials in the address are refused and not quoted."""
    with pytest.raises(InvalidQueryError, match="give credentials") as caught:
        checked_base_url("https://me:hunter2@host")

    assert "hunter2" not in str(caught.value)


def test_base_url_may_have_a_path() -> None:
    """A proxy may live below a path; the slash at the end goes."""
    assert checked_base_url("https://host/mixpanel/") == "https://host/mixpanel"


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("app.localhost", True),
        ("10.0.0.1", False),
        ("mixpanel.com", False),
        ("localhost.example", False),
    ],
)
def test_loopback(host: str, here: bool) -> None:
    """Only this machine is this machine."""
    assert is_loopback(host) is here


def test_plain_http_to_another_machine_warns_once() -> None:
    """Credentials in clear are allowed but warned of, once, at the caller's line."""
    with pytest.warns(UserWarning, match="unencrypted") as caught:
        Client(ServiceAccount("a", "b", 1), base_url="http://10.0.0.1").close()

    assert [warning.filename for warning in caught] == [__file__]


def test_plain_http_to_this_machine_is_silent() -> None:
    """A local project needs no https."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Client(ServiceAccount("a", "b", 1), base_url="http://127.0.0.1:8080").close()


@pytest.mark.parametrize(
    "base_url", ["http://a..b", f"http://{'a' * 80}.com", "http://xn--a"]
)
def test_host_that_cannot_be(base_url: str) -> None:
    """A host that no resolver takes is refused before it is asked for."""
    with pytest.raises(InvalidQueryError, match="base_url is no address"):
        checked_base_url(base_url)
