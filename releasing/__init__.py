"""What decides about a release of one package; none of it publishes anything.

`nox -s release` runs `releasing.verdict`, `nox -s audit` runs
`releasing.known_vulnerabilities`; see RELEASING.md.
"""
