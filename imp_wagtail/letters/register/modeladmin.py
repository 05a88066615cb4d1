"""The register of issued letters in the admin. Nothing in it is edited; what may be done with a letter is a button."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.modeladmin import STYLES, RegisterButtonHelper, RegisterModelAdmin
from imp_wagtail.participants.personal.facts import in_words, name_of

from ..links import action_links
from ..models import Letter, Sending
from ..permissions import may_see_addresses
from ..sending.sent import in_short, latest
from .filters import FILTERS
from .inspecting import LetterInspectView


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
    list_display = ("number", "name_shown", "stage_shown", "issued_shown", "sent_shown", "state_tag", "code_shown")
    list_display_add_buttons = "name_shown"
    unbroken = ("number", "state_tag", "code_shown")
    list_filter = FILTERS
    list_export = (
        "number",
        "name",
        "pathway_shown",
        "stage_shown",
        "language",
        "issued_on",
        "issued_by_shown",
        "state_shown",
        "ended_on",
        "replaces_shown",
        "replaced_by_shown",
        "sent_shown",
        "code_shown",
        "sha256",
    )
    export_filename = "letters"
    ordering = ("-year", "-running_number", "-pk")
    list_select_related = ("issued_by", "replaced_by", "replaces")
    inspect_view_class = LetterInspectView
    inspect_template_name = "imp_letters/admin/letter.html"
    button_helper_class = LetterButtonHelper
    inspect_view_extra_css = [*STYLES, "imp_letters/register.css"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        sendings = Sending.objects.defer("text").order_by("-pk")
        return super().get_queryset(request).prefetch_related(Prefetch("sendings", sendings))

    @admin.display(description=pgettext_lazy("letter", "Number"))
    def number(self, letter: Letter) -> str:
        return letter.number

    @admin.display(description=gettext_lazy("Name as printed"), ordering="folded_name")
    def name_shown(self, letter: Letter) -> SafeString:
        return apart(letter.name)

    @admin.display(description=gettext_lazy("Pathway"))
    def pathway_shown(self, letter: Letter) -> str:
        return letter.snapshot["pathway"]

    @admin.display(description=gettext_lazy("Stage"))
    def stage_shown(self, letter: Letter) -> str:
        return letter.snapshot["stage"]

    @admin.display(description=gettext_lazy("Date of issue"), ordering="issued_on")
    def issued_shown(self, letter: Letter) -> str:
        return long_date(letter.issued_on)

    @admin.display(description=gettext_lazy("Language"))
    def language(self, letter: Letter) -> str:
        return letter.snapshot.get("language", "")

    @admin.display(description=gettext_lazy("Issued by"))
    def issued_by_shown(self, letter: Letter) -> str:
        return name_of(letter.issued_by) if letter.issued_by else ""

    @admin.display(description=gettext_lazy("State"))
    def state_shown(self, letter: Letter) -> str:
        return str(letter.get_state_display())

    @admin.display(description=gettext_lazy("State"), ordering="state")
    def state_tag(self, letter: Letter) -> SafeString:
        primary = " w-status--primary" if letter.is_valid else ""
        tag = format_html('<span class="w-status{}">{}</span>', primary, letter.get_state_display())
        if letter.is_valid:
            return tag
        ended = [long_date(letter.ended_on)] if letter.ended_on else []
        successor = [f"→ {letter.replaced_by.number}"] if letter.replaced_by else []
        line = '<span class="imp-small imp-letters__more">{}</span>'
        return format_html("{}{}", tag, format_html_join("", line, ((text,) for text in ended + successor)))

    @admin.display(description=gettext_lazy("Replaces"))
    def replaces_shown(self, letter: Letter) -> str:
        predecessor = getattr(letter, "replaces", None)
        return predecessor.number if predecessor else ""

    @admin.display(description=gettext_lazy("Replaced by"))
    def replaced_by_shown(self, letter: Letter) -> str:
        return letter.replaced_by.number if letter.replaced_by else ""

    @admin.display(description=gettext_lazy("Sent"))
    def sent_shown(self, letter: Letter) -> str:
        return in_short(letter)

    def get_list_export(self, request: HttpRequest) -> tuple[str, ...]:
        """With the addresses that letters went to, for whoever may see them."""
        return (*self.list_export, "sent_to") if may_see_addresses(request.user) else self.list_export

    @admin.display(description=gettext_lazy("Sent to"))
    def sent_to(self, letter: Letter) -> str:
        sending = latest(letter)
        return sending.to if sending else ""

    @admin.display(description=gettext_lazy("Verification code"))
    def code_shown(self, letter: Letter) -> str:
        return letter.printed_code

    def in_full(self, request: HttpRequest) -> QuerySet:
        people = ("enrolment__participant", "issued_by", "run", "replaced_by", "replaces")
        return super().in_full(request).select_related(*people)

    def facts(self, obj: Letter) -> list[tuple[Any, Any]]:
        check = reverse("imp_letters:verify_code", args=[obj.printed_code])
        return [
            (_("Register number"), obj.number),
            (_("State"), self.state_in_words(obj)),
            (_("Reason"), obj.reason),
            (_("Name as printed"), self.name_with_record(obj)),
            (_("Record of the person"), "" if obj.has_holder else _("erased; only the letter is kept")),
            (_("Issued"), issue_in_words(obj)),
            (_("Issued together"), self.run_link(obj)),
            (_("Verification code"), _link(check, obj.printed_code)),
        ]

    def name_with_record(self, letter: Letter) -> SafeString:
        """The name, which leads to the person's record while there is one."""
        if not letter.has_holder:
            return apart(letter.name)
        return _link(reverse("imp_participants:record", args=[letter.enrolment.participant_id]), apart(letter.name))

    def run_link(self, letter: Letter) -> str | SafeString:
        """The run in which the letter was issued, which leads to all letters of it."""
        return _link(f"{self.url_helper.index_url}?run={letter.run_id}", letter.run.title) if letter.run else ""

    def state_in_words(self, letter: Letter) -> str | SafeString:
        """The state with its day, and the letter that stands in its place or in whose place it stands."""
        predecessor = getattr(letter, "replaces", None)
        if letter.is_valid and predecessor:
            return format_html(_("valid, in place of {number}"), number=self.link_to(predecessor))
        if letter.is_valid:
            return _("valid")
        date = long_date(letter.ended_on)
        if letter.replaced_by:
            return format_html(_("replaced on {date} by {number}"), date=date, number=self.link_to(letter.replaced_by))
        return _("withdrawn on %(date)s") % {"date": date}

    def link_to(self, letter: Letter) -> SafeString:
        return _link(self.url_helper.get_action_url("inspect", letter.pk), letter.number)


def apart(text: str) -> SafeString:
    """A name that cannot turn the direction of what stands around it, whatever signs are in it."""
    return format_html("<bdi>{}</bdi>", text)


def issue_in_words(letter: Letter) -> str:
    """When the letter was issued and by whom, which need not be the date that it bears."""
    moment = in_words(letter.issued_at)
    if letter.issued_by is None:
        return moment
    return _("%(moment)s by %(user)s") % {"moment": moment, "user": name_of(letter.issued_by)}


def _link(address: str, text: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', address, text)
