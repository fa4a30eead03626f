"""The message that says that a report failed.

What an error quotes is foreign text: it stands in ``plain_text`` and in rich text only,
where Slack looks for neither mentions nor links.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from html import escape
from shlex import quote

from mixpanel_slack_report.failure_notice.causes import CHECK, remedy, what_failed
from mixpanel_slack_report.masking import mask_secrets
from mixpanel_slack_report.periods import Window
from mixpanel_slack_report.slack.message import SlackMessage
from mixpanel_slack_report.wording import PERIOD_TITLES, readable, window_in_words

__all__ = ["failure_notice"]

LONGEST_LINE = 300
LONGEST_HEADER = 150
MOST_PROBLEMS = 5
# A message has room for about 13,200 characters of JSON, in which one sign may take 12.
# https://github.com/slackapi/bolt-js/issues/2509
ROOM_FOR_LINE = 1200
LONGEST_SIGN = 12
ONCE = "This is said once for each cause and report."


def failure_notice(
    report: str,
    window: Window | None,
    error: Exception,
    *,
    timezone: str = "",
    company: str = "",
    events: Sequence[str] = (),
    secrets: Iterable[str] = (),
) -> SlackMessage:
    """Say what failed, for which days, how to mend it and where to look.

    Args:
        report: The period of the report, one of ``PERIODS``.
        window: The days that it reports; None if they are not known.
        error: What went wrong.
        timezone: IANA name of the timezone whose days they are.
        company: Whose report it is.
        events: The events that it counts, in place of the metrics of the report file.
        secrets: What is taken out of everything foreign; what looks like a secret is
            anyway.
    """
    secrets = tuple(secrets)
    head = title(report, mask_secrets(company, secrets))
    days = days_in_words(window, timezone)
    parts = {
        "What failed": [short(mask_secrets(line, secrets)) for line in failures(error)],
        "How to mend it": [remedy(error)],
        "Where to look": [f"In the log of the run; {CHECK} looks at the settings."],
        "To send it": [
            short(mask_secrets(send_command(report, window, events), secrets))
        ],
    }
    lines = [f"{head}, {days}", *flat(parts), ONCE]
    return SlackMessage(
        text="\n".join(escape(line, quote=False) for line in lines),
        blocks=(
            {"type": "header", "text": plain(head)},
            {"type": "context", "elements": [plain(days)]},
            {"type": "rich_text", "elements": list(sections(parts))},
            {"type": "context", "elements": [plain(ONCE)]},
        ),
    )


def title(report: str, company: str) -> str:
    """Say which report failed."""
    said = f"{PERIOD_TITLES.get(report, report)} was not sent"
    return readable(f"{company}: {said}" if company else said, longest=LONGEST_HEADER)


def short(line: str) -> str:
    """Make a foreign line safe to show, and short enough for a message of several."""
    shown = readable(line, longest=LONGEST_LINE)
    if len(json.dumps(shown)) <= ROOM_FOR_LINE:
        return shown
    return readable(shown, longest=ROOM_FOR_LINE // LONGEST_SIGN)


def days_in_words(window: Window | None, timezone: str) -> str:
    """Say which days are not reported."""
    if window is None:
        return "its days are not known, as it did not get that far"
    words = window_in_words(window)
    return f"{words} ({timezone})" if timezone else words


def failures(error: Exception) -> list[str]:
    """List what failed, the first ones if it is much."""
    lines = what_failed(error)
    left_out = len(lines) - MOST_PROBLEMS
    more = [f"and {left_out} more"] if left_out > 0 else []
    return [*lines[:MOST_PROBLEMS], *more]


def send_command(report: str, window: Window | None, events: Sequence[str]) -> str:
    """Write the command that sends the same report again."""
    command = f"mixpanel-slack-report send {report}"
    if window is not None and report == "custom":
        command += f" --from {window.from_date} --to {window.to_date}"
    elif window is not None:
        # Every other report is due on the day after its last one.
        command += f" --date {window.to_date + timedelta(days=1)}"
    return f"{command} --events {quote(','.join(events))}" if events else command


def flat(parts: dict[str, list[str]]) -> list[str]:
    """Write the parts as lines of text."""
    return [f"{name}: {line}" for name, lines in parts.items() for line in lines]


def sections(parts: dict[str, list[str]]) -> Iterable[dict[str, object]]:
    """Yield the parts as rich text: a heading in bold, and its lines."""
    for name, lines in parts.items():
        yield section({"type": "text", "text": name, "style": {"bold": True}})
        items = [section({"type": "text", "text": line}) for line in lines]
        yield {"type": "rich_text_list", "style": "bullet", "elements": items}


def section(element: dict[str, object]) -> dict[str, object]:
    """Make a line of rich text."""
    return {"type": "rich_text_section", "elements": [element]}


def plain(line: str) -> dict[str, object]:
    """Make text in which Slack reads neither markup nor emoji."""
    return {"type": "plain_text", "text": line, "emoji": False}
