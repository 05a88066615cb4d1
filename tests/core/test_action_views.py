"""From a form in the admin to a verb, and the verb's refusal back beside the field."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from imp_wagtail.core.action_views import ActionFormView, add_errors
from tests.factories import UserFactory


class NameForm(forms.Form):
    name = forms.CharField()
    note = forms.CharField(required=False)


def filled(**data: str) -> NameForm:
    form = NameForm({"name": "Ana", **data})
    assert form.is_valid()
    return form


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        (ValidationError("Not today."), {"__all__": ["Not today."]}),
        (ValidationError(["Not today.", "Nor tomorrow."]), {"__all__": ["Not today.", "Nor tomorrow."]}),
        (ValidationError({"name": "Taken."}), {"name": ["Taken."]}),
        (ValidationError({"name": "Taken.", "note": "Long."}), {"name": ["Taken."], "note": ["Long."]}),
        (ValidationError({"colour": "None such."}), {"__all__": ["None such."]}),
        (ValidationError({"__all__": "Not today."}), {"__all__": ["Not today."]}),
    ],
)
def test_an_error_stands_beside_its_field_and_above_the_form_where_there_is_none(
    error: ValidationError, shown: dict[str, list[str]]
) -> None:
    form = filled()
    add_errors(form, error)

    assert form.errors == shown


class GreetView(ActionFormView):
    permission = "imp_participants.change_participant"
    form_class = NameForm

    def look_up(self, **kwargs: Any) -> None:
        raise Http404


def get(view: type[ActionFormView], user: Any) -> HttpResponse:
    request = RequestFactory().get("/")
    request.user = user
    return view.as_view()(request)


@pytest.mark.django_db
def test_whoever_lacks_the_permission_is_refused_before_anything_is_looked_up() -> None:
    with pytest.raises(PermissionDenied):
        get(GreetView, UserFactory())
    with pytest.raises(Http404):
        get(GreetView, UserFactory(superuser=True))


@pytest.mark.django_db
def test_a_view_that_names_no_permission_is_for_nobody() -> None:
    class Open(GreetView):
        permission = ""

    with pytest.raises(PermissionDenied):
        get(Open, UserFactory(superuser=True))


def test_a_view_without_a_verb_says_so() -> None:
    with pytest.raises(NotImplementedError):
        GreetView().act({})
