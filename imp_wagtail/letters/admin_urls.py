"""Addresses of the admin, below the register's own."""

from django.urls import path

from . import admin_views as views
from .bulk import run_views
from .sending import views as send_views

app_name = "imp_letters_admin"

urlpatterns = [
    path("issue/<int:enrolment>/<int:stage>/", views.IssueView.as_view(), name="issue"),
    path("<int:pk>/replace/", views.ReplaceView.as_view(), name="replace"),
    path("<int:pk>/withdraw/", views.WithdrawView.as_view(), name="withdraw"),
    path("<int:pk>/send/", send_views.SendView.as_view(), name="send"),
    path("sendings/<int:pk>/try-again/", send_views.TryAgainView.as_view(), name="try_again"),
    path("runs/<int:pk>/", run_views.RunView.as_view(), name="run"),
    path("runs/<int:pk>/print/", run_views.run_print, name="run_print"),
    path("runs/<int:pk>/zip/", run_views.run_zip, name="run_zip"),
    path("runs/<int:pk>/send/", send_views.SendRunView.as_view(), name="send_run"),
    path("<int:pk>/download/", views.download, name="download"),
]
