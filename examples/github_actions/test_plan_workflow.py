"""The workflow of pull requests: each case is a branch of a real repository."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

IDENTITY = {
    f"GIT_{who}_{what}": "shop@example.com"
    for who in ("AUTHOR", "COMMITTER")
    for what in ("NAME", "EMAIL")
}
Change = Callable[[str, str, str], None]
Check = Callable[[], subprocess.CompletedProcess[str]]


def git(folder: Path, *arguments: str) -> None:
    """Run git, without what this machine has configured."""
    environ = {**os.environ, **IDENTITY, "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(  # noqa: S603 - git's own arguments
        ["git", *arguments],  # noqa: S607 - wherever git is
        cwd=folder,
        env=environ,
        check=True,
        capture_output=True,
    )


@pytest.fixture(autouse=True)
def base(repository: Path) -> None:
    """The branch main, as a runner has it from GitHub."""
    git(repository, "init", "-q", "-b", "main")
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "Start")
    git(repository, "update-ref", "refs/remotes/origin/main", "main")


@pytest.fixture
def change(repository: Path) -> Change:
    """Replaces a text in a file."""

    def replace(name: str, old: str, new: str) -> None:
        """Change ``old``, which has to be there, to ``new``."""
        path = repository / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new))

    return replace


@pytest.fixture
def check(
    run_steps: Callable[..., subprocess.CompletedProcess[str]],
) -> Check:
    """Runs the workflow on a pull request for main."""
    return lambda: run_steps("tracking-plan.yml", {"github": {"base_ref": "main"}})


def test_a_pull_request_that_leaves_the_plan_alone_passes(check: Check) -> None:
    """Nothing is to be said of it."""
    done = check()

    assert done.returncode == 0, done.stderr


def test_an_event_that_is_renamed_fails(
    change: Change, check: Check, tmp_path: Path
) -> None:
    """Reports would look for the old name; the summary says so."""
    change("shop/names.py", '"Order Completed"', '"Order Paid"')

    done = check()

    assert done.returncode == 1
    summary = (tmp_path / "summary.md").read_text("utf-8")
    assert "| yes | event `Order Completed` | removed" in summary


def test_a_property_that_is_added_passes(
    change: Change, check: Check, tmp_path: Path
) -> None:
    """It breaks nothing, and is told in the summary."""
    amount = '    amount = Property("Amount", type=float, description="In euros.")\n'
    coupon = '    coupon = Property("Coupon", type=str)\n'
    change("shop/names.py", amount, amount + coupon)
    carried = "ShopEventProperties.amount: amount"
    spring = 'ShopEventProperties.coupon: "SPRING"'
    change("shop/orders.py", carried, f"{carried}, {spring}")

    done = check()

    assert done.returncode == 0, done.stdout
    summary = (tmp_path / "summary.md").read_text("utf-8")
    assert "property `Coupon`" in summary


def test_a_name_that_breaks_the_advice_fails(change: Change, check: Check) -> None:
    """It is named, with what is wrong."""
    change("shop/names.py", '"Amount"', '"amount_in_euros"')

    done = check()

    assert done.returncode == 1
    assert "amount_in_euros" in done.stdout


def test_code_that_tracks_what_is_not_declared_fails(
    change: Change, check: Check
) -> None:
    """With file and line."""
    change("shop/orders.py", "ShopEvents.user_signed_up", '"Signed Up"')

    done = check()

    assert done.returncode == 1
    assert "shop/orders.py:17: 'Signed Up'" in done.stdout
