from django.urls import path, re_path

from .checking import views
from .sending.link_views import PersonalLinkView

app_name = "imp_letters"

urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/<str:code>/", views.verify_code, name="verify_code"),
    # A link that was cut off or mangled on its way is answered too; what does not look like one is left to the site.
    re_path(r"^letters/(?P<token>[0-9]+\.[^/]*)/$", PersonalLinkView.as_view(), name="personal_link"),
]
