"""Reports as Slack messages: how they are laid out, and how they are posted."""
