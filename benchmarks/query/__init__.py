"""What asking costs: a question, an export, an answer of JQL."""
