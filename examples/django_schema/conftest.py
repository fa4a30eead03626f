"""Sets Django up before the tests are imported."""

import importlib.util
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "bookshop.settings"

if importlib.util.find_spec("django"):  # without it, the tests are skipped
    import django

    django.setup()
