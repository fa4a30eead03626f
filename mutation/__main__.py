"""Mutate the areas, print the score, and fail where a test is missing.

Run as ``python -m mutation FOLDER [GLOB…]``: copies are made in the folder; globs
choose areas, or modules in them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mutation.areas import Area, chosen, read_areas
from mutation.explained import change_of, read_explanations
from mutation.score import AreaScore, faults, survivors, table
from mutation.tree import MutantTree

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent


def score_of(area: Area, folder: Path) -> AreaScore:
    """Run the tests of an area against its mutants."""
    tree = MutantTree(ROOT, folder / area.name, area)
    tree.run()
    slow = [name for name, status in tree.results().items() if is_slow(status)]
    if slow:
        tree.run(*slow, processes=1)
    results = tree.results()
    left = {name: change_of(name, tree.difference(name)) for name in survivors(results)}
    return AreaScore(area.name, len(results), left)


def is_slow(status: str) -> bool:
    """Whether a mutant may only have lacked time, as a busy machine gives little."""
    return status in {"timeout", "segfault"}


def main(folder: str, *globs: str) -> int:
    """Print the score of each area and of all, and what is wrong."""
    areas = chosen(read_areas(HERE / "areas.toml"), globs)
    explanations = read_explanations(HERE / "explained.toml")
    scores = []
    for area in areas:
        print(f"\n{area.name}: {len(area.modules)} modules", flush=True)
        score = score_of(area, Path(folder))
        score.explain(explanations)
        scores.append(score)
    modules = [module for area in areas for module in area.modules]
    found = faults(scores, explanations, modules)
    print("\n".join(["", *table(scores), *found]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
