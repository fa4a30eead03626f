"""A shop, of which only what it tracks is here."""
