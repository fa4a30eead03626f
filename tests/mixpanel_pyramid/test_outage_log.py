"""One line for each trouble, and one when it is over."""

from __future__ import annotations

import logging

import pytest

from mixpanel_pyramid.outage_log import OutageLog


def surprise(log: OutageLog) -> None:
    """Let an error of ours be handled."""
    try:
        raise RuntimeError("unforeseen")
    except RuntimeError:
        log.surprised()


def test_an_error_of_ours_is_logged_once_until_it_is_over(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """With its traceback; the same again a second later says nothing new."""
    caplog.set_level(logging.INFO)
    log = OutageLog("api.mixpanel.com")
    surprise(log)
    surprise(log)
    log.succeeded("events", 2)
    surprise(log)

    assert [bool(record.exc_info) for record in caplog.records] == [True, False, True]
    assert caplog.messages == [
        "the delivery of Mixpanel messages goes on after",
        "api.mixpanel.com takes messages again, 2 just now; "
        "since the trouble began: 2 errors",
        "the delivery of Mixpanel messages goes on after",
    ]
