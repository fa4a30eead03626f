"""Folders that are ready to be deployed once the secrets are filled in."""
