"""Settings of the bookshop; what differs between machines is in the environment."""

import os

SECRET_KEY = os.environ.get("SECRET_KEY", "not-secret-on-my-machine")
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
INSTALLED_APPS = ["bookshop"]
MIDDLEWARE = ["bookshop.tracking.TrackingMiddleware"]
ROOT_URLCONF = "bookshop.urls"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("DATABASE", "bookshop.sqlite"),
        "ATOMIC_REQUESTS": True,  # a request that fails leaves nothing
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MIXPANEL_TOKEN = os.environ.get("MIXPANEL_TOKEN", "")
MIXPANEL_BASE_URL = os.environ.get("MIXPANEL_BASE_URL", "https://api.mixpanel.com")
