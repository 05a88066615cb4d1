"""The demo in English and Arabic: each language below an address of its own, and one of them from right to left."""

from reference.settings.demo import *  # noqa: F403
from reference.settings.demo import IMP_WAGTAIL

ROOT_URLCONF = "tests.e2e.arabic_urls"
WAGTAIL_I18N_ENABLED = True
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("ar", "العربية")]
# The tests look at answers more often than a visitor may ask.
IMP_WAGTAIL = {**IMP_WAGTAIL, "VERIFY_LIMIT": None}
