"""Shows that the tests named in docs/guarantees.md guard what stands beside them.

`nox -s guarantees` runs `guarantees.verdict`: it breaks each promise on purpose, in a
copy of the tree, and demands that the tests of its row fail.
"""
