"""The reference site without what would only add noise: no e-mail, no static files; and one flat table beside it."""

import os

import dj_database_url

from reference.settings.base import *  # noqa: F403
from reference.settings.base import IMP_WAGTAIL, INSTALLED_APPS, MIDDLEWARE, SQLITE_OPTIONS

DEBUG = False
SECRET_KEY = "for benchmarks only"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
# First, so that its template is the one of a plain page.
INSTALLED_APPS = ["tests.benchmarks.flat", *INSTALLED_APPS]
# A table without migrations is made with the others.
MIGRATION_MODULES = {"flat": None}
ROOT_URLCONF = "tests.benchmarks.urls"
# Counted as on any site, and never reached: all requests come from one address.
IMP_WAGTAIL = {**IMP_WAGTAIL, "VERIFY_LIMIT": (1_000_000_000, 60)}
# Static files are no part of what is measured, and have been collected nowhere.
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]

DATABASES = {"default": dj_database_url.config(conn_max_age=None)}
DATABASES["default"]["TEST"] = {"NAME": os.environ["BENCHMARK_DATABASE"]}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS

EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
