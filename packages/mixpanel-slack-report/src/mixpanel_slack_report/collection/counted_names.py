"""How many of a project's events are counted, and what is said of the others."""

from __future__ import annotations

import json
from datetime import date
from urllib.parse import quote

from mixpanel_slack_report.collection.ranking import first_day_of_names
from mixpanel_slack_report.collection.readings import Failure
from mixpanel_slack_report.collection.statuses import DAYS_OF_NAMES, Knowledge
from mixpanel_slack_report.periods import ReportWindows
from mixpanel_slack_report.report_file import ReportFile
from mixpanel_slack_report.wording import readable

__all__ = ["names_remark", "names_to_count"]

# The names travel in the address, and servers refuse addresses of 8,000 characters:
# https://developer.mixpanel.com/reference/list-recent-events
LONGEST_NAME_LIST = 5000
# https://developer.mixpanel.com/reference/query-months-top-event-names
MOST_NAMES = 255


def names_to_count(
    report_file: ReportFile, names: tuple[str, ...] | Failure
) -> tuple[str, ...]:
    """List the metrics' events and the commonest of the project.

    They are ranked, and tell a quiet metric from days without any data. As many are
    counted as fit into an address, the commonest first.
    """
    wanted = dict.fromkeys(e for metric in report_file.metrics for e in metric.events)
    if isinstance(names, Failure):
        return tuple(wanted)
    length = sum(map(length_in_address, wanted))
    for name in names:
        length += 0 if name in wanted else length_in_address(name)
        if length > LONGEST_NAME_LIST:
            break
        wanted[name] = None
    return tuple(wanted)


def length_in_address(name: str) -> int:
    """Return how many signs a name takes in a list in an address.

    >>> length_in_address("Sign Up")
    21
    """
    return len(quote(json.dumps(name))) + len(quote(", "))


def names_remark(knowledge: Knowledge, windows: ReportWindows, *, today: date) -> str:
    """Say in a sentence that not all events were counted; nothing if all were.

    An event that is rarer over the last days may still be the commonest of one day.
    """
    names = knowledge.names
    if isinstance(names, Failure):
        return ""
    counted = sum(name in knowledge.totals for name in names)
    if counted < len(names) or len(names) >= MOST_NAMES:
        return (
            f"Top events are ranked among the {counted} commonest events of the last "
            f"{DAYS_OF_NAMES} days: the others of the project were not counted."
        )
    happened = (event for event, total in knowledge.totals.items() if total.value)
    unlisted = next((event for event in happened if event not in names), None)
    if unlisted is None or windows.current.from_date < first_day_of_names(today):
        return ""
    return (
        f"Top events may lack some: Mixpanel counted {readable(unlisted)}, and does "
        "not list it."
    )
