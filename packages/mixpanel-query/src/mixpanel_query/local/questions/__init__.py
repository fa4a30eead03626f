"""The Query API of a local project, and its raw export."""
