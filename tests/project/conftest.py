"""Lets the tests import `releasing` and `mutation`, which are not installed."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))
