"""One run of a report, from its settings to what became of it."""
