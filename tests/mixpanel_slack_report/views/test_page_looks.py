"""How the page looks: its contrast by arithmetic, its width in a browser."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mixpanel_slack_report.metrics import Metric, MetricValue, TopEvent
from mixpanel_slack_report.report import Alert
from mixpanel_slack_report.views.html_style import STYLE
from mixpanel_slack_report.views.html_view import write_html

if TYPE_CHECKING:
    from tests.mixpanel_slack_report.conftest import MakeReport

    from mixpanel_slack_report.report import Report

LIGHT, DARK = (
    dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", part))
    for part in STYLE.split("@media (prefers-color-scheme: dark)")
)
LINES = [f"line-{number}" for number in range(1, 7)]


def luminance(colour: str) -> float:
    """Reckon how bright a colour is: https://www.w3.org/TR/WCAG21/#dfn-relative-luminance."""
    digits = colour[1:]
    pairs = [digits[i : i + 2] for i in (0, 2, 4)] if len(digits) == 6 else digits
    shares = [int(pair if len(pair) == 2 else pair * 2, 16) / 255 for pair in pairs]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Reckon the contrast of two colours, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_reckoned_as_defined() -> None:
    """Black on white has 21, a colour on itself 1."""
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "quiet", "link"])
def test_words_can_be_read(colours: dict[str, str], name: str) -> None:
    """4.5 is what WCAG asks for: https://www.w3.org/TR/WCAG21/#contrast-minimum."""
    assert contrast(colours[name], colours["paper"]) >= 4.5
    assert contrast(colours[name], colours["shade"]) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", LINES)
def test_lines_can_be_seen(colours: dict[str, str], name: str) -> None:
    """3 is what WCAG asks for: https://www.w3.org/TR/WCAG21/#non-text-contrast."""
    assert contrast(colours[name], colours["paper"]) >= 3


def test_lines_differ_without_their_colours() -> None:
    """Each is dashed in a way of its own, the first not at all."""
    dashes = re.findall(r"\.line-\d \{ [^}]*stroke-dasharray: ([\d ]+); \}", STYLE)

    assert len(set(dashes)) == 5


@pytest.fixture
def wide_report(make_report: MakeReport) -> Report:
    """A report with long names and numbers, and a trend of six metrics."""
    values = tuple(
        MetricValue(
            Metric(f"{number}{'W' * 78}", ("x",), "total"),
            "x",
            10**15,
            10**15 - 1,
            "ok",
            trend=(10**15,) * 8,
        )
        for number in range(6)
    )
    return replace(
        make_report(values, (TopEvent("M" * 80, 10**15, 1),), summary=("m" * 400,)),
        alerts=(Alert("x", "w" * 300, ("U024BE7LH",)),),
        company="C" * 80,
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1200])
def test_the_page_fits_the_window(
    chromium: Any,  # noqa: ANN401
    wide_report: Report,
    tmp_path: Path,
    scheme: str,
    width: int,
) -> None:
    """Nobody scrolls sideways, on a phone neither; names of the axis do not overlap."""
    path = tmp_path / "report.html"
    write_html(wide_report, path)
    page = chromium.new_page(
        viewport={"width": width, "height": 800}, color_scheme=scheme
    )

    page.goto(path.as_uri())

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    places = page.evaluate(
        "[...document.querySelectorAll('.names span')]"
        ".filter(name => getComputedStyle(name).visibility == 'visible')"
        ".map(name => { const words = document.createRange();"
        " words.selectNodeContents(name);"
        " const box = words.getBoundingClientRect(); return [box.left, box.right] })"
    )
    assert len(places) == (4 if width == 400 else 8)
    assert all(one[1] < other[0] for one, other in pairwise(places))
    page.close()
