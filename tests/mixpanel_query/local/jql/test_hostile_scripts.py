"""Scripts that mean harm get an error, reach nothing, and the server lives on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from typing import Any, TypeAlias

import httpx
import pytest

from mixpanel_query.local.engine.store import Engine
from mixpanel_query.local.exceptions import RequestRefusedError
from mixpanel_query.local.javascript.limits import ScriptLimits
from mixpanel_query.local.javascript.script_run import bare_environment
from mixpanel_query.local.jql.question import JqlQuestion, answer_jql
from mixpanel_query.local.settings import project_settings

Post: TypeAlias = Callable[..., httpx.Response]
Run: TypeAlias = Callable[..., list[Any]]

EVENTS = "Events({from_date: '2026-11-09', to_date: '2026-11-17'})"


# A tenth of what scripts may use, so that the tests need not wait for long.
LITTLE = ScriptLimits(
    memory_bytes=48 << 20, step_seconds=0.3, run_seconds=90, output_bytes=100_000
)


def lives(run: Run) -> bool:
    """Tell whether the project still answers rightly."""
    return run(".reduce(mixpanel.reducer.count())") == [7]


def processor_seconds() -> float:
    """Return what the scripts that have ended took of the processors, where known."""
    used = os.times()
    return used.children_user + used.children_system


@pytest.fixture
def refusal(engine: Engine, add_rows: Callable[..., None]) -> Callable[[str], str]:
    """Give the function that runs a script with little, and returns why it failed."""
    add_rows(*(f"A u{number} 2026-11-09T08:00" for number in range(5000)))
    settings = project_settings(
        timezone="UTC",
        week_start="monday",
        clock=lambda: datetime(2026, 11, 22, tzinfo=timezone.utc),
    )

    def run_script(script: str, limits: ScriptLimits = LITTLE) -> str:
        question = JqlQuestion(script, limits=limits)
        with pytest.raises(RequestRefusedError) as caught:
            list(answer_jql(engine, question, settings))
        assert caught.value.status == 412
        return caught.value.message

    return run_script


@pytest.mark.parametrize(
    "script",
    [
        "while (true) {}",
        "function main() { for (;;) { try { for (;;); } catch (e) {} } }",
        f"function main() {{ return {EVENTS}.map(e => {{ while (true); }}); }}",
        f"function main() {{ return {EVENTS}.sortAsc(e => {{ while (true); }}); }}",
        f"function main() {{ return {EVENTS}.reduce((a, b) => {{ while (true); }}); }}",
        "function main() { return /(a+)+$/.test('a'.repeat(50) + 'b'); }",
    ],
    ids=["top level", "catch", "map", "sort", "reduce", "expression"],
)
def test_endless_script_is_ended(refusal: Callable[[str], str], script: str) -> None:
    """There is a limit to the processor time that a batch of rows may take."""
    assert refusal(script) == (
        "the script took more than 0.3 seconds over one batch of rows; "
        "look for a loop without an end"
    )


def test_slow_operation_of_the_engine_is_ended(refusal: Callable[[str], str]) -> None:
    """Within one operation the engine minds no time; the system does, soon after."""
    search = "'x'.repeat(1e7).indexOf('x'.repeat(5e6) + 'y')"
    before = processor_seconds()

    assert "more than 0.3 seconds over one batch" in refusal(search)
    assert processor_seconds() - before < 1


def test_script_may_not_run_for_ever(refusal: Callable[..., str]) -> None:
    """Nor may it, when each of its steps is short."""
    script = f"function main() {{ return {EVENTS}; }}"
    limits = ScriptLimits(run_seconds=0.001)

    assert refusal(script, limits) == (
        "the script took more than 0.001 seconds; "
        "ask for fewer days, or for events by their names"
    )


@pytest.mark.parametrize(
    "script",
    [
        "let a = []; while (true) a.push('x'.repeat(100000) + a.length);",
        "let a = [1]; while (true) a = a.concat(a);",
        "new Array(200000000).fill(1.5);",
        f"function main() {{ const a = []; return {EVENTS}.map(e => "
        "{ while (true) a.push({e, x: 'y'.repeat(9999) + a.length}); }); }",
    ],
    ids=["texts", "lists", "one list", "map"],
)
def test_memory_is_limited(refusal: Callable[[str], str], script: str) -> None:
    """A script that wants more than its share of memory fails."""
    assert refusal(script) == (
        "the script needs more than 48 MiB of memory; keep less of each item, "
        "or ask for fewer days"
    )


@pytest.mark.parametrize(
    "script",
    [
        "new ArrayBuffer(2000000000);",
        "let s = 'xy'; const all = []; while (true) { s += s; all.push(s + 1); }",
    ],
)
def test_huge_values_are_refused(refusal: Callable[[str], str], script: str) -> None:
    """The engine has limits of its own, too."""
    assert refusal(script)


def test_size_of_the_answer_is_limited(refusal: Callable[[str], str]) -> None:
    """Ten times as much as may be is refused, before any of it is sent."""
    script = f"function main() {{ return {EVENTS}.map(e => 'x'.repeat(200)); }}"

    assert refusal(script) == (
        "the answer is larger than 100,000 bytes; reduce it, or ask for fewer days"
    )


def test_endless_script_over_the_network(post: Post, run: Run) -> None:
    """The error comes so soon that five on two processors have theirs in 5 seconds."""
    before = processor_seconds()
    answer = post("while (true) {}")

    assert processor_seconds() - before < 2
    assert answer.status_code == 412
    assert "more than 1.5 seconds over one batch" in answer.json()["error"]
    assert lives(run)


def test_memory_bomb_over_the_network(post: Post, run: Run) -> None:
    """The answer is an error, and the server lives on."""
    answer = post("let a = []; while (true) a.push(new Uint8Array(1000000));")

    assert answer.status_code == 412
    assert "more than 512 MiB of memory" in answer.json()["error"]
    assert lives(run)


@pytest.mark.parametrize(
    "script",
    [
        "const f = () => f(); f();",
        "const deep = n => n ? [deep(n - 1)] : []; JSON.stringify(deep(1e6));",
        f"function main() {{ return {EVENTS}.map(e => JSON.parse('['.repeat(1e6))); }}",
        "eval('('.repeat(1e6));",
        f"function main() {{ return {EVENTS}.map(e => {{ e.e = e; return e; }}); }}",
        f"function main() {{ return {EVENTS}.map(e => 1n); }}",
        f"function main() {{ return {EVENTS}.map(e => {{ throw null; }}); }}",
        f"function main() {{ return {EVENTS}.map(e => {{ throw {{a: 1}}; }}); }}",
        f"function main() {{ return {EVENTS}.map(e => Symbol() + ''); }}",
        "function main() { throw new Error('x'.repeat(1000000)); }",
        "async function main() {}",
        "function main() { return new Proxy({}, {get() { throw 1; }}); }",
        "main = 3;",
        "\0",
        "function main( {",
        "import('fs');",
        "import fs from 'fs';",
        "throw 'x'.repeat(100000000);",
        "function main() { return Events({a: 'x'.repeat(2000000)}); }",
        "function main() { let x = {}; for (let n = 0; n < 3000; n++) x = {x}; "
        "return Events({x}); }",
        # No deeper than any Python reads.
        "function main() { let x = {}; for (let n = 0; n < 200; n++) x = {x}; "
        "return Events({x}); }",
    ],
)
def test_failing_script_is_refused(post: Post, run: Run, script: str) -> None:
    """Whatever is thrown is an error of the script, and of a reasonable length."""
    answer = post(script)

    assert answer.status_code == 412
    assert 0 < len(answer.json()["error"]) < 700
    assert lives(run)


NOTHING_ELSE = """
function main() {
  const known = ["Events", "People", "join", "mixpanel", "params", "_", "main"];
  const names = ["require", "process", "fetch", "XMLHttpRequest", "WebSocket", "std",
    "os", "bjson", "print", "console", "load", "loadFile", "scriptArgs", "Deno", "Bun",
    "setTimeout", "setInterval", "WebAssembly", "Worker", "Atomics",
    "SharedArrayBuffer", "global", "window", "self"];
  return EVENTS.map(e => names.filter(name => name in globalThis));
}
""".replace("EVENTS", EVENTS)


def test_script_finds_nothing_of_the_machine(run: Run) -> None:
    """There are no files, no network, no processes, no timers and no shared memory."""
    assert run(NOTHING_ELSE)[0] == []


def test_script_cannot_import_modules_of_the_engine(post: Post) -> None:
    """Those that the engine could have for files and the system are not there."""
    script = f"""
    function main() {{
      return {EVENTS}.map(e => Function("return this")().constructor.constructor(
        "return typeof std + typeof os + typeof require")());
    }}
    """

    assert post(script).json()[0] == "undefinedundefinedundefined"


def test_process_has_none_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process of a script could tell holds no secret of ours."""
    monkeypatch.setenv("MIXPANEL_SECRET", "hunter2-hunter2")

    assert "hunter2-hunter2" not in str(bare_environment())


