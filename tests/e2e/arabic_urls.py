"""The reference site's addresses, those of visitors below each language."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from reference.urls import uploads

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    *uploads,
    *i18n_patterns(path("", include("imp_wagtail.urls")), path("", include(wagtail_urls))),
]
