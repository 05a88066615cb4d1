"""The directory's public addresses that are no pages."""

from django.urls import path

from .contact import link_views as contact
from .feed import views as feed
from .renewing import views as renewing

app_name = "imp_directory"

urlpatterns = [
    path("directory/enquiries/<str:token>/report/", contact.ReportView.as_view(), name="report_enquiry"),
    path("directory/enquiries/<str:token>/confirm/", contact.ConfirmView.as_view(), name="confirm_enquiry"),
    path("directory/renew/<str:token>/", renewing.RenewView.as_view(), name="renew"),
    path("directory/renew/<str:token>/leave/", renewing.LeaveView.as_view(), name="leave"),
    path("directory/renew/<str:token>/done/", renewing.DoneView.as_view(), name="renewed"),
    path("directory/feed/", feed.feed, name="feed"),
    path("directory/feed/schema.json", feed.schema, name="feed_schema"),
]
