"""Forms that are sent: a double click acts once, and nobody overwrites what they have not seen."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import SentForm
from .words import in_a_row

#: How long a second click is remembered.
REMEMBERED = dt.timedelta(days=2)


class AlreadySentError(Exception):
    """This form was sent before, and acted on."""


def new_token() -> str:
    """A token for one showing of a form; it travels in the hidden field ``once``."""
    return uuid4().hex


@contextmanager
def once(request: HttpRequest) -> Iterator[None]:
    """The block is one transaction, and runs once for a form; it raises ``AlreadySentError`` for the second click.

    A second click while the first is still at work waits for it: the token's row is locked. Where the block fails,
    the form may be sent again. A form without a token (of a script) acts each time.
    """
    mark = _mark(request)
    with transaction.atomic():
        if mark:
            _remember(mark, request.user)
        yield


def was_sent(request: HttpRequest) -> bool:
    """Whether this is the second click on a form that was acted on."""
    mark = _mark(request)
    return bool(mark) and SentForm.objects.filter(token=mark).exists()


def _mark(request: HttpRequest) -> str:
    """What a sending is remembered by: the form's token, and all that is in it; empty without a token.

    Whoever goes back to a form that was acted on, and sends something else with it, means something else.
    """
    if not request.POST.get("once"):
        return ""
    fields = [(name, request.POST.getlist(name)) for name in request.POST if name != "csrfmiddlewaretoken"]
    files = [(name, [(file.name, file.size) for file in request.FILES.getlist(name)]) for name in request.FILES]
    sending = json.dumps([request.user.pk, sorted(fields), sorted(files)], default=str)
    return hashlib.sha256(sending.encode()).hexdigest()


def _remember(token: str, user: Any) -> None:
    SentForm.objects.filter(sent_at__lt=timezone.now() - REMEMBERED).delete()
    try:
        with transaction.atomic():
            SentForm.objects.create(token=token, user=user)
    except IntegrityError as error:
        raise AlreadySentError from error


class SeenFormMixin(forms.Form):
    """For forms that change a record: whoever sends one is told what somebody else changed since it was shown.

    Nothing typed is lost: the form comes back with it, and sending it once more is a decision. What one left alone
    and somebody else changed comes back as theirs. ``watched`` names the fields to look at; those that the form
    shows unless given.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current = {name: shown(self, name) for name in self.watched()}
        self.fields["seen"].initial = signing.dumps(self.current, salt=type(self).__name__, compress=True)

    def watched(self) -> Iterable[str]:
        """The names of the fields whose change by others matters."""
        return [name for name, field in self.fields.items() if not field.widget.is_hidden]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned is None:
            cleaned = self.cleaned_data
        seen = self._seen()
        changed = [name for name, value in seen.items() if self.current[name] not in (value, typed(self, name))]
        if changed:
            self._show_what_is_seen_now(name for name in changed if typed(self, name) == seen[name])
            listed = "; ".join(f"{self.fields[name].label}: {self.current[name] or '–'}" for name in changed)
            raise ValidationError(
                _(
                    "Somebody else changed this while you were at it. It now says: %(changes)s. What you typed is "
                    "still here: save once more to put it in the place of theirs."
                )
                % {"changes": listed}
            )
        cleaned.pop("seen", None)  # of no use to whoever acts on the rest
        return cleaned

    def _seen(self) -> dict[str, str]:
        """What the form showed of the watched fields when it was loaded."""
        try:
            seen = signing.loads(self.data.get(self.add_prefix("seen")) or "", salt=type(self).__name__)
        except signing.BadSignature:
            return {}  # a script that sends no such field has seen nothing
        # A form may leave fields out once it is made: for lack of a permission, or where there is nothing to ask.
        return {name: value for name, value in seen.items() if name in self.current and name in self.fields}

    def _show_what_is_seen_now(self, left_alone: Iterable[str]) -> None:
        """The form as it comes back: ``left_alone`` are the fields in which nothing was typed."""
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = self.fields["seen"].initial
        for name in left_alone:
            send_anew(self, name)


def shown(form: forms.Form, name: str) -> str:
    """The stored value of a field as the form shows it."""
    return _as_text(form.fields[name], form.get_initial_for_field(form.fields[name], name))


def send_anew(form: forms.Form, name: str) -> None:
    """Put the stored value of a field in the place of what was sent, in the shape in which a browser sends it."""
    field, key = form.fields[name], form.add_prefix(name)
    value = field.widget.format_value(field.prepare_value(form.get_initial_for_field(field, name)))
    if not isinstance(value, list):
        form.data[key] = "" if value is None else value
    elif getattr(field.widget, "allow_multiple_selected", False):
        form.data.setlist(key, value)
    else:
        form.data[key] = next(iter(value), "")


def typed(form: forms.Form, name: str) -> str:
    """The value of a field as it was sent, in the same shape."""
    return _as_text(form.fields[name], form.cleaned_data.get(name))


def _as_text(field: forms.Field, value: Any) -> str:
    value = field.prepare_value(value)
    if value in (None, "", []):
        return ""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(field, forms.ModelChoiceField) and not isinstance(field, forms.ModelMultipleChoiceField):
        chosen = field.queryset.filter(pk=value).first()
        return str(chosen or value)
    choices = getattr(field, "choices", None)
    if choices is not None:
        labels = {str(key): str(label) for key, label in choices}
        chosen = value if isinstance(value, list | tuple) else [value]
        return in_a_row(sorted(labels.get(str(item), str(item)) for item in chosen))
    return " ".join(str(value).split())
