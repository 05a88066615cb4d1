"""The reference site's templates around the package's pages, in the site that the tests have."""

from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings

from navigation.apps import NavigationConfig
from reference.settings import base

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"


def reference_settings() -> dict[str, Any]:
    """Settings with which those templates stand before the package's. The menu in them is at work from then on."""
    NavigationConfig("navigation", import_module("navigation")).ready()
    own = settings.TEMPLATES[0]
    options = {**own["OPTIONS"], "libraries": {"navigation": "navigation.templatetags.navigation"}}
    return {
        "TEMPLATES": [{**own, "DIRS": [TEMPLATES], "OPTIONS": options}],
        # Static files are not what is looked at, and have been collected nowhere.
        "MIDDLEWARE": [name for name in base.MIDDLEWARE if not name.startswith("whitenoise.")],
    }
