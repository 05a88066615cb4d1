"""The forms in which questions are written: in the admin, and while one is being chosen."""

from typing import Any

from django import forms
from wagtail.admin.forms.models import WagtailAdminModelForm

#: A text to be written stands there, so that nobody faces an answer without a place to type.
BEGINNING = [{"type": "paragraph", "value": ""}]


class BeginsWithText(forms.ModelForm):
    """A new question's answer begins with an empty text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding and "answer" in self.fields and not self.instance.answer:
            block = self.instance._meta.get_field("answer").stream_block
            self.initial["answer"] = block.to_python(BEGINNING)


class QuestionForm(BeginsWithText, WagtailAdminModelForm):
    """The form in the admin."""
