"""Customer.io's Track API, so that an app can send to both services at once."""
