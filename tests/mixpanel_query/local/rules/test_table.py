"""The table of rules is complete, and the code goes by it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import httpx

import mixpanel_query.local
from mixpanel_query.local.rules.basis import HEADER
from mixpanel_query.local.rules.rule import GRADES
from mixpanel_query.local.rules.table import RULES, TABLE

TESTS = Path(__file__).parents[1]
LOCAL = Path(mixpanel_query.local.__file__).parent
# How the runtime of scripts says that it used a rule.
NOTE = re.compile(r'note\("([a-z-]+)"\)')


def texts_of(path: Path) -> set[str]:
    """Return all texts that stand in a file of Python."""
    return {
        each.value
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }


def rules_called(path: Path) -> set[str]:
    """Return the ids that a file calls one of the functions with, as texts."""
    found: set[str] = set()
    for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(each, ast.Call) and name_of(each.func) == "rests_on":
            found |= {
                text.value
                for argument in each.args
                for text in ast.walk(argument)
                if isinstance(text, ast.Constant) and isinstance(text.value, str)
            }
    return found


def name_of(function: ast.expr) -> str:
    """Return the name of what is called."""
    return function.id if isinstance(function, ast.Name) else ""


def test_each_rule_has_a_name_of_its_own() -> None:
    """No rule hides another one, and each has a grade, and says what it rests on."""
    assert len(RULES) == len(TABLE)
    assert all(rule.behaviour and rule.source for rule in TABLE)
    assert {rule.grade for rule in TABLE} == set(GRADES)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.rule_id) for rule in TABLE)


def test_documented_rules_name_a_page() -> None:
    """Of Mixpanel or Customer.io, with its address."""
    mixpanel = ("https://developer.mixpanel.com/", "https://docs.mixpanel.com/")
    pages = (*mixpanel, "https://docs.customer.io/")
    documented = [rule for rule in TABLE if rule.grade == "documented"]

    assert documented
    assert [
        each.rule_id for each in documented if not each.source.startswith(pages)
    ] == []


def test_code_names_no_rule_that_there_is_not() -> None:
    """Nor does the runtime of scripts."""
    called = {rule for path in LOCAL.rglob("*.py") for rule in rules_called(path)}
    noted = {
        rule
        for path in LOCAL.rglob("*.js")
        for rule in NOTE.findall(path.read_text(encoding="utf-8"))
    }

    assert called
    assert (called | noted) - RULES.keys() == set()


def test_every_rule_that_is_not_documented_is_used() -> None:
    """What code never names would be an empty promise."""
    named: set[str] = set()
    for path in LOCAL.rglob("*.py"):
        if path.parent.name != "rules" or path.name == "basis.py":
            named |= texts_of(path)
    for path in LOCAL.rglob("*.js"):
        named |= set(NOTE.findall(path.read_text(encoding="utf-8")))
    graded = {rule.rule_id for rule in TABLE if rule.grade != "documented"}

    # There is no way to ask for it.
    assert graded - named == {"original-id-merge"}


def test_every_rule_that_is_not_documented_is_seen() -> None:
    """In the header of an answer, here or in the tests of what uses it."""
    texts = [path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py")]
    graded = {rule.rule_id for rule in TABLE if rule.grade in ("observed", "assumed")}

    seen = {each for each in graded if any(names(text, each) for text in texts)}
    assert graded - seen == set()


def names(text: str, rule_id: str) -> bool:
    """Tell whether a test names a rule, as a header does or in a text of its own."""
    is_headed = HEADER in text or "HEADER" in text
    return f"rule={rule_id}" in text or (is_headed and f'"{rule_id}"' in text)


def test_rules_can_be_read_over_http(shared_http: httpx.Client) -> None:
    """All of them, with grade, behaviour and source."""
    listed = shared_http.get("/local/rules").json()["rules"]

    assert [rule["rule_id"] for rule in listed] == [rule.rule_id for rule in TABLE]
    assert set(listed[0]) == {"rule_id", "grade", "behaviour", "source"}
