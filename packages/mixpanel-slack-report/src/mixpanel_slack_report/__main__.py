"""``python -m mixpanel_slack_report``, the same as the command."""

from mixpanel_slack_report.command import main

main()
