"""What people save in Mixpanel, and a test in the local project."""
