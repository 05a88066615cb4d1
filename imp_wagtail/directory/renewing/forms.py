"""All that a teacher may say of their own entry, in one form."""

import re
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core.forms import TextField
from imp_wagtail.core.localities import language_choices
from imp_wagtail.core.sending import SeenFormMixin
from imp_wagtail.core.widgets import LongSelect

from ..contact.forms import FocusedForm
from ..details import details_of
from ..forms import web_address
from ..models import Course, Purpose, Teacher
from ..texts import latest_wordings

#: What of an entry a teacher changes by themselves.
OWN_DETAILS = ("about", "website", "languages", "teaches_online", "teaches_in_person")


class AnswerForm(FocusedForm):
    """What a teacher agrees to, what the entry says, and the states of the courses.

    A purpose whose wording is new is asked for anew: what was agreed to before is no answer to it. ``read`` carries
    which versions the page showed, so that nobody agrees to what they have not seen; ``told_of`` which consents its
    sender was told would end with it.
    """

    about = TextField(
        label=gettext_lazy("About you"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("A few sentences, plain text."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    website = web_address(gettext_lazy("Your website"))
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages you teach in"), required=False, widget=forms.CheckboxSelectMultiple
    )
    another = forms.ChoiceField(label=gettext_lazy("One more language"), required=False, widget=LongSelect)
    teaches_online = forms.BooleanField(label=gettext_lazy("I teach online"), required=False)
    teaches_in_person = forms.BooleanField(label=gettext_lazy("I teach in person"), required=False)
    read = forms.CharField(required=False, widget=forms.HiddenInput)
    told_of = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, teacher: Teacher) -> None:
        details = details_of(teacher)
        super().__init__(data, initial={name: details[name] for name in OWN_DETAILS})
        self.wordings = latest_wordings()
        self.latest = {purpose: wording.version for purpose, wording in self.wordings.items()}
        self.held = {one.purpose: one for one in teacher.consents.all() if one.ended_on is None}
        self.counting = {one.purpose for one in teacher.current_consents}
        self.upcoming = list(teacher.courses.upcoming())
        self._ask_for_languages(details["languages"])
        self._ask_for_consents()
        for course in self.upcoming:
            self.fields[f"course_{course.pk}"] = forms.ChoiceField(
                label=course.title, help_text=course.dates, choices=Course.State, initial=course.state
            )

    def _ask_for_languages(self, languages: list[str]) -> None:
        shown = {*languages, *(self.data.getlist("languages") if self.is_bound else [])}
        self.fields["languages"].choices = [choice for choice in language_choices() if choice[0] in shown]
        rest = [choice for choice in language_choices() if choice[0] not in languages]
        self.fields["another"].choices = [("", "–"), *rest]

    def _ask_for_consents(self) -> None:
        self.fields["read"].initial = self._versions()
        for purpose in Purpose:
            self.fields[purpose.value] = forms.BooleanField(
                label=purpose.label,
                required=False,
                initial=purpose in self.held and not self.is_new(purpose),
                help_text=self.wordings[purpose].text,
            )

    def is_new(self, purpose: str) -> bool:
        """Whether an earlier wording was agreed to."""
        return purpose in self.held and self.held[purpose].version < self.latest[purpose]

    def _versions(self) -> str:
        return " ".join(f"{purpose}:{version}" for purpose, version in self.latest.items())

    @property
    def leaves(self) -> bool:
        """Whether somebody who agreed to a public profile does so no more; whatever else the form says."""
        return Purpose.PROFILE in self.held and not self.cleaned_data.get(Purpose.PROFILE.value)

    @property
    def endings(self) -> list[Purpose]:
        """Of a valid form: what counts as agreed to, to whichever wording, and is not ticked any more."""
        return [purpose for purpose in Purpose if purpose in self.counting and not self.cleaned_data[purpose.value]]

    @property
    def ends_are_meant(self) -> bool:
        """Whether its sender was told of all of these; if not, the form brings them along from now on."""
        if set(self.endings) <= set(self.cleaned_data["told_of"].split()):
            return True
        self._set("told_of", " ".join(self.endings))
        return False

    def keep_all(self) -> None:
        """Let nothing end, for a form that is looked at once more; a new wording remains a question."""
        self._set("told_of", "")
        for purpose in self.endings:
            if not self.is_new(purpose):
                self._set(purpose.value, "on")

    def _set(self, name: str, value: str) -> None:
        self.data = self.data.copy()
        self.data[self.add_prefix(name)] = value

    @property
    def consent_fields(self) -> list[tuple[BoundField, bool]]:
        """For the template: a field for each purpose, and whether its wording is new to this teacher."""
        return [(self[purpose.value], self.is_new(purpose)) for purpose in Purpose]

    @property
    def course_fields(self) -> list[BoundField]:
        """For the template: a field for the state of each course."""
        return [self[f"course_{course.pk}"] for course in self.upcoming]

    @property
    def answer(self) -> dict[str, Any]:
        """What ``actions.answer`` is called with, of a valid form."""
        said = self.cleaned_data
        return {
            "purposes": [purpose for purpose in Purpose if said[purpose.value]],
            "read": self._read(),
            "states": {course.pk: said[f"course_{course.pk}"] for course in self.upcoming},
            **{name: said[name] for name in OWN_DETAILS},
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["languages"] = [*cleaned.get("languages", []), *filter(None, [cleaned.get("another")])]
        if not cleaned["languages"] and "languages" not in self.errors:
            self.add_error("languages", _("Choose at least one language."))
        if not (cleaned.get("teaches_online") or cleaned.get("teaches_in_person")):
            self.add_error("teaches_in_person", _("Choose at least one: online, in person, or both."))
        if not (cleaned.get(Purpose.PROFILE.value) or Purpose.PROFILE in self.held):
            self.add_error(Purpose.PROFILE.value, _("Without this there is no entry in the directory."))
        self._refuse_unread()
        return cleaned

    def _refuse_unread(self) -> None:
        """What was ticked beside another wording is asked for anew, with the one that stands now."""
        read = self._read()
        for purpose in Purpose:
            holds = purpose in self.held and not self.is_new(purpose)
            if self.cleaned_data.get(purpose.value) and not holds and read.get(purpose) != self.latest[purpose]:
                self.data = self.data.copy()
                self.data.pop(self.add_prefix(purpose.value))
                self._set("read", self._versions())
                self.add_error(
                    purpose.value, _("The wording has just changed. Read it, and tick again if you agree to it.")
                )

    def _read(self) -> dict[str, int]:
        pairs = re.findall(r"(\w{1,12}):(\d{1,5})\b", self.cleaned_data.get("read") or "", re.ASCII)
        return {purpose: int(version) for purpose, version in pairs}


class RenewalForm(SeenFormMixin, AnswerForm):
    """The same; nobody overwrites what staff changed meanwhile. Consent is the teacher's, whatever staff recorded."""

    def watched(self) -> list[str]:
        return [*OWN_DETAILS, *(f"course_{course.pk}" for course in self.upcoming)]
