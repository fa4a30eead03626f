"""``python -m mixpanel_schema``, the same as the command."""

from mixpanel_schema.command import main

main()
