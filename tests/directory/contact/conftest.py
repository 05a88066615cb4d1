import pytest

from imp_wagtail.directory.models import DirectoryPage, Teacher
from tests.factories import DirectoryPageFactory, TeacherFactory

from .support import SECRET


@pytest.fixture
def page(db: None) -> DirectoryPage:
    return DirectoryPageFactory()


@pytest.fixture
def teacher(db: None) -> Teacher:
    return TeacherFactory(name="Anneke de Wildt", slug="anneke", participant__email=SECRET)
