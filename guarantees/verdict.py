"""Break every promise of docs/guarantees.md once, and see its tests fail.

Run as ``python -m guarantees.verdict [ROW…]``, which ``nox -s guarantees -- ROW…``
does. Nothing in the repository is changed: each breakage is made in a copy.
"""

from __future__ import annotations

import os
import queue
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from guarantees.agreement import problems
from guarantees.breakages import Breakage, read_breakages
from guarantees.page import PAGE, Row, read_page
from guarantees.trial import Tree, Trial

__all__ = ["Result", "main", "result_of", "try_all"]

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Result:
    """What became of one breakage.

    Attributes:
        breakage: The breakage.
        caught_by: The tests that failed because of it.
        problem: Why it does not count as caught; empty if it does.
        words: The last words of pytest, where there is a problem.
    """

    breakage: Breakage
    caught_by: set[str] = field(default_factory=set)
    problem: str = ""
    words: str = ""

    def __str__(self) -> str:
        """Write a line of the table."""
        names = [test.partition("::")[2] for test in sorted(self.caught_by)]
        end = f"NOT CAUGHT: {self.problem}" if self.problem else ", ".join(names)
        return f"{self.breakage.row:>4}  {self.breakage.breaks}: {end}"


def result_of(breakage: Breakage, trial: Trial) -> Result:
    """Say whether a breakage was caught: by assertions, and by nothing else."""
    others = {
        kind
        for kinds in trial.failed.values()
        for kind in kinds
        if kind not in breakage.kinds
    }
    if others:
        problem = f"a test ended by {', '.join(sorted(others))}"
    elif not trial.failed:
        problem = "; ".join(trial.errors) or "every test still passed"
    else:
        return Result(breakage, set(trial.failed))
    return Result(breakage, problem=problem, words=trial.words)


def try_all(
    root: Path, rows: list[Row], breakages: list[Breakage], work: Path, workers: int
) -> tuple[list[str], list[Result]]:
    """Run the tests without a breakage, and then with each.

    Returns:
        What is wrong with the tests themselves, and what became of each breakage.
    """
    trees: queue.Queue[Tree] = queue.Queue()
    for number in range(workers):
        trees.put(Tree(root, work / f"tree{number}"))
    made = list(trees.queue)
    tests = {row.name: row.tests for row in rows}

    def without(chosen: list[str]) -> Trial:
        tree = trees.get()
        try:
            return tree.run(chosen)
        finally:
            trees.put(tree)

    def broken(breakage: Breakage) -> Result:
        tree = trees.get()
        try:
            with tree.broken(breakage):
                result = result_of(breakage, tree.run(tests[breakage.row]))
        finally:
            trees.put(tree)
        print(result, flush=True)
        return result

    everything = sorted({test for names in tests.values() for test in names})
    shares = [everything[number::workers] for number in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        found = problems_without(everything, pool.map(without, filter(None, shares)))
        results = list(pool.map(broken, breakages))
    for tree in made:
        tree.close()
    return found + idle_tests(rows, results), results


def problems_without(tests: list[str], trials: Iterable[Trial]) -> list[str]:
    """List the tests that fail, or do not run, though nothing is broken."""
    passed: set[str] = set()
    found = []
    for trial in trials:
        passed |= trial.passed
        found += [f"{error}, with nothing broken" for error in trial.errors]
    return found + [
        f"{test} does not pass, with nothing broken"
        for test in tests
        if test not in passed
    ]


def idle_tests(rows: list[Row], results: list[Result]) -> list[str]:
    """List the tests that no breakage of their row makes fail."""
    caught = {
        (result.breakage.row, test) for result in results for test in result.caught_by
    }
    return [
        f"{row.name}: {test} fails with no breakage of its row"
        for row in rows
        for test in row.tests
        if (row.name, test) not in caught
    ]


def main(*names: str) -> int:
    """Print what became of each breakage; tell whether all were caught."""
    found = problems(ROOT)
    rows = read_page((ROOT / PAGE).read_text("utf-8"))
    unknown = set(names) - {row.name for row in rows}
    if found or unknown:
        print(*found, *(f"{PAGE} has no row {name}" for name in unknown), sep="\n")
        return 2
    rows = [row for row in rows if not names or row.name in names]
    chosen = {row.name for row in rows}
    breakages = [entry for entry in read_breakages(ROOT) if entry.row in chosen]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as work:
        workers = min(os.cpu_count() or 1, 8)
        found, results = try_all(ROOT, rows, breakages, Path(work), workers)
    for result in results:
        if result.words:
            print(f"\n{result}\n{result.words}")
    print(*found, sep="\n", end="\n" if found else "")
    caught = sum(not result.problem for result in results)
    print(
        f"{caught} of {len(results)} breakages of {len(rows)} promises were caught, "
        f"in {time.monotonic() - began:.0f} seconds"
    )
    return 0 if caught == len(results) and not found else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
