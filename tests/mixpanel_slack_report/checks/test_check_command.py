"""``mixpanel-slack-report check``, as its user types it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mixpanel_query.local import LocalProject
from mixpanel_slack_report.checks.findings import findings_text, mend
from mixpanel_slack_report.command import main
from mixpanel_slack_report.slack.stand_in import SlackStandIn


@pytest.fixture
def set_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackStandIn]:
    """Settings for a project with sample data, and a Slack."""
    monkeypatch.chdir(tmp_path)
    with LocalProject(credentials=("reports", "right-s3cret")) as project:
        project.load_sample()
        with SlackStandIn() as slack:
            for name, value in {
                "MIXPANEL_USERNAME": "reports",
                "MIXPANEL_SECRET": "right-s3cret",
                "MIXPANEL_PROJECT_ID": "12345",
                "MIXPANEL_BASE_URL": project.base_url,
                "SLACK_WEBHOOK_URL": slack.webhook_url,
                "REPORT_FILE": str(tmp_path / "report.toml"),
                "REPORT_LEDGER": str(tmp_path / "ledger.sqlite"),
            }.items():
                monkeypatch.setenv(name, value)
            (tmp_path / "report.toml").write_text(
                '[[metric]]\nname = "Signups"\nevent = "Sign Up"\nkind = "total"\n'
            )
            yield slack


def run(*arguments: str) -> int:
    """Run the command, and return its exit code."""
    with pytest.raises(SystemExit) as leaving:
        main(list(arguments))
    assert isinstance(leaving.value.code, int)
    return leaving.value.code


def test_all_is_well(set_up: SlackStandIn, capsys: pytest.CaptureFixture[str]) -> None:
    """Every line says ok or that nothing was to be looked at; nothing is posted."""
    code = run("check")

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert {line.split()[0] for line in lines} == {"ok", "skipped"}
    assert set_up.messages == []


def test_a_misspelt_setting_is_found(
    set_up: SlackStandIn, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without it the setting would be left out, and nobody would know."""
    (tmp_path / ".env").write_text("COMPANY_NAM=Acme\n")

    assert run("check") == 1
    assert "nearest is COMPANY_NAME: correct or remove it" in capsys.readouterr().out


def test_what_is_wrong_is_one_line_and_an_exit_code(
    set_up: SlackStandIn,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A wrong secret is named, and not shown."""
    monkeypatch.setenv("MIXPANEL_SECRET", "wr0ng-s3cret")

    code = run("check", "--format", "json")

    out = capsys.readouterr().out
    document = json.loads(out)
    wrong = [each for each in document["findings"] if each["state"] == "mend"]
    assert code == 1
    assert document["ok"] is False
    assert [each["subject"] for each in wrong] == ["credentials"]
    assert "wr0ng" not in out


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_terminal_has_its_lines_folded(width: int) -> None:
    """What is said stands under its beginning, and no word of it is missing."""
    line = "MIXPANEL_SECRET is not set; give the secret of that service account"

    shown = findings_text([mend("settings", line)], width=width).splitlines()

    assert max(map(len, shown)) <= width
    assert shown[0].startswith("mend     settings      MIXPANEL_SECRET")
    assert [row[:23].strip() for row in shown[1:]] == [""] * (len(shown) - 1)
    assert " ".join(row[23:] for row in shown).split() == line.split()


def test_a_pipe_has_a_line_for_each_finding(
    set_up: SlackStandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    """Programs read it; a long one is as long as it is."""
    run("check")

    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith(" ")] == []
    assert max(map(len, lines)) > 80


def test_a_first_set_up_without_anything(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Everything that has to be set is named at once."""
    monkeypatch.chdir(tmp_path)
    for name in ("MIXPANEL_USERNAME", "MIXPANEL_SECRET", "MIXPANEL_PROJECT_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("SLACK_WEBHOOK_URL", raising=False)

    code = run("check")

    out = capsys.readouterr().out
    assert code == 1
    for name in ("USERNAME", "SECRET", "PROJECT_ID", "WEBHOOK_URL"):
        assert f"_{name} is not set" in out
