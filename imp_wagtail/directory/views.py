"""The registrar's screens for the directory: the list, one entry, and the forms behind its buttons."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic

from imp_wagtail.core.action_views import ActionFormView
from imp_wagtail.core.dates import long_date
from imp_wagtail.core.exports import PlainCellsMixin
from imp_wagtail.participants.models import Participant
from imp_wagtail.participants.permissions import SEE_PARTICIPANTS
from imp_wagtail.participants.views import RecordActionView, record_url

from . import actions, forms
from .details import details_of
from .models import Course, Qualification, Teacher
from .permissions import CHANGE_TEACHERS, LIST_TEACHERS, SEE_TEACHERS
from .presentation import public_url


def edit_url(teacher: Teacher) -> str:
    return reverse("imp_teachers:edit", args=[teacher.pk])


class TeacherIndexView(PlainCellsMixin, generic.IndexView):
    """The list of directory entries, listed or not."""

    any_permission_required = ["view"]
    is_searchable = True

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column_class(TitleColumn)(
                "name",
                label=_("Name"),
                classname="imp-entry-name",
                sort_key="folded_name",
                get_url=self.get_edit_url,
            ),
            Column("place", label=_("Place"), sort_key="country"),
            StatusTagColumn(
                "listing_in_words", label=_("In the directory"), primary=lambda teacher: teacher.is_listed
            ),
            Column(
                "consented_on",
                label=_("Consented on"),
                classname="imp-wide-only",
                accessor=consent_date,
                sort_key="consented_on",
            ),
        ]

    def get_base_queryset(self) -> QuerySet[Teacher]:
        return super().get_base_queryset().for_staff()

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        return super().order_queryset(queryset).order_by(in_order(self.ordering), "pk")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.matching(self.search_query)

    def get_edit_url(self, instance: Teacher) -> str | None:
        return edit_url(instance) if self.user_has_permission("change") else None

    def get_list_more_buttons(self, instance: Teacher) -> list:
        return []


def in_order(ordering: str) -> str | OrderBy:
    """The order of the list; to have no date of consent counts as earlier than any, on every database alike."""
    consented_on = F("consented_on")
    orders = {"consented_on": consented_on.asc(nulls_first=True), "-consented_on": consented_on.desc(nulls_last=True)}
    return orders.get(ordering, ordering)


def consent_date(teacher: Teacher) -> str:
    return long_date(teacher.consented_on) if teacher.consented_on else "–"


class ListTeacherView(RecordActionView):
    """Puts a participant into the directory, from their record."""

    permission = LIST_TEACHERS
    form_class = forms.ListForm
    header_icon = "globe"
    page_title = gettext_lazy("List as teacher")
    submit_label = gettext_lazy("List")
    success_message = gettext_lazy("Listed. Courses and qualifications can be added here.")

    def look_up(self, pk: int, **kwargs: Any) -> None:
        self.participant = get_object_or_404(Participant, pk=pk)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        standing = Teacher.objects.filter(participant=self.participant).first()
        return redirect(edit_url(standing)) if standing else super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        known = self.participant
        languages = [known.language] if known.language else []
        return {"name": known.name, "town": known.town, "country": known.country, "languages": languages}

    def act(self, data: dict[str, Any]) -> Teacher:
        return actions.list_teacher(self.participant, **data, by=self.request.user)

    def get_success_url(self) -> str:
        teacher = getattr(self, "result", None)
        return edit_url(teacher) if teacher else super().get_success_url()


def public_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads from the admin to a teacher's public page, which is looked for only when somebody wants to see it."""
    if not request.user.has_perm(SEE_TEACHERS):
        raise PermissionDenied
    teacher = get_object_or_404(Teacher, pk=pk)
    address = public_url(teacher)
    if address is None:
        messages.warning(request, _("%(name)s is on no public page now.") % {"name": teacher})
        return redirect(record_url(teacher.participant))
    return redirect(address)


class TeacherActionView(ActionFormView):
    """A form about one entry; it leads back to the entry."""

    permission = CHANGE_TEACHERS
    header_icon = "globe"
    teacher: Teacher

    def look_up(self, pk: int, **kwargs: Any) -> None:
        self.teacher = get_object_or_404(Teacher.objects.select_related("participant"), pk=pk)

    def get_success_url(self) -> str:
        return edit_url(self.teacher)

    def get_page_subtitle(self) -> str:
        return str(self.teacher)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("imp_teachers:index"), "label": _("Teachers")},
            {"url": edit_url(self.teacher), "label": self.teacher.name},
            {"url": "", "label": self.get_page_title()},
        ]


