"""Merge fields: what a letter's wording may say of the participant, by name in braces."""

import string
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

#: Every field, with what it stands for.
FIELDS: dict[str, Promise] = {
    "name": gettext_lazy("name on letters"),
    "programme": gettext_lazy("programme"),
    "pathway": gettext_lazy("pathway"),
    "stage": gettext_lazy("stage"),
    "training": gettext_lazy("title of the training attended"),
    "training_place": gettext_lazy("place of the training attended"),
    "training_dates": gettext_lazy("dates of the training attended"),
    "hours": gettext_lazy("hours attended in this stage"),
    "completed_on": gettext_lazy("date on which the stage was completed"),
    "issued_on": gettext_lazy("date of issue"),
    "number": gettext_lazy("register number"),
    "issuer": gettext_lazy("issuer"),
}


def fields_in(text: str) -> set[str]:
    """The names in braces. Raises ``ValidationError`` for braces that do not close, or hold anything but a name."""
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        raise ValidationError(_("A brace { or } stands alone. Write {{ or }} for the sign itself.")) from error
    named = set()
    for _literal, name, spec, conversion in parts:
        if name is None:
            continue
        if spec or conversion or not name.isidentifier():
            raise ValidationError(_("“{%(name)s}” is not the name of a field."), params={"name": name})
        named.add(name)
    return named


def validate_fields(text: str) -> None:
    """Refuse wording with a field that no letter has, when it is saved and not when a letter is issued."""
    unknown = sorted(fields_in(text) - set(FIELDS))
    if unknown:
        raise ValidationError(
            _("There is no field “{%(name)s}”. There are: %(known)s."),
            params={"name": unknown[0], "known": ", ".join(f"{{{name}}}" for name in FIELDS)},
        )


def fill(text: str, values: Mapping[str, str]) -> str:
    """The wording with its fields filled in; plain text in, plain text out. Each value is taken literally.

    Raises ``ValidationError`` like ``validate_fields``: wording may come from elsewhere than the form.
    """
    validate_fields(text)  # nothing but known, plain names: ``str.format`` would follow attributes
    return text.format_map({name: values.get(name, "") for name in FIELDS})
