"""Where the public finds a directory entry."""

from .models import DirectoryPage, Teacher


def public_url(teacher: Teacher) -> str | None:
    """The entry's page on the site's first published directory; ``None`` where there is none to see."""
    if not teacher.is_listed:
        return None
    page = DirectoryPage.objects.live().order_by("path").first()
    return page.teacher_url(teacher) if page and page.get_url() else None
