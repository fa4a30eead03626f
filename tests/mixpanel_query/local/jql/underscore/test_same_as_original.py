"""What ``_`` gives is what Underscore gives, for generated values."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

Evaluate: TypeAlias = Callable[[str], Any]
Source: TypeAlias = st.SearchStrategy[str]


def one_of(*texts: str) -> Source:
    """Choose one of some expressions."""
    return st.sampled_from(texts)


def lists_of(element: Source, most: int = 6) -> Source:
    """Write a list."""
    return st.lists(element, max_size=most).map(lambda all: f"[{', '.join(all)}]")


def objects_of(value: Source, names: Source) -> Source:
    """Write an object."""
    return st.dictionaries(names, value, max_size=4).map(
        lambda all: f"{{{', '.join(f'{name}: {each}' for name, each in all.items())}}}"
    )


NAME = one_of("a", "b", "c", "length", "1", "'b c'")
WORD = st.text("ab<&'é😀", max_size=3).map(json.dumps)
NUMBER = one_of("0", "1", "2", "3", "-1", "1.5", "10")
ODD = one_of("undefined", "null", "NaN", "-0", "Infinity", "true", "false", "'1'", "''")
SCALAR = NUMBER | WORD | ODD
VALUE = st.recursive(
    SCALAR,
    lambda inner: lists_of(inner, 4) | objects_of(inner, one_of("a", "b", "'b c'")),
    max_leaves=8,
)
PLAIN = objects_of(VALUE, one_of("a", "b", "c", "'b c'", "1"))
# A length that is a small number makes a list of an object.
LENGTHY = objects_of(one_of("0", "1", "2", "-1"), NAME)
LIST = lists_of(VALUE) | lists_of(SCALAR)
RECORDS = lists_of(objects_of(NUMBER, one_of("a", "b")))
SOMETHING = LIST | RECORDS | PLAIN | LENGTHY | WORD
COLLECTION = SOMETHING | one_of("null", "undefined", "5")
SEQUENCE = LIST | RECORDS | WORD | one_of("null", "undefined")
LISTS = lists_of(lists_of(SCALAR))
PATH = one_of("'a'", "'b'", "['a']", "['a', 'b']", "[]", "0", "'length'", "'b c'")
WANTED = objects_of(NUMBER, one_of("a", "b"))
FUNCTION = one_of(
    "(value) => value",
    "(value, key) => key",
    "(value, key) => key + ':' + typeof value",
    "(value, key, all) => all.length",
    "(value) => value > 1",
    "(value) => !value",
)
ITERATEE = FUNCTION | PATH | WANTED | one_of("undefined", "null")
BOUND = one_of("function (value) { return this.a === value; }, {a: 1}")
FOLD = one_of(
    "(sum, value, key) => sum + '/' + key",
    "(sum, value) => sum + value",
    "(sum, value) => sum + value, 0",
    "(sum, value) => [sum, value], undefined",
    "function (sum, value) { return sum + this.a + value; }, '', {a: 1}",
)
# Objects of the language, some of which are equal.
SPECIAL = one_of(
    *(
        "new String('a')",
        "'a'",
        "new String('b')",
        "new Number(1)",
        "1",
        "new Number(NaN)",
    ),
    *("new Boolean(true)", "true", "new Date(0)", "new Date(1)", "new Date(NaN)"),
    *("/a/g", "/a/i", "new Error('a')", "(function () { return arguments; })(1)"),
    *(
        "new Map([[1, 2]])",
        "new Map()",
        "new Set([1])",
        "new Set([2])",
        "new WeakMap()",
    ),
    *("new WeakSet()", "Symbol.iterator", "Object(Symbol.iterator)", "Math.max"),
    *("new Uint8Array([1, 2])", "new Uint8Array([1, 3])", "new Float64Array([1])"),
    *("new ArrayBuffer(1)", "new ArrayBuffer(2)", "new DataView(new ArrayBuffer(1))"),
    *(
        "Object.create(null)",
        "{}",
        "Object.create({a: 1})",
        "[undefined]",
        "new Array(1)",
    ),
    *("{a: undefined}", "{constructor: 1}", "new (class A { a = 1; })()", "{a: 1}"),
    *("_([1])", "[1]"),
)
CYCLE = one_of("(a => (a.push(a), a))([])", "(a => (a.b = {a}, a))({})")
TWINS = VALUE.map(lambda value: f"{value}, {value}")
PAIR = TWINS | st.tuples(VALUE | SPECIAL | CYCLE, SPECIAL | CYCLE).map(", ".join)
COUNT = one_of("undefined", "0", "1", "2", "3", "7", "-1", "-2")
BOTH = one_of("true", "false", "undefined", "0", "1", "2", "-1")
# Values that have an order; of others nobody can say it.
SORTABLE = (
    lists_of(NUMBER | one_of("undefined"))
    | lists_of(st.text("abc", max_size=2).map(repr))
    | st.tuples(RECORDS, one_of("'a'", "['b']", "({a}) => -a || 0")).map(", ".join)
)
SORTED = st.lists(st.integers(-3, 3), max_size=6).map(lambda all: str(sorted(all)))

# For each function its arguments: each of them a way to write one or several.
ARGUMENTS: dict[str, tuple[Source, ...]] = {
    "map": (COLLECTION, ITERATEE | BOUND),
    "each": (COLLECTION, FUNCTION),
    "reduce": (COLLECTION, FOLD),
    "reduceRight": (COLLECTION, FOLD),
    "find": (COLLECTION, ITERATEE | BOUND),
    "filter": (COLLECTION, ITERATEE | BOUND),
    "reject": (COLLECTION, ITERATEE | BOUND),
    "every": (COLLECTION, ITERATEE | BOUND),
    "some": (COLLECTION, ITERATEE | BOUND),
    "partition": (COLLECTION, ITERATEE | BOUND),
    "where": (RECORDS | COLLECTION, WANTED),
    "findWhere": (RECORDS | COLLECTION, WANTED),
    "contains": (COLLECTION, SCALAR, COUNT),
    "invoke": (lists_of(LIST), one_of("'join', '-'", "['slice'], 1", "'none'")),
    "pluck": (RECORDS | COLLECTION, PATH),
    "max": (SOMETHING, ITERATEE | BOUND),
    "min": (SOMETHING, ITERATEE | BOUND),
    "groupBy": (COLLECTION, ITERATEE | BOUND),
    "indexBy": (COLLECTION, ITERATEE | BOUND),
    "countBy": (COLLECTION, ITERATEE | BOUND),
    "toArray": (COLLECTION,),
    "size": (COLLECTION,),
    "first": (SEQUENCE, COUNT),
    "initial": (LIST, COUNT),
    "last": (SEQUENCE, COUNT),
    "rest": (LIST, COUNT),
    "compact": (SEQUENCE,),
    "flatten": (SEQUENCE, BOTH),
    "without": (SEQUENCE, SCALAR, SCALAR),
    "difference": (SEQUENCE, SEQUENCE, LIST),
    "union": (SEQUENCE, LIST, LIST),
    "intersection": (SEQUENCE, LIST, COLLECTION),
    "uniq": (SEQUENCE, one_of("true", "false") | ITERATEE),
    "unzip": (LISTS,),
    "zip": (LIST, LIST, SEQUENCE),
    "object": (LISTS | lists_of(WORD), one_of("undefined", "[1, 2, 3, 4, 5, 6]")),
    "chunk": (LIST | WORD, COUNT),
    "indexOf": (LIST, SCALAR, COUNT | one_of("true")),
    "lastIndexOf": (LIST, SCALAR, COUNT),
    "sortedIndex": (SORTED, NUMBER, one_of("undefined", "(value) => value / 2")),
    "findIndex": (SEQUENCE, ITERATEE | BOUND),
    "findLastIndex": (SEQUENCE, ITERATEE | BOUND),
    "range": (COUNT, COUNT, one_of("undefined", "0", "1", "3", "-2", "0.5")),
    "keys": (COLLECTION,),
    "allKeys": (COLLECTION,),
    "values": (COLLECTION,),
    "pairs": (COLLECTION,),
    "invert": (objects_of(SCALAR, NAME),),
    "mapObject": (COLLECTION, ITERATEE | BOUND),
    "findKey": (COLLECTION, ITERATEE | BOUND),
    "extend": (PLAIN | one_of("null", "[1]"), COLLECTION, PLAIN),
    "extendOwn": (PLAIN | one_of("null", "[1]"), COLLECTION, PLAIN),
    "defaults": (PLAIN | one_of("null", "[1]"), COLLECTION, PLAIN),
    "pick": (COLLECTION, one_of("'a', 'b'", "['a', 1]", "'length'") | FUNCTION),
    "omit": (COLLECTION, one_of("'a', 'b'", "['a', 1]", "'length'") | FUNCTION),
    "clone": (VALUE,),
    "has": (VALUE | PLAIN, PATH),
    "get": (VALUE | PLAIN, PATH, SCALAR),
    "result": (
        VALUE | one_of("{a() { return this.b; }, b: {b: 2}}"),
        PATH,
        SCALAR | one_of("function () { return this; }"),
    ),
    "isMatch": (VALUE | PLAIN, WANTED),
    "isEqual": (PAIR,),
    "isEmpty": (VALUE | LENGTHY | SPECIAL,),
    **{
        f"is{kind}": (VALUE | SPECIAL,)
        for kind in (
            *("Arguments", "Array", "ArrayBuffer", "Boolean", "DataView", "Date"),
            *("Error", "Finite", "Function", "Map", "NaN", "Null", "Number", "Object"),
            *("RegExp", "Set", "String", "Symbol", "TypedArray", "Undefined"),
            *("WeakMap", "WeakSet"),
        )
    },
    "sortBy": (SORTABLE,),
    "escape": (SCALAR,),
    "unescape": (
        one_of("'&lt;b&gt;'", "'&amp;amp;'", "'&#x27;&quot;&#x60;&'", "null"),
    ),
    "times": (COUNT, FUNCTION),
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_function_gives_the_same(
    evaluate: Evaluate, evaluate_original: Evaluate, name: str
) -> None:
    """Each function, with lists, objects, texts, and values that are not there."""

    @settings(max_examples=30)
    @given(st.tuples(*ARGUMENTS[name]).map(", ".join))
    def check(arguments: str) -> None:
        expression = f"_.{name}({arguments})"
        expected = evaluate_original(expression)

        assert plain(evaluate(expression)) == plain(expected)

    check()


def plain(shown: object) -> object:
    """Return what was shown, without what the engines word differently: an error."""
    is_error = isinstance(shown, str) and shown.startswith("<error>")
    return "<error>" if is_error else json.dumps(shown)
