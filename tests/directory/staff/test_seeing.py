"""The public page as staff see it before anybody else does."""

import datetime as dt

import pytest
from django.test import Client
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from imp_wagtail.directory.models import Teacher
from tests.directory.staff.screens import address
from tests.factories import ConsentFactory, DirectoryPageFactory, TeacherFactory, registrar
from tests.participants.screens import with_permissions

pytestmark = pytest.mark.django_db


def test_a_preview_shows_an_unlisted_entry_as_it_would_look_and_says_why_nobody_sees_it(staff: Client) -> None:
    page = DirectoryPageFactory()
    teacher = TeacherFactory(name="Anna", about="Small groups.", suspended_on=dt.date(2025, 1, 1))
    response = staff.get(address("preview", teacher.pk))

    assert response.status_code == 200
    assert "Small groups." in response.text
    assert "The public sees nothing of it: suspended since 1 January 2025." in response.text
    assert staff.get(page.teacher_url(teacher)).status_code == 404


def test_a_preview_is_neither_kept_nor_indexed_whatever_was_agreed_to(staff: Client) -> None:
    DirectoryPageFactory()
    response = staff.get(address("preview", TeacherFactory(agrees_to=["indexing"]).pk))

    assert "no-store" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex, noarchive"
    assert "The public sees this page as it is." in response.text


def test_a_preview_shows_nothing_that_was_not_agreed_to(staff: Client) -> None:
    DirectoryPageFactory()
    photo = get_image_model().objects.create(title="Portrait", file=get_test_image_file())
    teacher = TeacherFactory(name="Anna", photo=photo)
    assert "Photo of Anna" not in staff.get(address("preview", teacher.pk)).text

    ConsentFactory(teacher=teacher, purpose="photo")
    assert "Photo of Anna" in staff.get(address("preview", teacher.pk)).text


def test_a_preview_is_in_the_language_of_the_page_and_not_of_who_looks(client: Client) -> None:
    DirectoryPageFactory()
    user = registrar()
    user.wagtail_userprofile = type(user).wagtail_userprofile.related.related_model(user=user)
    user.wagtail_userprofile.preferred_language = "nl"
    user.wagtail_userprofile.save()
    client.force_login(user)

    assert 'lang="en' in client.get(address("preview", TeacherFactory().pk)).text


def test_without_a_page_that_could_show_it_the_way_leads_back_with_a_word(staff: Client, teacher: Teacher) -> None:
    response = staff.get(address("preview", teacher.pk), follow=True)

    assert response.redirect_chain == [(address("edit", teacher.pk), 302)]
    assert "There is no published directory page that could show it." in response.text


def test_who_may_only_look_at_the_list_gets_no_preview(client: Client, teacher: Teacher) -> None:
    DirectoryPageFactory()
    client.force_login(with_permissions("view_teacher"))

    assert client.get(address("preview", teacher.pk)).status_code == 302