@pytest.mark.parametrize(
    "spoiled",
    [
        "JSON.stringify = () => 'not json';",
        "JSON.parse = () => null;",
        "Array.prototype.map = Array.prototype.push = () => { throw 1; };",
        "Array.prototype[Symbol.iterator] = null;",
        "Map.prototype.get = Map.prototype.set = () => 1;",
        "Object.prototype.toJSON = () => undefined;",
        "Object.defineProperty(Object.prototype, 'key', {set() { throw 1; }});",
        "String.prototype.split = () => ['[[],[],[]]'];",
        "mixpanel.reducer = null; Events = null; delete globalThis.People;",
        "Object.freeze(globalThis); Object.freeze(Array.prototype);",
        "Generator = Object.getPrototypeOf(function* () {}).prototype; "
        "Generator.next = () => ({done: false, value: [1]});",
    ],
)
def test_script_that_spoils_the_language_harms_itself_alone(
    post: Post, run: Run, spoiled: str
) -> None:
    """Its answer is JSON or an error, and the next script finds all as it was."""
    answer = post(
        f"const all = {EVENTS}.groupBy(['name'], mixpanel.reducer.count());\n"
        f"{spoiled}\nfunction main() {{ return all; }}"
    )

    assert answer.status_code in (200, 412)
    json.loads(answer.text)
    assert lives(run)


