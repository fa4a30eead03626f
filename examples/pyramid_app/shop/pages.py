"""The page of the shop."""

from __future__ import annotations

from pyramid.response import Response

PRICE = 1950  # cents
PAGE = f"""<!doctype html>
<html lang="en">
<head><title>Shop</title></head>
<body>
<h1>{{heading}}</h1>
<form method="post" action="/sign-up">
  <input name="email" type="email" aria-label="E-mail" required>
  <button>Sign up</button>
</form>
<form method="post" action="/order">
  <button>Order for {PRICE / 100:.2f}</button>
  <button name="card" value="refused">Order with a bad card</button>
</form>
<form method="post" action="/broken"><button>Order, and fail</button></form>
</body>
</html>"""


def page(heading: str, status: int = 200) -> Response:
    """Make the page; a heading is ours, never a visitor's text."""
    return Response(PAGE.format(heading=heading), status=status)
