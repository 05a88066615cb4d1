"""The demo on one's own machine: SQLite, invented people, known passwords. Never for a server that others reach."""

import os
import secrets

import dj_database_url

from .base import *  # noqa: F403
from .base import BASE_DIR, IMP_WAGTAIL, INSTALLED_APPS, SQLITE_OPTIONS

# Errors look as visitors would see them; DEBUG=1 shows Django's own pages to whoever works on the code.
DEBUG = os.environ.get("DEBUG") == "1"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
INSTALLED_APPS = [*INSTALLED_APPS, "demo"]

BASE_DIR.mkdir(parents=True, exist_ok=True)
DATABASES = {"default": dj_database_url.config(default=f"sqlite:///{BASE_DIR / 'demo.sqlite3'}", conn_max_age=60)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS


def _secret_key() -> str:
    """A key of this machine's own, made at the first start and kept, so that log-ins outlive a restart."""
    path = BASE_DIR / "secret_key"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(50))
        path.chmod(0o600)
    return path.read_text()


SECRET_KEY = _secret_key()
WAGTAILADMIN_BASE_URL = f"http://localhost:{os.environ.get('PORT', '8000')}"
# Static files and uploads come from this process, straight from where they lie.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True
SERVE_MEDIA = True
# Two demos on one machine may be each other's partners.
IMP_WAGTAIL = {**IMP_WAGTAIL, "PARTNERS_MAY_BE_LOCAL": True}
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
