"""Addresses of the admin, below the register's own."""

from django.urls import path

from . import admin_views as views

app_name = "imp_letters_admin"

urlpatterns = [
    path("issue/<int:enrolment>/<int:stage>/", views.IssueView.as_view(), name="issue"),
    path("<int:pk>/replace/", views.ReplaceView.as_view(), name="replace"),
    path("<int:pk>/withdraw/", views.WithdrawView.as_view(), name="withdraw"),
    path("<int:pk>/download/", views.download, name="download"),
]
