"""Model fields for countries and languages, with names in the reader's language."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from imp_wagtail.core.localities import country_choices, language_choices, language_name
from imp_wagtail.core.names import folded, name_key
from imp_wagtail.core.widgets import SeveralSelects


class CountryField(models.CharField):
    """An ISO 3166 code of two capital letters; the choices are named in the active language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", _("country"))
        kwargs["max_length"] = 2
        kwargs["choices"] = country_choices
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"], kwargs["choices"]
        return name, path, args, kwargs


class LanguageField(models.CharField):
    """An ISO 639-1 code of two small letters; the choices are named in the active language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", _("language"))
        kwargs["max_length"] = 2
        kwargs["choices"] = language_choices
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"], kwargs["choices"]
        return name, path, args, kwargs


class LanguagesField(models.JSONField):
    """A list of language codes, in the order in which they were chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", _("languages"))
        kwargs.setdefault("default", list)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs: Any) -> forms.Field:
        """A few selects; forms give the codes as a list."""
        return forms.MultipleChoiceField(
            choices=language_choices,
            required=not self.blank,
            label=kwargs.get("label", capfirst(self.verbose_name)),
            help_text=kwargs.get("help_text", self.help_text),
            widget=SeveralSelects,
        )

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        known = dict(language_choices())
        if not isinstance(value, list):
            raise ValidationError(_("Give a list of language codes."))
        for code in value:
            if not isinstance(code, str) or code not in known:
                raise ValidationError(_("“%(code)s” is not the code of a language."), params={"code": code})


def language_names(codes: list[str]) -> list[str]:
    """The names of languages in the active language, in the order of their codes."""
    return [language_name(code) for code in codes]


class EmailKeyField(models.CharField):
    """An e-mail address of another field as it identifies a person, kept by every save; ``None`` for no address.

    Unique: databases hold ``NULL`` distinct, so that any number of people may be without one.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"editable": False, "null": True, "unique": True, "max_length": 254, **kwargs})

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:
        value = email_key(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, value)
        return value


def email_key(address: str) -> str | None:
    """An address however it is capitalised, as it identifies a person; ``None`` for none."""
    return address.strip().lower() or None


class CodePointField(models.CharField):
    """Text compared and sorted sign by sign on every database, so that what begins alike is one range of its index.

    The usual collations of PostgreSQL and MariaDB sort as a dictionary does, and scatter it.
    """

    COLLATIONS = {"postgresql": "C", "mysql": "utf8mb4_bin"}

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        return {**super().db_parameters(connection), "collation": self.COLLATIONS.get(connection.vendor)}


class FoldedField(models.CharField):
    """The text of other fields, folded for comparing and sorting; kept by every save, in bulk too.

    ``of`` names one field, or several with spaces between. ``sort_words`` puts the words into one order, so
    that "Jansen, Zoë" and "Zoë Jansen" are the same.
    """

    def __init__(self, *args: Any, of: str, sort_words: bool = False, **kwargs: Any) -> None:
        self.of = of
        self.sort_words = sort_words
        super().__init__(*args, **{"editable": False, "blank": True, **kwargs})

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, args, kwargs = super().deconstruct()
        if self.sort_words:
            kwargs["sort_words"] = True
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        # Folding can lengthen a text: some signs stand for whole words.
        text = " ".join(getattr(model_instance, name) for name in self.of.split())
        value = (name_key(text) if self.sort_words else folded(text))[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value
