"""What a local project keeps, in DuckDB, and how files get into it."""
