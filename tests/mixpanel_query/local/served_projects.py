"""Projects that the command serves."""

from __future__ import annotations

from click.testing import CliRunner

from mixpanel_query.command.local import local

LINE = '{"event":"A","properties":{"time":1600000000,"distinct_id":"u1"}}\n'


def run(*arguments: str) -> tuple[int, str]:
    """Run a command that fails, and return its exit code and what it says."""
    result = CliRunner().invoke(local, ["serve", "--port", "0", *arguments])
    return result.exit_code, result.output
