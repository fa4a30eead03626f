"""No command shows a secret, whoever quotes it back."""

from __future__ import annotations

import pytest

from .conftest import QUOTED, Surround, run_debugged
from .secrets_given import BOT_TOKEN, SECRET, WEBHOOK_PATH, found_secrets

WEEK = ("weekly", "--date", "2026-11-16")
DAYS = ("--from", "2026-11-09", "--to", "2026-11-15")
COMMANDS: dict[str, tuple[str, ...]] = {
    "help": ("--help",),
    "preview": ("preview", *WEEK),
    "preview json": ("preview", *WEEK, "--format", "json"),
    "preview html": ("preview", *WEEK, "--format", "html", "-o", "report.html"),
    "preview url": ("preview", *WEEK, "--format", "url"),
    "plan": ("plan", *WEEK),
    "plan json": ("plan", *WEEK, "--format", "json"),
    "send": ("send", *WEEK),
    "send forced": ("send", *WEEK, "--force"),
    "send dry": ("send", *WEEK, "--dry-run"),
    "send events": ("send", *DAYS, "--events", "Sign Up,Purchase"),
    "check": ("check",),
    "check json": ("check", "--format", "json"),
    "check post": ("check", "--post"),
    "init azure": ("init", "azure", "made"),
    "init github": ("init", "github", "made"),
    "init cron": ("init", "cron", "made"),
    "init report": ("init", "report", "made"),
}
# Those that ask or post.
TALKING = [name for name in COMMANDS if name.split()[0] in {"preview", "send", "check"}]
POSTING = ["send", "send forced", "send events", "check", "check post"]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_does_well_shows_no_secret(
    surround: Surround, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """Nothing it prints, logs, posts or writes has one in it."""
    around = surround()

    run_debugged(around, capsys, *COMMANDS[command])

    assert found_secrets(around.written()) == set()


@pytest.mark.parametrize("fault", ["cut", *QUOTED])
@pytest.mark.parametrize("command", [*TALKING, "init report"])
def test_a_mixpanel_that_quotes_credentials_makes_nobody_show_them(
    surround: Surround, capsys: pytest.CaptureFixture[str], command: str, fault: str
) -> None:
    """The notice of the failure has none in it either."""
    around = surround(mixpanel=fault)

    run_debugged(around, capsys, *COMMANDS[command])

    assert found_secrets(around.written()) == set()


@pytest.mark.parametrize("token", ["", BOT_TOKEN], ids=["webhook", "bot"])
@pytest.mark.parametrize("fault", ["404", "word", "500", "200", "token", "cut"])
@pytest.mark.parametrize("command", POSTING)
def test_a_slack_that_quotes_the_address_makes_nobody_show_it(
    surround: Surround,
    capsys: pytest.CaptureFixture[str],
    command: str,
    fault: str,
    token: str,
) -> None:
    """Nor the token."""
    around = surround(slack=fault, SLACK_BOT_TOKEN=token)

    run_debugged(around, capsys, *COMMANDS[command])

    assert found_secrets(around.written()) == set()


def test_a_redirected_address_is_not_shown(
    surround: Surround, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where Slack sends on to a host that is not there."""
    around = surround(slack="redirect")

    code = run_debugged(around, capsys, *COMMANDS["send"])

    assert code == 1
    assert found_secrets(around.written()) == set()


def test_a_bot_shows_no_token(
    surround: Surround, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its report is posted, and its token is in the head of the request alone."""
    around = surround(SLACK_BOT_TOKEN=BOT_TOKEN)

    code = run_debugged(around, capsys, *COMMANDS["send"])

    assert code in (0, 3)
    assert len(around.slack.requests) >= 1
    assert found_secrets(around.written()) == set()


@pytest.mark.parametrize("command", ["preview", "send", "check"])
def test_a_proxy_that_is_not_there_keeps_its_password(
    surround: Surround, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """Neither Mixpanel nor Slack can be reached without it."""
    around = surround(
        MIXPANEL_BASE_URL="https://mixpanel.example",
        SLACK_WEBHOOK_URL=f"https://hooks.example{WEBHOOK_PATH}",
    )

    code = run_debugged(around, capsys, *COMMANDS[command])

    assert code == 1
    assert found_secrets(around.written()) == set()


def test_the_scan_sees_what_is_written(
    surround: Surround, capsys: pytest.CaptureFixture[str]
) -> None:
    """A secret in a file of the run is found, so that nothing found means something."""
    around = surround()
    (around.folder / "notes.txt").write_text(f"MIXPANEL_SECRET={SECRET}")

    run_debugged(around, capsys, *COMMANDS["send"])

    assert found_secrets(around.written()) == {"secret"}
