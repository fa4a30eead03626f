"""The command mixpanel-schema, in this process and as its user starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("click", reason="the command needs the extra [cli]")

from mixpanel_schema.command import main
from mixpanel_schema.command.program import COMMANDS, run

Run = Callable[..., tuple[int, str, str]]

PLAN = '''\
"""A small plan."""

from mixpanel_schema import Event, Events, EventProperties, Property, TrackingPlan

print("this is no output")


class ShopEvents(Events):
    order_completed = Event(
        "Order Completed",
        properties=(Property("Amount", type=float),),
        description="An order was paid.",
        renamed_from=("Order Paid",),
    )


class ShopProperties(EventProperties):
    coupon = Property("Coupon", type=str)


class Holder:
    plan = TrackingPlan(events=ShopEvents, event_properties=ShopProperties)


plan = Holder.plan
not_a_plan = 5


def make():
    return plan


def make_nothing():
    return None


def fail():
    raise RuntimeError("no database\\nhere")
'''
OTHERS = {
    "shop_typo.py": "import shop_nowhere\n",
    "shop_syntax.py": "def broken(:\n",
    "shop_exit.py": "raise SystemExit('give me settings')\n",
    "shop_interrupted.py": "raise KeyboardInterrupt\n",
    "shop_bad_names.py": (
        "from mixpanel_schema import Event, TrackingPlan\n"
        "from mixpanel_schema.catalogues import Catalogue\n"
        "class E(Catalogue):\n"
        "    bad = Event('order completed')\n"
        "plan = TrackingPlan(events=E)\n"
    ),
    "shop_tracks.py": (
        "from shop_plan import ShopEvents, ShopProperties\n"
        "def view(request):\n"
        "    request.mixpanel.track(ShopEvents.order_completed)\n"
    ),
    "old.json": json.dumps(
        {
            "entries": [
                {"entityType": "event", "name": name, "schemaJson": schema}
                for name, schema in (
                    ("Order Paid", {"properties": {"Amount": {"type": "string"}}}),
                    ("Shop Closed", {}),
                )
            ]
        }
    ),
    "list.json": "[]",
    "broken.json": "{",
    "other.json": '{"events": []}',
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Work in a folder with a plan and other modules."""
    (tmp_path / "shop_plan.py").write_text(PLAN)
    for name, text in OTHERS.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("shop_")]:
        del sys.modules[name]


