"""Model fields for countries and languages, with names in the reader's language."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from .localities import country_choices, language_choices, language_name
from .names import folded


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

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        known = dict(language_choices())
        if not isinstance(value, list):
            raise ValidationError(_("Give a list of language codes."))
        for code in value:
            if not isinstance(code, str) or code not in known:
                raise ValidationError(_("“%(code)s” is not the code of a language."), params={"code": code})

    def formfield(self, **kwargs: Any) -> forms.Field:
        kwargs.pop("encoder", None)
        kwargs.pop("decoder", None)
        return forms.MultipleChoiceField(
            choices=language_choices,
            required=not self.blank,
            label=kwargs.get("label", capfirst(self.verbose_name)),
            help_text=kwargs.get("help_text", self.help_text),
            widget=forms.SelectMultiple(attrs={"size": 8}),
        )


def language_names(codes: list[str]) -> list[str]:
    """The names of languages in the active language, in the order of their codes."""
    return [language_name(code) for code in codes]


class FoldedField(models.CharField):
    """The text of other fields, folded for comparing and sorting; kept by every save, in bulk too.

    ``of`` names one field, or several with spaces between.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"editable": False, "blank": True, **kwargs})

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        # Folding can lengthen a text: some signs stand for whole words.
        text = " ".join(getattr(model_instance, name) for name in self.of.split())
        value = folded(text)[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value
