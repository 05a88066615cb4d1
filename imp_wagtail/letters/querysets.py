"""Named selections of letters and their templates."""

import re
from typing import Any, NoReturn

from django.db import models
from django.db.models import ProtectedError, Q
from wagtail.models import Locale

from . import codes

#: A register number as people write it; the zeros may be missing.
NUMBER = re.compile(r"(\d{4})[-–/](\d{1,6})", re.ASCII)


class LetterTemplateQuerySet(models.QuerySet):
    def for_stage(self, stage: Any, language: str = "", *, without: frozenset[str] = frozenset()) -> Any:
        """The wording for a stage: its own before the pathway's, the language asked for before the default one.

        Wording that names one of the merge fields ``without`` a value is passed over. ``None`` where none is left.
        """
        wanted = [locale for locale in (language, Locale.get_default().language_code) if locale]
        found = self.filter(
            pathway__translation_key=stage.pathway.translation_key, locale__language_code__in=wanted
        ).select_related("locale", "stage")
        fitting = [
            template
            for template in found
            if (template.stage is None or template.stage.translation_key == stage.translation_key)
            and not template.fields & without
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

    def with_code(self, code: str) -> "LetterQuerySet":
        """The letter with this stored code, and what the verification page says of it, in one query."""
        return self.filter(code=code).select_related("replaced_by")

    def matching(self, text: str) -> "LetterQuerySet":
        """Letters with this code, or of which every word is the number or in the name, in any order."""
        found = Q()
        for word in text.split():
            found &= Q(name__icontains=word) | numbered(word)
        code = codes.parse(text)
        return self.filter(found | Q(code=code) if code else found)

    def delete(self) -> NoReturn:
        """Letters are never deleted; see ``Letter.delete``."""
        raise ProtectedError("Letters are withdrawn, never deleted.", set(self[:10]))

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


def numbered(word: str) -> Q:
    """Letters with this register number, "2027-0001"; none for any other word."""
    number = NUMBER.fullmatch(word)
    return Q(year=number[1], running_number=number[2]) if number else Q(pk__in=[])
