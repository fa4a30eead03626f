"""Settings that say where messages go."""

from __future__ import annotations

import pytest

from mixpanel_pyramid.settings import read_settings

from .problems import problems


@pytest.mark.parametrize(
    "word", ["false", "FALSE", "off", "No", "0", "none", " false ", False, 0]
)
def test_every_off_word_records(word: object) -> None:
    """A token that says off means that nothing is sent, without a warning."""
    settings = read_settings({"mixpanel.token": word})

    assert settings.token is None
    assert settings.warnings == ()


@pytest.mark.parametrize("given", [{}, {"mixpanel.token": None}])
def test_an_absent_token_records_and_warns(given: dict[str, object]) -> None:
    """Without a token nothing is sent, and the log says so."""
    settings = read_settings(given)

    assert settings.token is None
    assert settings.warnings == (
        "mixpanel.token is not set: messages are recorded and nothing is sent; "
        "set it to the project token, or to false where that is meant",
    )


@pytest.mark.parametrize("empty", ["", "   "])
def test_an_empty_token_is_refused(empty: str) -> None:
    """A token that got lost on its way into the settings stops the start-up."""
    assert problems(token=empty) == (
        "mixpanel.token: is empty; give the project token, or false to record only",
    )


def test_a_token_that_is_true_is_refused() -> None:
    """Only a project has a token."""
    assert problems(token=True) == (
        "mixpanel.token: is a bool; give the project token, or false",
    )


@pytest.mark.parametrize(
    ("region", "url"),
    [
        ("us", "https://api.mixpanel.com"),
        ("EU", "https://api-eu.mixpanel.com"),
        (" in ", "https://api-in.mixpanel.com"),
    ],
)
def test_a_region_has_its_host(region: str, url: str) -> None:
    """Each data residency region has a host of its own."""
    assert read_settings({"mixpanel.region": region}).base_url == url


def test_a_misspelt_consumer_is_refused_with_what_there_is() -> None:
    """A name without a dot is meant as one of the short ones."""
    assert problems(consumer="backgruond") == (
        "mixpanel.consumer: is 'backgruond'; "
        "give one of background, buffered, celery, or a class's dotted name",
    )


def test_the_us_is_the_default_region() -> None:
    """Without a region, messages go to the United States."""
    assert read_settings({}).base_url == "https://api.mixpanel.com"


def test_a_base_url_wins_over_the_region() -> None:
    """Another host is used whatever the region."""
    settings = read_settings(
        {"mixpanel.region": "eu", "mixpanel.base_url": "https://proxy.example/mp/"}
    )

    assert settings.base_url == "https://proxy.example/mp"
    assert len(settings.warnings) == 1


@pytest.mark.parametrize(
    "url", ["proxy.example", "ftp://proxy.example", "http://", "http://h:port", ""]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    """A base URL names a scheme and a host."""
    assert problems(base_url=url) == (
        "mixpanel.base_url: is no address of a service; "
        "give one like https://mixpanel.example",
    )


def test_credentials_in_an_address_are_refused_and_not_repeated() -> None:
    """A password in the base URL shows up nowhere."""
    (problem,) = problems(base_url="https://joe:hush@proxy.example")

    assert problem == (
        "mixpanel.base_url: has more than a host, port and path; give those alone"
    )


@pytest.mark.parametrize(
    ("url", "warnings"),
    [
        ("http://proxy.example", 1),
        ("http://10.0.0.7:8080", 1),
        ("http://127.0.0.1:8080", 0),
        ("http://localhost:8080", 0),
        ("http://[::1]:8080", 0),
        ("https://proxy.example", 0),
    ],
)
def test_plain_http_to_another_machine_warns(url: str, warnings: int) -> None:
    """What is tracked can be read on the way, unless it stays on this machine."""
    settings = read_settings({"mixpanel.token": "t", "mixpanel.base_url": url})

    assert len(settings.warnings) == warnings