class EditTeacherView(TeacherActionView):
    """One entry: whether it is listed, what it says, its courses and its qualifications."""

    locks = True

    form_class = forms.TeacherForm
    template_name = "imp_directory/admin/edit_teacher.html"
    success_message = gettext_lazy("Entry saved.")

    def get_page_title(self) -> str:
        return self.teacher.name

    def get_page_subtitle(self) -> str:
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items()[:-2], {"url": "", "label": self.teacher.name}]

    def get_form_kwargs(self) -> dict[str, Any]:
        # A copy: the form writes what was typed into its instance, and the page shows what is stored.
        stored = Teacher.objects.get(pk=self.teacher.pk)
        return {**super().get_form_kwargs(), "instance": stored, "user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        return {"languages": details_of(self.teacher)["languages"]}

    def act(self, data: dict[str, Any]) -> Teacher:
        return actions.update_teacher(self.teacher, **data, by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.update(
            {
                "teacher": self.teacher,
                "public_url": public_url(self.teacher),
                "record_url": self._record_url(),
                "courses": self.teacher.courses.order_by("-ends", "-pk"),
                "qualifications": self.teacher.qualifications.all(),
                "cancel_url": reverse("imp_teachers:index"),
            }
        )
        return context

    def _record_url(self) -> str | None:
        return record_url(self.teacher.participant) if self.request.user.has_perm(SEE_PARTICIPANTS) else None


class EndConsentView(TeacherActionView):
    form_class = forms.EndConsentForm
    page_title = gettext_lazy("End consent")
    submit_label = gettext_lazy("End consent")
    success_message = gettext_lazy("Consent ended. Nobody sees this entry any more.")
    help_text = gettext_lazy("The entry leaves the directory at once. It is kept here, in case they come back.")

    def act(self, data: dict[str, Any]) -> Teacher:
        return actions.end_consent(self.teacher, **data, by=self.request.user)


class RenewConsentView(TeacherActionView):
    form_class = forms.ConsentForm
    page_title = gettext_lazy("Record consent")
    submit_label = gettext_lazy("Record")
    success_message = gettext_lazy("Consent recorded.")

    def act(self, data: dict[str, Any]) -> Teacher:
        return actions.renew_consent(self.teacher, **data, by=self.request.user)


class AddCourseView(TeacherActionView):
    form_class = forms.CourseForm
    page_title = gettext_lazy("Add a course")
    submit_label = gettext_lazy("Add")
    success_message = gettext_lazy("Course added.")

    def get_initial(self) -> dict[str, Any]:
        first = self.teacher.languages.first()
        return {"language": first.language if first else "", "place": self.teacher.town}

    def act(self, data: dict[str, Any]) -> Course:
        return actions.add_course(self.teacher, **data, by=self.request.user)


class AddQualificationView(TeacherActionView):
    form_class = forms.QualificationForm
    page_title = gettext_lazy("Add a qualification")
    submit_label = gettext_lazy("Add")
    success_message = gettext_lazy("Qualification added.")

    def act(self, data: dict[str, Any]) -> Qualification:
        return actions.add_qualification(self.teacher, **data, by=self.request.user)


class RemovalView(TeacherActionView):
    """Asks once more before something of an entry is removed."""

    form_class = forms.ConfirmForm
    submit_label = gettext_lazy("Remove")


class RemoveCourseView(RemovalView):
    page_title = gettext_lazy("Remove a course")
    success_message = gettext_lazy("Course removed.")

    def look_up(self, pk: int, **kwargs: Any) -> None:
        self.course = get_object_or_404(Course.objects.select_related("teacher__participant"), pk=pk)
        self.teacher = self.course.teacher

    @property
    def help_text(self) -> str:
        return f"{self.course}, {self.course.dates}"

    def act(self, data: dict[str, Any]) -> None:
        actions.remove_course(self.course, by=self.request.user)


class RemoveQualificationView(RemovalView):
    page_title = gettext_lazy("Remove a qualification")
    success_message = gettext_lazy("Qualification removed.")

    def look_up(self, pk: int, **kwargs: Any) -> None:
        found = Qualification.objects.select_related("teacher__participant")
        self.qualification = get_object_or_404(found, pk=pk)
        self.teacher = self.qualification.teacher

    @property
    def help_text(self) -> str:
        return f"{self.qualification} ({self.qualification.get_sort_display()})"

    def act(self, data: dict[str, Any]) -> None:
        actions.remove_qualification(self.qualification, by=self.request.user)
