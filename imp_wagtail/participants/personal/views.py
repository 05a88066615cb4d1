"""What the registrar does with all data of one person: take it out for them, or erase it."""

from typing import Any

from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages

from ..models import Participant
from ..permissions import CHANGE_PARTICIPANTS, ERASE_PARTICIPANTS
from ..views import RecordActionView
from .data import personal_data
from .erasing import erase
from .export import export_person
from .forms import EraseForm, ExportForm


class PersonalDataView(RecordActionView):
    """A form about everything on record about one person."""

    def look_up(self, pk: int, **kwargs: Any) -> None:
        self.participant = get_object_or_404(Participant.objects.select_related("user"), pk=pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sections = personal_data(self.participant)
        return super().get_context_data(**kwargs, sections=[section for section in sections if section.entries])


class ExportPersonView(PersonalDataView):
    """Says what there is, and gives it out as a ZIP. It may be sent again: that is another export."""

    permission = CHANGE_PARTICIPANTS
    form_class = ExportForm
    template_name = "imp_participants/admin/export_person.html"
    header_icon = "download"
    page_title = gettext_lazy("Export everything")
    submit_label = gettext_lazy("Download")

    def form_valid(self, form: Form) -> HttpResponse:
        return FileResponse(
            export_person(self.participant, by=self.request.user),
            as_attachment=True,
            filename=f"personal-data-{self.participant.pk}.zip",
            headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
        )


class ErasePersonView(PersonalDataView):
    """Says what goes and what stays, and asks for the name once more."""

    permission = ERASE_PARTICIPANTS
    form_class = EraseForm
    template_name = "imp_participants/admin/erase_person.html"
    header_icon = "bin"
    page_title = gettext_lazy("Erase")
    submit_label = gettext_lazy("Erase for good")
    success_message = gettext_lazy("The person was erased.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Http404:
            if request.method != "POST":
                raise
            # Another was quicker: it is so already.
            messages.info(request, _("This person is no longer on record."))
            return redirect("imp_participants:index")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "participant": self.participant}

    def act(self, data: dict[str, Any]) -> None:
        erase(self.participant, why=data["why"], by=self.request.user)

    def get_success_url(self) -> str:
        is_there = Participant.objects.filter(pk=self.participant.pk).exists()
        return super().get_success_url() if is_there else reverse("imp_participants:index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["erased"] = [section for section in context["sections"] if section.is_erased]
        context["kept"] = [line for section in context["sections"] for line in section.kept]
        if self.request.user.has_perm(CHANGE_PARTICIPANTS):
            context["export_url"] = reverse("imp_participants:export_person", args=[self.participant.pk])
        return context
