"""How a training's page comes to its readers: drafts, schedules, a second pair of eyes, and back again."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import (
    GroupApprovalTask,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)

from imp_wagtail.trainings.models import TrainingIndexPage, TrainingPage
from tests.factories import TrainingIndexPageFactory, TrainingPageFactory, UserFactory
from tests.trainings.support import clock, published, send, words_of

pytestmark = pytest.mark.django_db

TITLE = "Nine days by the lake"


@pytest.fixture
def index() -> TrainingIndexPage:
    return TrainingIndexPageFactory()


def calendar(client: Client, index: TrainingIndexPage) -> str:
    return client.get(f"{index.get_url()}calendar.ics").text.replace("\r\n ", "")


class TestASchedule:
    def test_nobody_reads_of_a_training_before_its_hour(self, client: Client, index: TrainingIndexPage) -> None:
        hour = timezone.now() + dt.timedelta(hours=2)
        page = TrainingPageFactory(parent=index, title=TITLE, live=False)
        page.go_live_at = hour
        page.save_revision().publish()
        call_command("publish_scheduled")

        assert TITLE not in words_of(client, index.get_url())
        assert TITLE not in calendar(client, index)
        assert client.get(page.get_url()).status_code == 404

        with clock((hour + dt.timedelta(minutes=1)).replace(tzinfo=None)):
            call_command("publish_scheduled")

        assert TITLE in words_of(client, index.get_url())
        assert TITLE in calendar(client, index)
        assert client.get(page.get_url()).status_code == 200

    def test_one_that_runs_out_is_gone_from_pages_and_cancelled_in_calendars(
        self, client: Client, index: TrainingIndexPage
    ) -> None:
        hour = timezone.now() + dt.timedelta(hours=2)
        page = published(TrainingPageFactory(parent=index, title=TITLE, expire_at=hour))
        assert "STATUS:CONFIRMED" in calendar(client, index)

        with clock((hour + dt.timedelta(minutes=1)).replace(tzinfo=None)):
            call_command("publish_scheduled")

        assert TITLE not in words_of(client, index.get_url())
        assert client.get(page.get_url()).status_code == 404
        assert "STATUS:CANCELLED" in calendar(client, index)


class TestADraft:
    def test_readers_go_on_reading_what_was_published(self, client: Client, index: TrainingIndexPage) -> None:
        page = published(TrainingPageFactory(parent=index, title=TITLE))
        page.title = "Ten days"
        page.save_revision()

        assert TITLE in words_of(client, index.get_url())
        assert "Ten days" not in words_of(client, index.get_url())
        assert TITLE in client.get(page.get_url()).text
        assert "Ten days" not in calendar(client, index)


class TestAWorkflow:
    """Whoever may write and not publish submits; whoever is asked publishes."""

    @pytest.fixture
    def author(self) -> Client:
        """Somebody who may write pages, and may not publish them."""
        authors = Group.objects.create(name="Authors")
        authors.permissions.add(Permission.objects.get(codename="access_admin"))
        for codename in ("add_page", "change_page"):
            permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
            GroupPagePermission.objects.create(group=authors, page=Page.get_first_root_node(), permission=permission)
        author = UserFactory()
        author.groups.add(authors)
        client = Client()
        client.force_login(author)
        return client

    @pytest.fixture(autouse=True)
    def reading(self) -> None:
        """Pages are read by an administrator before they are published."""
        task = GroupApprovalTask.objects.create(name="Reading")
        workflow = Workflow.objects.create(name="Reading")
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        WorkflowPage.objects.update_or_create(page=Page.get_first_root_node(), defaults={"workflow": workflow})

    def test_a_submitted_training_is_public_when_it_is_approved(
        self, author: Client, admin_client: Client, client: Client, index: TrainingIndexPage
    ) -> None:
        page = TrainingPageFactory(parent=index, title="Draft", live=False)
        page.save_revision()

        send(author, page, publish=False, title=TITLE, **{"action-submit": "1"})
        page = TrainingPage.objects.get(pk=page.pk)
        assert page.current_workflow_state.status == WorkflowState.STATUS_IN_PROGRESS
        assert TITLE not in words_of(client, index.get_url())

        task = page.current_workflow_task_state
        admin_client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", task.pk]))
        assert TITLE in words_of(client, index.get_url())
        assert TITLE in calendar(client, index)

    def test_nobody_publishes_who_may_not(self, author: Client, client: Client, index: TrainingIndexPage) -> None:
        page = TrainingPageFactory(parent=index, title="Draft", live=False)
        page.save_revision()

        send(author, page, title=TITLE)

        assert not TrainingPage.objects.get(pk=page.pk).live
        assert TITLE not in words_of(client, index.get_url())
