"""Answers in CSV, which Mixpanel offers and does not show.

https://developer.mixpanel.com/reference/segmentation-query
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from mixpanel_query.local.parameters import reading as read
from mixpanel_query.local.rules.basis import rests_on

__all__ = ["in_format", "wants_csv"]


def wants_csv(given: Mapping[str, str]) -> bool:
    """Tell whether an answer is to be CSV instead of JSON.

    Raises:
        RequestRefusedError: If it is to be something else.
    """
    asked = given.get("format", "json")
    return read.one_of("format", asked, ("json", "csv")) == "csv"


def in_format(given: Mapping[str, str], answer: dict[str, Any]) -> dict[str, Any] | str:
    r"""Return counts over time as they are, or as CSV if that is asked for.

    A row is a date, a column a name.

    >>> counts = {"series": ["2026-11-22"], "values": {"A": {"2026-11-22": 2}}}
    >>> in_format({"format": "csv"}, {"data": counts})
    'date,A\r\n2026-11-22,2\r\n'
    """
    if not wants_csv(given):
        return answer
    rests_on("csv-columns")
    series, values = answer["data"]["series"], answer["data"]["values"]
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["date", *values])
    for label in series:
        rows.writerow([label, *(each[label] for each in values.values())])
    return text.getvalue()
