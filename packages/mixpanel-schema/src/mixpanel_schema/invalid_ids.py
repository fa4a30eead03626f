"""Ids that say nothing of whose or which, so that Mixpanel refuses them."""

__all__ = ["INVALID_IDS"]

# https://developer.mixpanel.com/reference/import-events: refused as distinct_id and as
# $insert_id. Compared without case, because whether case matters is not documented.
INVALID_IDS = frozenset(
    {
        "00000000-0000-0000-0000-000000000000",
        *("anon", "anonymous", "nil", "none", "null", "n/a", "na", "undefined"),
        *("unknown", "<nil>", "0", "-1", "true", "false", "[]", "{}"),
    }
)
