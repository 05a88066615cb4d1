"""The register of issued letters in the admin. Nothing in it is edited; what may be done with a letter is a button."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.modeladmin import ChoiceFilter, RegisterButtonHelper, RegisterModelAdmin
from imp_wagtail.pathways.models import Pathway

from .links import action_links
from .models import Letter, LetterYear


class YearFilter(ChoiceFilter):
    title = gettext_lazy("Year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = LetterYear.objects.filter(last_number__gt=0).order_by("-year").values_list("year", flat=True)
        return [(str(year), str(year)) for year in years]

    def narrowed(self, queryset: QuerySet, value: str) -> QuerySet:
        return queryset.filter(year=value)


class StateFilter(ChoiceFilter):
    title = gettext_lazy("State")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return Letter.State.choices

    def narrowed(self, queryset: QuerySet, value: str) -> QuerySet:
        return queryset.filter(state=value)


class PathwayFilter(ChoiceFilter):
    title = gettext_lazy("Pathway")
    parameter_name = "pathway"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(Pathway.objects.in_source_language().values_list("key", "title"))

    def narrowed(self, queryset: QuerySet, value: str) -> QuerySet:
        # By the stage: a letter of somebody who was erased has no enrolment.
        return queryset.filter(stage__pathway__key=value)


class LetterButtonHelper(RegisterButtonHelper):
    def actions_for(self, obj: Letter) -> list[dict[str, str]]:
        return action_links(obj, self.request.user, back=self.address())

    def address(self) -> str:
        """Where the reader is, with what the list has kept of the query."""
        query = self.request.GET.urlencode()
        return f"{self.request.path}?{query}" if query else self.request.path


class LetterRegister(RegisterModelAdmin):
    """All letters ever issued, by number, the newest first. It shows what each of them says, not what is so today."""

    model = Letter
    base_url_path = "training/letters"
    menu_label = gettext_lazy("Letters")
    menu_icon = "list-ul"
    menu_order = 40
    search_label = gettext_lazy("Name, number or code")
    list_display = ("number", "name", "stage_shown", "issued_on", "state_tag", "code_shown")
    list_display_add_buttons = "name"
    unbroken = ("number", "state_tag", "code_shown")
    list_filter = (YearFilter, StateFilter, PathwayFilter)
    list_export = (
        "number",
        "name",
        "pathway_shown",
        "stage_shown",
        "issued_on",
        "state_shown",
        "ended_on",
        "code_shown",
        "sha256",
    )
    export_filename = "letters"
    ordering = ("-year", "-running_number", "-pk")
    button_helper_class = LetterButtonHelper

    @admin.display(description=gettext_lazy("Number"))
    def number(self, letter: Letter) -> str:
        return letter.number

    @admin.display(description=gettext_lazy("Pathway"))
    def pathway_shown(self, letter: Letter) -> str:
        return letter.snapshot["pathway"]

    @admin.display(description=gettext_lazy("Stage"))
    def stage_shown(self, letter: Letter) -> str:
        return letter.snapshot["stage"]

    @admin.display(description=gettext_lazy("State"))
    def state_shown(self, letter: Letter) -> str:
        return str(letter.get_state_display())

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_tag(self, letter: Letter) -> SafeString:
        primary = " w-status--primary" if letter.is_valid else ""
        return format_html('<span class="w-status{}">{}</span>', primary, letter.get_state_display())

    @admin.display(description=gettext_lazy("Verification code"))
    def code_shown(self, letter: Letter) -> str:
        return letter.printed_code

    def in_full(self, request: HttpRequest) -> QuerySet:
        return super().in_full(request).select_related("enrolment", "issued_by", "replaced_by", "replaces")

    def facts(self, obj: Letter) -> list[tuple[Any, Any]]:
        snapshot = obj.snapshot
        check = reverse("imp_letters:verify_code", args=[obj.printed_code])
        return [
            (_("Register number"), obj.number),
            (_("State"), self.state_in_words(obj)),
            (_("Reason"), obj.reason),
            (_("Name as printed"), self.name_shown(obj)),
            (_("Record of the person"), "" if obj.has_holder else _("erased; only the letter is kept")),
            (_("Pathway"), snapshot["pathway"]),
            (_("Stage"), snapshot["stage"]),
            (_("Completed on"), snapshot["completed_on_text"]),
            (_("Training"), training_in_words(snapshot["training"])),
            (_("Date of issue"), snapshot["issued_on_text"]),
            (_("Issued by"), obj.issued_by),
            (_("Verification code"), _link(check, obj.printed_code)),
            (_("SHA-256 of the PDF"), obj.sha256),
        ]

    def name_shown(self, letter: Letter) -> str | SafeString:
        """The name, which leads to the person's record while there is one."""
        if not letter.has_holder:
            return letter.name
        return _link(reverse("imp_participants:record", args=[letter.enrolment.participant_id]), letter.name)

    def state_in_words(self, letter: Letter) -> str | SafeString:
        """The state with its day, and the letter that stands in its place or in whose place it stands."""
        predecessor = getattr(letter, "replaces", None)
        if letter.is_valid and predecessor:
            return format_html(_("valid, in place of {number}"), number=self.link_to(predecessor))
        if letter.is_valid:
            return _("valid")
        words = {"state": letter.get_state_display(), "date": long_date(letter.ended_on)}
        if letter.replaced_by:
            return format_html(_("{state} on {date} by {number}"), **words, number=self.link_to(letter.replaced_by))
        return format_html(_("{state} on {date}"), **words)

    def link_to(self, letter: Letter) -> SafeString:
        return _link(self.url_helper.get_action_url("inspect", letter.pk), letter.number)


def training_in_words(training: dict[str, str] | None) -> str:
    """The training that a letter names, in one line. A database need not keep the order of JSON's keys."""
    parts = [training[name] for name in ("title", "place", "dates")] if training else []
    return ", ".join(part for part in parts if part)


def _link(address: str, text: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, text)