def test_scripts_do_not_see_each_other(run: Run) -> None:
    """What one leaves behind is gone for the next."""
    leaving = f"globalThis.left = 1; function main() {{ return {EVENTS}; }}"
    run(leaving)

    assert run(".map(e => typeof left)")[0] == "undefined"


def test_scripts_run_at_once(post: Post) -> None:
    """Many at a time get each its own answer, the failing ones their error."""

    def ask(number: int) -> object:
        if number % 4 == 3:
            return post(f"throw new Error('number {number}')").status_code
        days = "{from_date: '2026-11-09', to_date: '2026-11-17'}"
        script = f"function main() {{ return Events({days}).map(e => params.number); }}"
        return post(script, number=number).json()

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(ask, range(32)))

    assert found == [412 if n % 4 == 3 else [n] * 7 for n in range(32)]


def test_other_questions_are_answered_meanwhile(post: Post, run: Run) -> None:
    """An endless script does not keep the next one waiting."""
    with ThreadPoolExecutor(1) as pool:
        endless = pool.submit(post, "while (true) {}")
        assert lives(run)
        assert not endless.done()


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({}, "script is missing"),
        ({"script": ""}, "script is missing"),
        ({"script": "x", "params": "[1]"}, "params are no JSON object"),
        ({"script": "x", "params": "{"}, "params are no JSON object"),
        ({"script": "x", "params": '{"a": NaN}'}, "params are no JSON object"),
        ({"script": "x", "params": '{"a":' * 100_000}, "params are no JSON object"),
        ({"script": "x", "format": "xml"}, "format 'xml' is not one of json, csv"),
    ],
)
def test_wrong_form_is_400(
    shared_http: httpx.Client, form: dict[str, str], problem: str
) -> None:
    """What cannot be run is refused before anything runs."""
    answer = shared_http.post("/api/query/jql", data=form)

    assert answer.status_code == 400
    assert problem in answer.json()["error"]


def test_csv_is_not_answered(shared_http: httpx.Client) -> None:
    """Other clients ask for it; the local project says that it cannot."""
    form = {"script": "function main() {}", "format": "csv"}

    assert shared_http.post("/api/query/jql", data=form).status_code == 501
