"""The page at ``/``: what arrives at a local project, while it arrives."""
