"""Named selections of letters and their templates."""

import re
from collections.abc import Iterable
from typing import Any, NoReturn

from django.db import models
from django.db.models import Exists, F, OuterRef, ProtectedError, Q
from wagtail.models import Locale

from imp_wagtail.core.names import words_of
from imp_wagtail.core.outgoing import Outgoing, is_lost

from . import codes

SENT, FAILED = Q(state=Outgoing.State.SENT), Q(state=Outgoing.State.FAILED)
#: A register number as people write it; the zeros may be missing.
NUMBER = re.compile(r"(\d{4})[-–/](\d{1,6})", re.ASCII)


class LetterTemplateQuerySet(models.QuerySet):
    def for_stage(self, stage: Any, language: str = "", *, without: frozenset[str] = frozenset()) -> Any:
        """The published template for one stage; see ``PublishedTemplates.for_stage``."""
        return self.published_for([stage]).for_stage(stage, language, without=without)

    def published_for(self, stages: Iterable[Any]) -> "PublishedTemplates":
        """All from which letters for these stages are issued, in every language; read at once."""
        pathways = {stage.pathway.translation_key for stage in stages}
        found = self.filter(live=True, pathway__translation_key__in=pathways)
        return PublishedTemplates(found.select_related("locale", "pathway", "stage", "logo"))


class PublishedTemplates:
    """Published templates, from which the one that fits is chosen without asking the database again."""

    def __init__(self, templates: Iterable[Any]) -> None:
        #: Each with the merge fields that its wording names.
        self.templates = [(template, template.fields) for template in templates]
        self.default = Locale.get_default().language_code

    def for_stage(self, stage: Any, language: str = "", *, without: frozenset[str] = frozenset()) -> Any:
        """The template for a stage: its own before the pathway's, the language asked for before the default.

        Wording that names one of the merge fields ``without`` a value is passed over. ``None`` where none is left.
        """
        wanted = [locale for locale in (language, self.default) if locale]
        fitting = [
            template
            for template, fields in self.templates
            if template.locale.language_code in wanted
            and template.pathway.translation_key == stage.pathway.translation_key
            and (template.stage is None or template.stage.translation_key == stage.translation_key)
            and not fields & without
        ]
        return min(
            fitting,
            key=lambda template: (template.stage is None, wanted.index(template.locale.language_code), template.pk),
            default=None,
        )


class LetterQuerySet(models.QuerySet):
    def valid(self) -> "LetterQuerySet":
        """Letters that stand: neither replaced nor withdrawn."""
        return self.filter(stands=True)

    def sent(self) -> "LetterQuerySet":
        """Letters that the mail server took at least once."""
        return self.filter(self._has_sending(SENT))

    def perhaps_sent(self) -> "LetterQuerySet":
        """Letters handed to the mail server, of which nobody knows whether it took them; none of those sent."""
        return self.filter(self._has_sending(is_lost()), ~self._has_sending(SENT))

    def not_sent(self) -> "LetterQuerySet":
        """Letters that were neither sent nor perhaps sent, whatever somebody has asked for."""
        return self.filter(~self._has_sending(SENT | is_lost()))

    def sending_failed(self) -> "LetterQuerySet":
        """Letters not sent although somebody asked for it, and it was given up."""
        return self.not_sent().filter(self._has_sending(FAILED))

    def _has_sending(self, which: Q) -> Exists:
        sendings = self.model._meta.get_field("sendings").related_model.objects
        return Exists(sendings.filter(which, letter=OuterRef("pk")))

    def for_checking(self) -> "LetterQuerySet":
        """With what is said of the newer letter, where there is one: ``successor_code``, ``successor_issued_on``."""
        return self.annotate(successor_code=F("replaced_by__code"), successor_issued_on=F("replaced_by__issued_on"))

    def matching(self, text: str) -> "LetterQuerySet":
        """Letters with this code, or of which every word is the number or in the name, in any order."""
        found = Q()
        for word in text.split():
            found &= named(word) | numbered(word)
        code = codes.parse(text)
        return self.filter(found | Q(code=code) if code else found)

    def delete(self) -> NoReturn:
        """Letters are never deleted; see ``Letter.delete``."""
        raise ProtectedError("Letters are withdrawn, never deleted.", set(self[:10]))

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


def named(word: str) -> Q:
    """Letters with this in the name, in any spelling; none for mere signs."""
    parts = words_of(word)
    return Q(*(("folded_name__contains", part) for part in parts)) if parts else Q(pk__in=[])


def numbered(word: str) -> Q:
    """Letters with this register number, "2027-0001"; none for any other word."""
    number = NUMBER.fullmatch(word)
    return Q(year=number[1], running_number=number[2]) if number else Q(pk__in=[])
