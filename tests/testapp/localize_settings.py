"""The same site, translated with wagtail-localize instead of Wagtail's own ``simple_translation``."""

from testapp.settings import *  # noqa: F403
from testapp.settings import DATABASES, INSTALLED_APPS

INSTALLED_APPS = [
    "wagtail_localize",
    "wagtail_localize.locales",
    *(app for app in INSTALLED_APPS if app != "wagtail.contrib.simple_translation"),
]
# Both runs of the tests may use one server at the same time. (SQLite's database is in memory.)
if "sqlite" not in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": "test_imp_localize"}
