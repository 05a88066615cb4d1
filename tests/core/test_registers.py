"""The base of registers, seen on one that shows less than there is."""

from typing import Any

import pytest
from django.contrib.admin import SimpleListFilter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.test import RequestFactory

from imp_wagtail.letters.models import Letter
from imp_wagtail.letters.register.modeladmin import LetterRegister
from imp_wagtail.pathways.models import Stage
from tests.factories import StageFactory, UserFactory, registrar
from tests.letters.conftest import completed

pytestmark = pytest.mark.django_db


class RegisterOf2025(LetterRegister):
    """Letters of one year; the others are not its business."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(year=2025)


@pytest.fixture
def stage() -> Stage:
    return StageFactory()


def letter_of(year: int, stage: Stage) -> Letter:
    snapshot = {"stage": "Engagement", "pathway": "Pathway", "training": None}
    texts = {"completed_on_text": "1 March", "issued_on_text": "1 June"}
    return Letter.objects.create(
        enrolment=completed(stage),
        stage=stage,
        year=year,
        running_number=1,
        code=str(year),
        name="Ana",
        snapshot=snapshot | texts,
        issued_on=f"{year}-06-01",
    )


def request_of(user: Any, **query: str) -> HttpRequest:
    request = RequestFactory().get("/", query)
    request.user = user
    return request


def test_what_the_list_hides_is_neither_listed_nor_exported_nor_inspected(stage: Stage) -> None:
    shown, hidden = letter_of(2025, stage), letter_of(2026, stage)
    register, user = RegisterOf2025(), registrar()

    listing = register.index_view(request_of(user))
    export = register.index_view(request_of(user, export="csv"))

    assert list(listing.context_data["object_list"]) == [shown]
    assert b"2026-0001" not in b"".join(export.streaming_content)
    assert register.inspect_view(request_of(user), str(shown.pk)).context_data["instance"] == shown
    with pytest.raises(Http404):
        register.inspect_view(request_of(user), str(hidden.pk))


def test_permission_is_asked_for_before_a_record_is_looked_for() -> None:
    register, nobody = RegisterOf2025(), UserFactory()

    for there_is_none in ("1", "x"):
        with pytest.raises(PermissionDenied):
            register.inspect_view(request_of(nobody), there_is_none)


def test_a_page_of_the_list_has_as_many_rows_as_the_settings_say(stage: Stage, settings: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "LIST_PER_PAGE": 1}
    letters = [letter_of(year, stage) for year in (2024, 2025, 2026)]
    register, user = LetterRegister(), registrar()

    def rows(page: str) -> list[Letter]:
        return list(register.index_view(request_of(user, p=page)).context_data["object_list"])

    assert [rows("1"), rows("2"), rows("3")] == [[letter] for letter in reversed(letters)]


def test_a_register_has_filters_only_whose_parameters_it_can_know() -> None:
    class Careless(LetterRegister):
        list_filter = ("issued_by",)

    class Django(SimpleListFilter):
        parameter_name = "x"

    class AlsoCareless(LetterRegister):
        list_filter = (Django,)

    for register in (Careless, AlsoCareless):
        with pytest.raises(ImproperlyConfigured, match="ChoiceFilter"):
            register()
