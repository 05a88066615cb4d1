"""Purposes to choose in staff's forms: under each the wording that is agreed to, closed until somebody wants it."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from .models import Purpose
from .texts import Wording, latest_wordings


class WithWordings(forms.widgets.ChoiceWidget):
    """Each choice is a purpose; what is agreed to stands under it."""

    option_template_name = "imp_directory/admin/purpose_option.html"
    wordings: dict[str, Wording]

    def optgroups(self, *args: Any, **kwargs: Any) -> list[Any]:
        self.wordings = latest_wordings()
        return super().optgroups(*args, **kwargs)

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().create_option(name, value, *args, **kwargs), "wording": self.wordings[value]}


# Named as Django's, because Wagtail's styles for radios and boxes go by the name of a widget's class.
class RadioSelect(WithWordings, forms.RadioSelect):
    """One purpose."""

    option_template_name = WithWordings.option_template_name


class CheckboxSelectMultiple(WithWordings, forms.CheckboxSelectMultiple):
    """Any number of purposes."""

    option_template_name = WithWordings.option_template_name


def wording_to_read(purpose: Purpose) -> SafeString:
    """The wording of one purpose by itself, beside a field that takes it for granted."""
    wording = latest_wordings()[purpose]
    return render_to_string("imp_directory/admin/wording_to_read.html", {"wording": wording, "label": purpose.label})
