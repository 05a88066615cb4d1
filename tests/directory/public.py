"""The public pages of the directory, as a visitor and as a machine read them."""

import datetime as dt
import json
import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from imp_wagtail.directory.models import Purpose, Qualification, Teacher
from tests.factories import CourseFactory, EnrolmentFactory, QualificationFactory, TeacherFactory

EVERY_PURPOSE = Purpose.values[1:]


def photo() -> Image:
    return Image.objects.create(title="Photo", file=get_test_image_file(size=(20, 20)))


def rich_teacher(**values: Any) -> Teacher:
    """Everything that a page shows, several of each, and all of it agreed to."""
    teacher = TeacherFactory(**{"photo": photo(), "agrees_to": EVERY_PURPOSE, "speaks": ["nl", "en"], **values})
    CourseFactory.create_batch(2, teacher=teacher)
    for sort in Qualification.Sort:
        QualificationFactory.create_batch(2, teacher=teacher, sort=sort)
    EnrolmentFactory(participant=teacher.participant)
    teacher.participant.enrolments.update(completed_on=dt.date(2024, 12, 1), may_be_listed_on=dt.date(2024, 12, 1))
    return teacher


def queries_of(client: Client, address: str) -> int:
    """How many queries an address takes once everything is warm."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def words_of(html: str) -> str:
    """The text of a page's body in one line, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<body")[2]).split())


def nodes_of(html: str) -> dict[str, Any]:
    """The structured data of a page, by type; of several of one type the last."""
    (found,) = re.findall(r'<script type="application/ld\+json">([^<>]*)</script>', html.partition("<body")[0])
    return {node["@type"]: node for node in json.loads(found)["@graph"]}
