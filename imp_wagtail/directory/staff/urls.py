"""The addresses of the forms about entries, below the list's own."""

from django.urls import path

from ..renewing import asking, asking_many, wording_views
from . import consents, courses, entries, qualifications, seeing, standing

urlpatterns = [
    path("list/<int:pk>/", entries.ListTeacherView.as_view(), name="list"),
    path("<int:pk>/", entries.EditTeacherView.as_view(), name="edit"),
    path("<int:pk>/public/", seeing.public_page, name="public"),
    path("<int:pk>/preview/", seeing.preview, name="preview"),
    path("<int:pk>/consent/", consents.RecordConsentView.as_view(), name="record_consent"),
    path("<int:pk>/consent/end/", consents.EndConsentView.as_view(), name="end_consent"),
    path("<int:pk>/renew/", standing.RenewView.as_view(), name="renew"),
    path("<int:pk>/ask/", asking.AskToRenewView.as_view(), name="ask_to_renew"),
    path("ask/", asking_many.AskManyView.as_view(), name="ask_many"),
    path("wordings/", wording_views.WordingsView.as_view(), name="wordings"),
    path("wordings/<str:purpose>/", wording_views.NewWordingView.as_view(), name="new_wording"),
    path("<int:pk>/suspend/", standing.SuspendView.as_view(), name="suspend"),
    path("<int:pk>/resume/", standing.ResumeView.as_view(), name="resume"),
    path("<int:pk>/recognise/", standing.RecogniseView.as_view(), name="recognise"),
    path("<int:pk>/recognise/end/", standing.EndRecognitionView.as_view(), name="end_recognition"),
    path("<int:pk>/course/", courses.AddCourseView.as_view(), name="add_course"),
    path("course/<int:pk>/", courses.EditCourseView.as_view(), name="edit_course"),
    path("course/<int:pk>/remove/", courses.RemoveCourseView.as_view(), name="remove_course"),
    path("<int:pk>/qualification/", qualifications.AddQualificationView.as_view(), name="add_qualification"),
    path("qualification/<int:pk>/", qualifications.EditQualificationView.as_view(), name="edit_qualification"),
    path("qualification/<int:pk>/check/", qualifications.CheckQualificationView.as_view(), name="check_qualification"),
    path(
        "qualification/<int:pk>/remove/", qualifications.RemoveQualificationView.as_view(), name="remove_qualification"
    ),
]
