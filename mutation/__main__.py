"""Mutate the areas, print the score, and fail where a test is missing.

Run as ``python -m mutation FOLDER [GLOB…]``: copies are made in the folder; globs
choose areas, or modules in them.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mutation.areas import Area, chosen, read_areas
from mutation.explained import change_of, read_explanations
from mutation.score import AreaScore, faults, is_doubtful, survivors, table
from mutation.tree import MutantTree

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent


def score_of(area: Area, folder: Path) -> AreaScore:
    """Run the tests of an area against its mutants."""
    tree = MutantTree(ROOT, folder / area.name, area)
    tree.run()
    results = tree.results()
    doubtful = [name for name, status in results.items() if is_doubtful(status)]
    if doubtful:
        print(f"{len(doubtful)} mutants are run again, each alone", flush=True)
        results |= tree.run_again(doubtful)
    left = {name: change_of(name, tree.difference(name)) for name in survivors(results)}
    timeouts = list(results.values()).count("timeout")
    return AreaScore(area.name, len(results), left, timeouts=timeouts)


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
