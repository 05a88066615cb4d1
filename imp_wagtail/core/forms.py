"""Fields that the rooms' short forms share."""

from typing import Any

from django import forms
from django.utils import timezone


class TextField(forms.CharField):
    """Several lines. A browser counts the end of each as one character and sends two; stored is one."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class DayInput(forms.DateInput):
    """The browser's own date field: by keyboard or calendar, in the reader's notation, without JavaScript."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day; today unless said otherwise."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"initial": timezone.localdate, "widget": DayInput, **kwargs})
