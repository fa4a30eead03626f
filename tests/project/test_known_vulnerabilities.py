"""The audit of dependencies fails wherever it did not look."""

from email.message import Message
from importlib.metadata import Distribution
from pathlib import Path

import pytest
from releasing import known_vulnerabilities
from releasing.installed import pins
from releasing.known_vulnerabilities import Report, answers, findings, main

HOLE = {"id": "PYSEC-2018-28", "fix_versions": ["2.20.0"], "aliases": []}
CANARY: Report = [{"name": "requests", "version": "2.19.0", "vulns": [HOLE]}]
CLEAN: Report = [{"name": "httpx", "version": "0.28.1", "vulns": []}]
# What pip-audit 2.10 says, ending with 0, where its service knows no package.
BLIND: Report = [{"name": "requests", "skip_reason": "Dependency not found on PyPI"}]


@pytest.mark.parametrize(
    ("canary", "problem"),
    [
        (CANARY, None),
        (BLIND, "Dependency not found on PyPI"),
        ([{"name": "requests", "version": "2.19.0", "vulns": []}], "knows nothing of"),
        ([], "knows nothing of"),
        ("pip-audit ended with 1: no route", "no route"),
    ],
    ids=["sees", "skips", "sees nothing", "is empty", "is unreachable"],
)
def test_a_service_has_to_see_an_old_hole(
    canary: Report | str, problem: str | None
) -> None:
    """What it says about other packages counts for nothing otherwise."""
    found = answers(canary)

    assert found is None if problem is None else found is not None and problem in found


def test_a_package_that_was_skipped_is_a_finding() -> None:
    """So is one that the report leaves out; names are compared without case."""
    report: Report = [*CLEAN, {"name": "rich", "skip_reason": "not found"}]
    asked = ["HTTPX==0.28.1", "rich==14.0", "click==8.2"]

    assert findings(report, asked) == [
        "rich==14.0 was not looked at",
        "click==8.2 was not looked at",
    ]


def test_a_hole_is_told_with_the_release_that_mends_it() -> None:
    """One line each."""
    assert findings(CANARY, ["requests==2.19.0"]) == [
        "requests==2.19.0 has PYSEC-2018-28; fixed in 2.20.0"
    ]


def run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: dict[str, list[Report | str]]
) -> int:
    """Run the audit of httpx, with what each service says one after the other."""
    installed = tmp_path / "installed.txt"
    installed.write_text("httpx==0.28.1\n")
    monkeypatch.setattr(
        known_vulnerabilities, "ask", lambda service, _: said[service].pop(0)
    )
    return main(str(installed))


def test_the_second_service_is_asked_where_the_first_is_blind(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And the last line names it."""
    code = run(monkeypatch, tmp_path, {"pypi": [BLIND], "osv": [CANARY, CLEAN]})

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        "pypi cannot be asked: Dependency not found on PyPI",
        "CHECKED: 1 packages, no known vulnerability, by osv",
    ]


def test_where_no_service_sees_the_audit_fails(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing was checked, and that is no success."""
    code = run(monkeypatch, tmp_path, {"pypi": [BLIND], "osv": ["no route"]})

    assert code == 1
    assert capsys.readouterr().out.splitlines()[-1] == (
        "NOT CHECKED: 0 of 1 packages; no service answers from here"
    )


@pytest.mark.parametrize("second", [BLIND, [], "it broke off"])
def test_an_answer_that_breaks_off_after_the_canary_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, second: Report | str
) -> None:
    """The service saw the canary, but not our packages."""
    assert run(monkeypatch, tmp_path, {"pypi": [CANARY, second]}) == 1


def test_an_empty_list_is_not_a_clean_one(tmp_path: Path) -> None:
    """Something went wrong before."""
    (tmp_path / "installed.txt").touch()

    assert main(str(tmp_path / "installed.txt")) == 1


class Installed(Distribution):
    """A distribution of which only name and version are known."""

    def __init__(self, name: str, version: str) -> None:
        self.known = Message()
        self.known["Name"], self.known["Version"] = name, version

    @property
    def metadata(self) -> Message:  # type: ignore[override]
        """What is in its METADATA."""
        return self.known

    def read_text(self, filename: str) -> None:
        """No file is there."""

    def locate_file(self, path: object) -> Path:
        """No file is there."""
        raise FileNotFoundError(path)


def test_our_own_packages_and_installers_are_not_asked_about() -> None:
    """All the others are pinned, by the names that PyPI compares."""
    there = [
        Installed("mixpanel_schema", "0.1.0"),
        Installed("typing_extensions", "4.15.0"),
        Installed("pip", "26.0"),
        Installed("HTTPX", "0.28.1"),
    ]

    assert pins(there, {"mixpanel-schema"}) == [
        "httpx==0.28.1",
        "typing-extensions==4.15.0",
    ]
