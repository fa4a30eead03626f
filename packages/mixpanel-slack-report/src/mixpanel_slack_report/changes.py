"""How numbers are written, and how they changed, in words that need no colour.

Everything is reckoned exactly, a decimal being what it is when written out, and
rounded once, at the end and half away from zero, as readers with a calculator do.
"""

from __future__ import annotations

from fractions import Fraction

from mixpanel_slack_report.metrics import Metric, Number

__all__ = [
    "change_in_words",
    "change_percent",
    "exact",
    "exact_change_percent",
    "figure_in_words",
    "number_in_words",
    "shows_percent",
]


def figure_in_words(metric: Metric, number: Number) -> str:
    """Write a number of a metric as every view shows it.

    >>> ratio = Metric("Buyers", ("Purchase",), "ratio", over="Visitors")
    >>> figure_in_words(ratio, 0.1525), figure_in_words(ratio, 0.0001)
    ('15.3 %', 'less than 0.1 %')
    >>> sales = Metric("Sales", ("Purchase",), "sum", property="price")
    >>> figure_in_words(sales, 1234.5), figure_in_words(sales, 1234.0)
    ('1,234.50', '1,234')
    """
    if shows_percent(metric):
        return percent_in_words(number)
    return number_in_words(number)


def number_in_words(number: Number) -> str:
    """Write a number with commas between thousands, and with two decimals or none.

    >>> number_in_words(12500), number_in_words(1234.5), number_in_words(-0.0)
    ('12,500', '1,234.50', '0')
    """
    amount = exact(number)
    if amount.denominator == 1:
        return f"{amount.numerator:,}"
    return decimal_in_words(amount, places=2)


def shows_percent(metric: Metric) -> bool:
    """Whether the numbers of a metric are shares that are written in percent."""
    if metric.shown_as is None:
        return metric.kind == "ratio"
    return metric.shown_as == "percent"


def change_percent(value: Number | None, previous: Number | None) -> float | None:
    """Return the change in percent of ``previous``, rounded to two decimals.

    Returns:
        None if either number is missing, or if ``previous`` is 0 or less, from which
        no percentage can be reckoned.

    >>> change_percent(253, 157), change_percent(5, 0), change_percent(None, 3)
    (61.15, None, None)
    """
    percent = exact_change_percent(value, previous)
    return None if percent is None else float(rounded(percent, places=2))


def exact_change_percent(
    value: Number | None, previous: Number | None
) -> Fraction | None:
    """Return the change in percent of ``previous``, which is not rounded.

    Returns:
        None where ``change_percent`` gives None.

    >>> exact_change_percent(4, 3)
    Fraction(100, 3)
    """
    if value is None or previous is None or previous <= 0:
        return None
    return (exact(value) - exact(previous)) / exact(previous) * 100


def change_in_words(metric: Metric | None, value: Number, previous: Number) -> str:
    """Say how a number changed: by how much, from what, and in percent.

    Shares that are written in percent changed by percentage points.

    Args:
        metric: Whose number it is; None if it counts an event.
        value: The number now.
        previous: The number before.

    >>> signups = Metric("New Signups", ("Sign Up",), "total")
    >>> change_in_words(signups, 253, 157), change_in_words(signups, 9, 10)
    ('up 96 from 157 (+61.1 %)', 'down 1 from 10 (-10.0 %)')
    >>> change_in_words(signups, 4, 4), change_in_words(signups, 3, 0)
    ('no change', 'up from 0')
    >>> ratio = Metric("Buyers", ("Purchase",), "ratio", over="Visitors")
    >>> change_in_words(ratio, 0.153, 0.141)
    'up 1.2 percentage points from 14.1 %'
    """
    if value == previous:
        return "no change"
    direction = "up" if value > previous else "down"
    is_share = metric is not None and shows_percent(metric)
    write = percent_in_words if is_share else number_in_words
    since = f"from {write(previous)}"
    if previous == 0:
        return f"{direction} {since}"
    difference = abs(exact(value) - exact(previous))
    if is_share:
        points = decimal_in_words(difference * 100, places=1)
        return f"{direction} {points} percentage points {since}"
    whole = difference.denominator == 1
    amount = decimal_in_words(difference, places=0 if whole else 2)
    percent = exact_change_percent(value, previous)
    if percent is None:
        return f"{direction} {amount} {since}"
    sign = "" if rounded(abs(percent), places=1) == 0 else "-" if percent < 0 else "+"
    return f"{direction} {amount} {since} ({sign}{decimal_in_words(abs(percent))} %)"


def percent_in_words(share: Number) -> str:
    """Write a share in percent, with one decimal."""
    return f"{decimal_in_words(exact(share) * 100)} %"


def decimal_in_words(amount: Fraction, *, places: int = 1) -> str:
    """Write an amount with so many decimals; one that is too small for them is no 0."""
    steps = int(rounded(amount, places=places) * 10**places)
    if amount and not steps:
        return f"less than {10**-places:.{places}f}" if amount > 0 else "just below 0"
    units, decimals = divmod(abs(steps), 10**places)
    end = f".{decimals:0{places}}" if places else ""
    return f"{'-' if steps < 0 else ''}{units:,}{end}"


def rounded(amount: Fraction, *, places: int) -> Fraction:
    """Round half away from zero."""
    size = int(abs(amount) * 10**places + Fraction(1, 2))
    return Fraction(size if amount > 0 else -size, 10**places)


def exact(number: Number) -> Fraction:
    """Return a number as the decimal it is when written out."""
    return Fraction(number) if isinstance(number, int) else Fraction(repr(number))
