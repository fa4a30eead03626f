"""The whole way on one machine: sample data, a report, a Slack that stands in.

Everything is spoken over HTTP on real sockets, as it would be with Mixpanel and
Slack. It needs the extra ``demo``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from mixpanel_query import Client, ServiceAccount
from mixpanel_slack_report.exceptions import MixpanelSlackReportError
from mixpanel_slack_report.periods import windows_due
from mixpanel_slack_report.report import Report, collect_report
from mixpanel_slack_report.slack.blocks import build_message
from mixpanel_slack_report.slack.stand_in import SlackStandIn
from mixpanel_slack_report.slack.webhook import post_message

if TYPE_CHECKING:
    from mixpanel_query.local import LocalProject

__all__ = ["Demonstration", "demonstrate", "sample_project"]

INSTALL = "pip install 'mixpanel-slack-report[demo]'"
ACCOUNT = ServiceAccount("demo", "demo-secret", 1)


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What a demonstration made.

    Attributes:
        report: The weekly report.
        message: The message as the stand-in for Slack received it.
    """

    report: Report
    message: dict[str, Any]


def demonstrate(clock: Callable[[], datetime]) -> Demonstration:
    """Report the latest full week of sample data to a stand-in for Slack.

    Args:
        clock: Gives the current time as an aware datetime.

    Raises:
        MixpanelSlackReportError: If the extra ``demo`` is not installed.
    """
    today = clock().date()
    with loopback_without_proxy(), sample_project(today) as project:
        with Client(ACCOUNT, base_url=project.base_url) as client:
            windows = windows_due("weekly", today)
            report = collect_report(client, windows, clock=clock, company="Demo Shop")
        with SlackStandIn() as slack:
            post_message(build_message(report), slack.webhook_url)
    return Demonstration(report, slack.messages[0])


@contextmanager
def sample_project(today: date) -> Iterator[LocalProject]:
    """Run a local project with two months of sample data, ending yesterday.

    Raises:
        MixpanelSlackReportError: If the extra ``demo`` is not installed.
    """
    try:
        from mixpanel_query.local import LocalProject
        from mixpanel_query.local.engine.sample_data import sample_events
    except ModuleNotFoundError as error:
        message = f"the demo needs {error.name}, which is not installed; run {INSTALL}"
        raise MixpanelSlackReportError(message) from error
    with TemporaryDirectory(prefix="mixpanel-demo-") as folder:
        events = Path(folder, "events.jsonl")
        with events.open("w", encoding="utf-8") as lines:
            lines.writelines(f"{json.dumps(event)}\n" for event in sample_events(today))
        with LocalProject() as project:
            project.load(events)
            yield project


@contextmanager
def loopback_without_proxy() -> Iterator[None]:
    """Keep this machine's own servers out of the proxy that the environment names."""
    before = os.environ.get("NO_PROXY")
    os.environ["NO_PROXY"] = ",".join(filter(None, (before, "127.0.0.1")))
    try:
        yield
    finally:
        if before is None:
            del os.environ["NO_PROXY"]
        else:
            os.environ["NO_PROXY"] = before
