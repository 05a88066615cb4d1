"""These run on a site of their own, which has wagtail-localize: ``tests/test_localize.py`` starts them."""

from django.apps import apps

if not apps.is_installed("wagtail_localize"):
    collect_ignore_glob = ["test_*.py"]
