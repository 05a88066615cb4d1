"""The reference site's addresses, and the plainest page that it can have: its base page, empty."""

from django.urls import include, path
from django.views.generic import TemplateView

urlpatterns = [
    path("plain/", TemplateView.as_view(template_name="imp_core/base.html"), name="plain"),
    path("", include("reference.urls")),
]
