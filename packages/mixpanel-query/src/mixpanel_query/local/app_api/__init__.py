"""The App API of a local project: annotations and Lexicon."""