@pytest.fixture
def command(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command in the folder; gives exit code, output and talk."""

    def run_it(*arguments: str) -> tuple[int, str, str]:
        code = run(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run_it


def test_help_lists_the_commands_with_examples(command: Run) -> None:
    """The first thing that is typed says what to type next."""
    code, out, _ = command("--help")

    assert code == 0
    assert "mixpanel-schema diff released.json shop.tracking:plan" in out
    assert [line.split()[0] for line in out.split("Commands:\n")[1].splitlines()] == [
        "lint",
        "export",
        "generate",
        "diff",
        "usage",
    ]


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_help_with_examples(command: Run, name: str) -> None:
    """Every command is explained by what one types."""
    code, out, _ = command(name, "--help")

    assert code == 0
    assert "Examples:\n    mixpanel-schema " + name in out


def test_the_help_of_all_commands_loads_none_of_them(folder: Path) -> None:
    """What is not used costs nothing, and the tools are not imported."""
    code = (
        "import sys; from mixpanel_schema.command.program import run; run(['--help']);"
        "loaded = {n for n in sys.modules if n.startswith('mixpanel_schema.')};"
        "sys.exit(str(loaded & {'mixpanel_schema.command.lint',"
        "'mixpanel_schema.lexicon', 'mixpanel_schema.naming'} or '{}'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert done.stderr.strip() == "{}"


@pytest.mark.parametrize(
    ("shape", "start"),
    [
        ("lexicon", '{\n  "entries": ['),
        ("json-schema", '{\n  "$schema": '),
        ("markdown", "# Tracking plan\n"),
        ("csv", "kind,event,"),
        ("typescript", "// Made by mixpanel-schema"),
    ],
)
def test_export_writes_every_format(command: Run, shape: str, start: str) -> None:
    """The document is the output; what the app prints is not in it."""
    code, out, err = command("export", "shop_plan:plan", "--format", shape)

    assert code == 0
    assert out.startswith(start)
    assert out.endswith("\n")
    assert not out.endswith("\n\n")
    assert err == "this is no output\n"


def test_export_writes_a_file(command: Run, folder: Path) -> None:
    """The output is free, and what was done is said aside."""
    code, out, err = command(
        "export", "shop_plan:plan", "--format", "csv", "-o", "plan.csv"
    )

    assert (code, out) == (0, "")
    assert err.endswith("plan.csv written\n")
    assert (folder / "plan.csv").read_text().startswith("kind,event,")


def test_a_file_that_cannot_be_written_is_an_error(command: Run) -> None:
    """It is no finding either."""
    code, _, err = command(
        "export", "shop_plan:plan", "--format", "csv", "-o", "no/where.csv"
    )

    assert code == 2
    assert err.endswith(
        "Error: no/where.csv cannot be written: No such file or directory\n"
    )


@pytest.mark.parametrize("name", ["plan", "make", "Holder.plan"])
def test_a_plan_is_an_attribute_or_made_by_a_function(command: Run, name: str) -> None:
    """Apps that build their plan late are served too."""
    code, out, _ = command("export", f"shop_plan:{name}", "--format", "csv")

    assert code == 0
    assert "Order Completed" in out


def test_a_lexicon_document_is_a_plan_too(command: Run) -> None:
    """What Mixpanel holds can be made a page without any code."""
    code, out, _ = command("export", "old.json", "--format", "markdown")

    assert code == 0
    assert "### Shop Closed" in out


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (
            "shop_plan",
            "'shop_plan' names no plan; write module:attribute, such as "
            "shop.tracking:plan, or a Lexicon document that ends in .json",
        ),
        ("shop_plann:plan", "there is no module 'shop_plann', here or installed"),
        ("shop_plan.x:plan", "there is no module 'shop_plan.x', here or installed"),
        ("shop_plan:plam", "shop_plan has no 'plam'; nearest is 'plan'"),
        (
            "shop_plan:not_a_plan",
            "shop_plan:not_a_plan is a int, not a tracking plan; name a TrackingPlan, "
            "or a function without arguments that makes one",
        ),
        (
            "shop_plan:make_nothing",
            "shop_plan:make_nothing is a NoneType, not a tracking plan; name a "
            "TrackingPlan, or a function without arguments that makes one",
        ),
        (
            "shop_plan:fail",
            "shop_plan:fail cannot be loaded: RuntimeError: no database here "
            "({folder}/shop_plan.py:38)",
        ),
        (
            "shop_typo:plan",
            "shop_typo:plan cannot be loaded: ModuleNotFoundError: No module named "
            "'shop_nowhere' ({folder}/shop_typo.py:1)",
        ),
        (
            "shop_syntax:plan",
            "shop_syntax:plan cannot be loaded: SyntaxError: invalid syntax "
            "(shop_syntax.py, line 1)",
        ),
        (
            "shop_exit:plan",
            "shop_exit:plan cannot be loaded: SystemExit: give me settings "
            "({folder}/shop_exit.py:1)",
        ),
        ("missing.json", "missing.json cannot be read: No such file or directory"),
        ("list.json", "list.json holds a list; give a Lexicon document"),
        (
            "broken.json",
            "broken.json is not JSON: Expecting property name enclosed in double "
            "quotes: line 1 column 2 (char 1)",
        ),
        (
            "other.json",
            "other.json: a Lexicon document has entries, or results, which are a list; "
            "this has 'events': give what Lexicon answers to a list request",
        ),
    ],
)
def test_a_plan_that_cannot_be_had_is_an_error_of_one_line(
    command: Run, folder: Path, plan: str, message: str
) -> None:
    """What is wrong, where, and what to do; no traceback, no finding."""
    code, out, err = command("lint", plan)

    lines = [line for line in err.splitlines() if line != "this is no output"]
    assert (code, out) == (2, "")
    assert lines == [f"Error: {message.format(folder=folder)}"]


def test_generate_writes_a_module(command: Run) -> None:
    """The module declares what the document describes."""
    code, out, _ = command("generate", "old.json")

    assert code == 0
    assert 'class OrderPaid(TypedEvent, event_name="Order Paid"):' in out


def test_generate_refuses_another_document(command: Run) -> None:
    """In one line."""
    code, out, err = command("generate", "other.json")

    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1


def test_lint_finds_nothing_in_good_names(command: Run) -> None:
    """Nothing is printed but a word aside."""
    code, out, err = command("lint", "shop_plan:plan")

    assert (code, out) == (0, "")
    assert err.endswith("no findings\n")


def test_lint_names_what_it_finds(command: Run) -> None:
    """A line a finding, and an exit code for CI."""
    code, out, err = command("lint", "shop_bad_names:plan")

    assert code == 1
    assert out.startswith("event 'order completed'")
    assert err == "1 finding\n"


def test_lint_gives_findings_to_programs(command: Run) -> None:
    """JSON on the output, also where there is none."""
    code, out, _ = command("lint", "shop_bad_names:plan", "--format", "json")
    assert code == 1
    assert json.loads(out)[0]["name"] == "order completed"

    code, out, _ = command("lint", "shop_plan:plan", "--format", "json")
    assert (code, json.loads(out)) == (0, [])


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], 0),
        (["--fail-on", "breaking"], 1),
        (["--fail-on", "any"], 1),
    ],
)
def test_diff_fails_where_it_was_told_to(
    command: Run, options: list[str], expected: int
) -> None:
    """A released document is compared with the code."""
    code, out, _ = command("diff", "old.json", "shop_plan:plan", *options)

    assert code == expected
    assert "Order Completed" in out
    assert "Shop Closed" in out


def test_diff_compares_only_what_lexicon_holds_with_a_document(
    command: Run, folder: Path
) -> None:
    """An exported plan equals the plan that it was exported from."""
    command("export", "shop_plan:plan", "--format", "lexicon", "-o", "now.json")
    code, out, _ = command(
        "diff", "now.json", "shop_plan:plan", "--format", "json", "--fail-on", "any"
    )

    assert (code, json.loads(out)) == (0, {"breaking": False, "changes": []})


def test_diff_of_two_plans_in_code_is_markdown_for_a_pull_request(command: Run) -> None:
    """Both may be named as attributes."""
    code, out, _ = command(
        "diff", "shop_bad_names:plan", "shop_plan:plan", "--format", "markdown"
    )

    assert code == 0
    assert "order completed" in out


def test_usage_finds_what_is_never_set(command: Run) -> None:
    """The catalogues are found in the plan's module, outside the paths."""
    code, out, _ = command(
        "usage", "shop_plan:plan", "shop_tracks.py", "--format", "json"
    )

    kinds = {finding["kind"] for finding in json.loads(out)["findings"]}
    assert code == 1
    assert "never-set" in kinds
    assert "undeclared-event" not in kinds


@pytest.mark.parametrize(
    ("fail_on", "expected"),
    [("any", 1), ("never-set", 1), ("undeclared-event", 0), ("none", 0)],
)
def test_usage_fails_where_it_was_told_to(
    command: Run, fail_on: str, expected: int
) -> None:
    """CI decides which findings stop it."""
    code, out, _ = command(
        "usage", "shop_plan:plan", "shop_tracks.py", "--fail-on", fail_on
    )

    assert code == expected
    assert "Coupon" in out


def test_usage_prints_markdown(command: Run) -> None:
    """For a comment on a pull request."""
    code, out, _ = command(
        "usage", "shop_plan:plan", "shop_tracks.py", "--format", "markdown"
    )

    assert code == 1
    assert "Coupon" in out


def test_a_path_that_does_not_exist_is_an_error(command: Run) -> None:
    """It is named, in one line."""
    code, out, err = command("usage", "shop_plan:plan", "nowhere")

    assert (code, out) == (2, "")
    assert "nowhere" in err.splitlines()[-1]


def test_a_wrong_option_is_a_usage_error(command: Run) -> None:
    """The exit code tells it from findings."""
    code, _, err = command("export", "shop_plan:plan", "--format", "pdf")

    assert code == 2
    assert "'pdf' is not one of" in err


def test_the_script_runs_in_the_current_folder(folder: Path) -> None:
    """As its user starts it: modules of the folder are found, output is clean."""
    script = Path(sys.executable).with_name("mixpanel-schema")
    done = subprocess.run(
        [script, "export", "shop_plan:plan", "--format", "csv"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    )

    assert (done.returncode, done.stderr) == (0, "this is no output\n")
    assert "event,Order Completed,An order was paid.,Amount,number,no,no,\n" in (
        done.stdout
    )


def test_a_reader_that_leaves_is_no_error_with_a_traceback(folder: Path) -> None:
    """``| head -1`` ends the command quietly."""
    script = Path(sys.executable).with_name("mixpanel-schema")
    with subprocess.Popen(
        [script, "export", "shop_plan:plan", "--format", "json-schema"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read().decode()

    assert said == "this is no output\n"


def test_without_click_the_command_says_what_to_install(folder: Path) -> None:
    """The script is there in any installation."""
    code = "import sys; sys.modules['click'] = None; import mixpanel_schema.command"
    done = subprocess.run(
        [sys.executable, "-c", f"{code} as c; c.main()"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == (
        "Error: the command mixpanel-schema needs click; "
        "pip install 'mixpanel-schema[cli]'\n"
    )


def test_an_interrupt_ends_the_command_quietly(command: Run) -> None:
    """Ctrl-C has its own exit code, and no traceback."""
    code, out, err = command("lint", "shop_interrupted:plan")

    assert (code, out) == (130, "")
    assert "Traceback" not in err


def test_main_names_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In this process too."""
    monkeypatch.setitem(sys.modules, "click", None)
    monkeypatch.delitem(sys.modules, "mixpanel_schema.command.program")

    with pytest.raises(SystemExit, match="mixpanel-schema\\[cli\\]"):
        main()


def test_main_leaves_with_the_exit_code(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shells and CI see it."""
    monkeypatch.setattr(sys, "argv", ["mixpanel-schema", "lint", "shop_bad_names:plan"])

    with pytest.raises(SystemExit) as left:
        main()

    assert left.value.code == 1


def test_the_module_runs_as_the_command(folder: Path) -> None:
    """``python -m`` serves where scripts are not on the path."""
    done = subprocess.run(
        [sys.executable, "-m", "mixpanel_schema", "lint", "shop_bad_names:plan"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert "try" in done.stdout


def test_the_help_of_diff_says_that_changes_alone_are_no_failure(command: Run) -> None:
    """Who puts it into a build must know."""
    _, out, _ = command("diff", "--help")

    assert "the exit code is 0 whatever changed" in " ".join(out.split())
