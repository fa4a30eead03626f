"""``python -m mixpanel_query``, the same as the command."""

from mixpanel_query.command import main

main()
