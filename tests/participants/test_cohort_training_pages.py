"""A training's page in Wagtail's admin: it leads to its cohorts, and is not deleted from under them."""

from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from imp_wagtail.participants.models import Cohort
from imp_wagtail.trainings.models import TrainingPage
from tests.factories import (
    CohortFactory,
    PathwayFactory,
    TrainingIndexPageFactory,
    TrainingPageFactory,
    UserFactory,
    editor,
    facilitator,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> TrainingPage:
    return TrainingPageFactory(title="Training in Spain", pathway=PathwayFactory())


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(UserFactory(superuser=True))
    return client


def looks(client: Client, page: TrainingPage) -> list[str]:
    """Where a training's page is met: its editor, and the list of pages that has it."""
    return [
        client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).text,
        client.get(reverse("wagtailadmin_explore", args=[page.get_parent().pk])).text,
    ]


def cohort_url(cohort: Cohort) -> str:
    return reverse("imp_cohorts:cohort", args=[cohort.pk])


class TestTheButton:
    def test_leads_to_the_cohort(self, admin: Client, page: TrainingPage) -> None:
        one = CohortFactory(training=page)
        for text in looks(admin, page):
            assert f'href="{cohort_url(one)}"' in text
            assert "Open cohort" in text

    def test_leads_to_the_list_of_several(self, admin: Client, page: TrainingPage) -> None:
        for _number in range(2):
            CohortFactory(training=page)
        CohortFactory(title="Elsewhere")
        where = f"{reverse('imp_cohorts:index')}?training={page.pk}"
        for text in looks(admin, page):
            assert f'href="{where}"' in text

        assert len(admin.get(where).context["object_list"]) == 2

    def test_makes_a_new_one_where_there_is_none(self, admin: Client, page: TrainingPage) -> None:
        where = f"{reverse('imp_cohorts:add')}?training={page.pk}"
        for text in looks(admin, page):
            assert f'href="{where}"' in text
        form = admin.get(where).context["form"]

        assert (form["title"].value(), form["kind"].value()) == ("Training in Spain", "training")
        assert (form["pathway"].value(), form["training"].value()) == (page.pathway.pk, page.pk)
        data = {"title": "Spain", "kind": "training", "pathway": page.pathway.pk, "training": page.pk}
        admin.post(where, data)
        assert list(page.cohorts.values_list("title", flat=True)) == ["Spain"]

    @pytest.mark.parametrize("key", ["0", "x", "", "9" * 40, "²"])
    def test_s_form_is_empty_where_there_is_no_such_training(self, admin: Client, key: str) -> None:
        form = admin.get(reverse("imp_cohorts:add"), {"training": key}).context["form"]

        assert not form["title"].value()

    def test_is_not_on_other_pages(self, admin: Client, page: TrainingPage) -> None:
        assert "New cohort" not in admin.get(reverse("wagtailadmin_pages:edit", args=[page.get_parent().pk])).text

    def test_is_not_for_editors(self, client: Client, page: TrainingPage) -> None:
        one = CohortFactory(training=page)
        client.force_login(editor())
        for text in looks(client, page):
            assert cohort_url(one) not in text
            assert "cohort" not in text.lower()

    def test_leads_a_facilitator_who_edits_to_their_own_cohorts_only(self, client: Client, page: TrainingPage) -> None:
        user = facilitator()
        user.groups.add(*editor().groups.all())
        other, own = CohortFactory(training=page), CohortFactory(training=page)
        client.force_login(user)
        for text in looks(client, page):
            assert "Open cohort" not in text
            assert "New cohort" not in text
        own.facilitators.add(user)
        for text in looks(client, page):
            assert cohort_url(own) in text
            assert cohort_url(other) not in text

    def test_costs_a_list_of_pages_one_query_however_many_trainings(self, admin: Client, page: TrainingPage) -> None:
        def about_cohorts() -> int:
            with CaptureQueriesContext(connection) as captured:
                admin.get(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))
            table = connection.ops.quote_name(Cohort._meta.db_table)
            return sum(f"FROM {table}" in query["sql"] for query in captured)

        for _number in range(5):
            CohortFactory(training=TrainingPageFactory())

        assert about_cohorts() == 1


class TestDeletion:
    def delete(self, client: Client, page: Any) -> HttpResponse:
        where = reverse("wagtailadmin_pages:delete", args=[page.pk])
        assert client.get(where, follow=True).status_code == 200
        return client.post(where, follow=True)

    def test_of_a_training_with_a_cohort_is_refused(self, admin: Client, page: TrainingPage) -> None:
        one = CohortFactory(training=page)
        response = self.delete(admin, page)

        assert "Nothing was deleted: a cohort goes through “Training in Spain”" in response.text
        assert Cohort.objects.get(pk=one.pk).training == page

    def test_is_refused_before_anybody_is_asked_to_confirm(self, admin: Client, page: TrainingPage) -> None:
        CohortFactory(training=page)
        response = admin.get(reverse("wagtailadmin_pages:delete", args=[page.pk]))

        assert response.url == reverse("wagtailadmin_explore", args=[page.get_parent().pk])

    def test_of_the_index_above_it_is_refused(self, admin: Client, page: TrainingPage) -> None:
        CohortFactory(training=page)
        self.delete(admin, page.get_parent())

        assert TrainingPage.objects.filter(pk=page.pk).exists()

    def test_of_several_pages_at_once_is_refused_as_a_whole(self, admin: Client, page: TrainingPage) -> None:
        free = TrainingPageFactory()
        CohortFactory(training=page)
        where = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
        response = admin.post(f"{where}?id={page.pk}&id={free.pk}&next=/admin/pages/", follow=True)

        assert "Nothing was deleted" in response.text
        assert TrainingPage.objects.count() == 2

    def test_of_trainings_without_cohorts_goes_on(self, admin: Client, page: TrainingPage) -> None:
        CohortFactory(training=TrainingPageFactory(title="Another"))
        self.delete(admin, page)
        other = TrainingPageFactory()
        where = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
        admin.post(f"{where}?id={other.pk}&next=/admin/pages/")

        assert list(TrainingPage.objects.values_list("title", flat=True)) == ["Another"]

    def test_of_other_pages_goes_on(self, admin: Client) -> None:
        index = TrainingIndexPageFactory(slug="empty")
        self.delete(admin, index)

        assert not type(index).objects.filter(pk=index.pk).exists()
