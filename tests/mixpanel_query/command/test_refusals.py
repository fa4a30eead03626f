"""What mixpanel-query says when it cannot answer."""

from __future__ import annotations

import pytest

from mixpanel_query.command.program import run

from .typed_commands import WEEK, Make


@pytest.mark.parametrize(
    ("status", "said"),
    [("401 Unauthorized", "check username"), ("500 Oops", "try again later")],
)
def test_refusals_are_one_line(
    answering: Make, status: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A refusal is one line on stderr, without the secret, and exit code 1."""
    answering(b"hunter2-hunter2 is wrong", status=status)

    assert run(["event-names"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("Error: 127.0.0.1:")
    assert said in err
    assert "hunter2" not in err


def test_missing_settings(
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Missing credentials are named together, and are no mistake in typing."""
    for name in environment:
        monkeypatch.setenv(name, "")

    assert run(["event-names"]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert all(name in err for name in environment)


def test_options_stand_in_for_the_environment(
    scripted: Make, reply: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everything about the connection can be typed."""
    server = scripted(reply(b'["a"]'))
    typed = ["--username", "u", "--secret", "s", "--project-id", "7", "--region", "eu"]

    assert run([*typed, "--base-url", server.base_url, "event-names"]) == 0
    assert capsys.readouterr().out == "event\na\n"
    assert "project_id=7" in server.requests[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["events", *WEEK], "Missing argument"),
        (["events", "A", "--from", "2026-11-09"], "--from given; give --from and --to"),
        (["events", "A", "--from", "x", "--to", "y"], "write it as YYYY-MM-DD"),
        (["events", "A", "--from", "2026-02-30", "--to", "1d"], "not in the calendar"),
        (["events", "A", "--from", "2026-11-15", "--to", "2026-11-09"], "swap the two"),
        (["events", "A", *WEEK, "--type", "unique", "--unit", "hour"], "by the hour"),
        (["segmentation", "A", *WEEK, "--limit", "5"], "give --on, or leave --limit"),
        (["--timezone", "Mars", "event-names"], "timezone 'Mars' is unknown"),
        (["event-names", "--limit", "0"], "use 1 to 5000"),
        (["event-names", "--format", "xml"], "'xml' is not one of"),
        (["nonsense"], "No such command 'nonsense'"),
    ],
)
def test_what_was_typed_wrong(
    arguments: list[str],
    said: str,
    environment: object,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A mistake in what was typed has exit code 2, and nothing is sent."""
    assert run(arguments) == 2
    assert said in capsys.readouterr().err


@pytest.mark.filterwarnings("default:base_url")
def test_warning_is_one_line(
    environment: object, capsys: pytest.CaptureFixture[str]
) -> None:
    """A warning shows neither file nor line of our code."""
    assert run(["--base-url", "http://mixpanel.invalid", "event-names"]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("Warning: base_url http://mixpanel.invalid sends the cred")
    assert second.startswith("Error: mixpanel.invalid did not answer")
