"""The package's public addresses that are no pages. Include them before Wagtail's."""

from django.urls import include, path

urlpatterns = [
    path("", include("imp_wagtail.letters.urls")),
    path("", include("imp_wagtail.directory.urls")),
    path("", include("imp_wagtail.core.urls")),
]
