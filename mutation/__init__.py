"""How many small faults of the code that decides do the tests notice?

`nox -s mutants` runs `python -m mutation`, which has mutmut do that to the files that
`areas.toml` lists; see CONTRIBUTING.md.
"""
